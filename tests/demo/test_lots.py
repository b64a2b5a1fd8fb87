"""The demo's stage holds selections without an auction too, and its invented parties carry them to their awards."""

import random
from datetime import timedelta

from django.db.models import F

import pytest

from bidding.clockwork import move_due_requests
from bidding.models import Award, Selection, Stage
from bidding.queries import case_entries
from core.clock import database_now
from demo import contributors, lots, stage
from demo.roles import email, person_behind
from draws.clockwork import do_due_draws
from draws.models import Contribution
from journal.awards import decide
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import Method, Request, ServiceItem
from marketplace.rulesets import ruleset
from tests.draws.ceremony import let_pass
from tests.marketplace.drafts import draft


@pytest.fixture
def running(year: int) -> list[Request]:
    """One request of each kind, published by the stage."""
    lots.keep_going(random.Random(5))
    found = Request.objects.filter(demo=True, ruleset=stage.NEXT, method__in=lots.METHODS)
    return sorted(found, key=lambda one: one.method)


def pass_by(requests: list[Request], by: timedelta) -> None:
    let_pass(by)
    pks = [one.pk for one in requests]
    Request.objects.filter(pk__in=pks).update(enrol_until=F("enrol_until") - by, published_at=F("published_at") - by)
    Selection.objects.filter(request__in=pks, due_at__isnull=False).update(due_at=F("due_at") - by)


def test_one_of_each_is_on_stage_and_reaches_its_award_by_itself(running: list[Request], monkeypatch) -> None:
    assert [one.method for one in running] == ["credit_draw", "direct", "draw"]
    lots.keep_going(random.Random(6))
    assert Request.objects.filter(ruleset=stage.NEXT, method__in=lots.METHODS).count() == 3, "one at a time"
    assert contributors.contribute_due() == 4
    assert contributors.contribute_due() == 0
    for one in running:
        if one.method != Method.DIRECT:
            stage.fill(one, everybody=True)
    pass_by(running, timedelta(seconds=80))
    move_due_requests()
    assert Selection.objects.get(request=running[1]).stage == Stage.CONFIRMING
    assert contributors.reveal_due() == 4
    assert do_due_draws() == 2
    move_due_requests()
    assert lots.answer_due(random.Random(7)) == 0, "they think about it first"
    monkeypatch.setattr(lots, "_THINKS", timedelta(0))
    monkeypatch.setattr(lots, "_LEAVES_IT", timedelta(0))
    assert lots.answer_due(random.Random(7)) == 2
    for one in running:
        award = Award.objects.get(request=one)
        outcome = decide(one.method, case_entries(one.number or ""), ruleset(one.ruleset).numbers)
        assert (outcome.winner, outcome.amount) == (award.winner.label, award.amount)
    assert entries_of(running[0].number or "").filter(kind="shortlist.picked").exists()
    assert entries_of(running[1].number or "").filter(kind="choice.recorded").exists()


def test_a_visitor_has_half_the_time_to_contribute_for_its_own_request(year: int) -> None:
    visitor = person_behind("enterprise")
    assert visitor is not None
    buyer = visitor.memberships.get().organisation
    kept = draft(visitor, buyer, ServiceItem.objects.get(code="WAT-01"), method=Method.DRAW, title="访客自己的方案编制")
    mine = actions.publish(visitor, buyer, kept.pk)
    assert contributors.contribute_due() == 0
    assert mine.enrol_until is not None
    let_pass((mine.enrol_until - database_now()) * 0.6)
    assert contributors.contribute_due() == 2
    given = Contribution.objects.filter(draw__name=f"{mine.number}-D").values_list("identity", flat=True)
    assert set(given) == {"platform", "buyer", "regulator"}
    assert visitor.email == email("enterprise")
