"""What credit puts on the desks of agencies and officers, and that every act and status has a name."""

import pytest

from core.clock import database_now
from ratings.actions.credit import decide_objection, object_to_act
from ratings.rules.conduct import ActStatus
from ratings.rulesets import credit_rules
from ratings.tasks.credit import tasks_of
from ratings.wording import ACTS, STATUSES, TIERS
from tests.ratings import acting


@pytest.mark.django_db
def test_who_may_object_or_has_to_answer_is_told(swift_agency, regulator, waterworks):
    body = regulator.memberships.get().organisation

    def waiting(organisation):
        return [task.due_at for task in tasks_of(organisation, database_now())]

    acting.note(swift_agency, "unsigned", "0")
    assert waiting(swift_agency.organisation) == waiting(body) == waiting(waterworks) == []
    act = acting.note(swift_agency, "unsigned", "1", decided=False)
    assert (waiting(swift_agency.organisation), waiting(body)) == ([act.counts_from], [])
    event = object_to_act(swift_agency.user, swift_agency.organisation, act.pk, "不服")
    assert (waiting(swift_agency.organisation), waiting(body)) == ([], [event.due_at])
    decide_objection(regulator, body, act.pk, "维持", upheld=False)
    assert waiting(swift_agency.organisation) == waiting(body) == []


def test_every_act_tier_and_status_has_a_name():
    rules = credit_rules().conduct
    assert (set(ACTS), set(TIERS), set(STATUSES)) == (set(rules.acts), set(rules.tiers), set(ActStatus))
