"""The demo's stage selects by mean and by merit too, and its invented parties carry both to their awards."""

from datetime import timedelta
from random import Random

from django.db.models import F, QuerySet

import pytest

from bidding.actions import advance, open_due_offers
from bidding.clockwork import move_due_requests
from bidding.models import Expert, Plan, Selection, Stage
from bidding.queries import case_entries
from demo import contributors, roles, sealed, stage, trustees, valued
from draws.clockwork import do_due_draws
from journal.awards import decide
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import ruleset
from tests.draws.ceremony import let_pass


@pytest.fixture
def running(year: int) -> dict[str, Request]:
    """One request of each, with everybody there whom the stage knows, just after its deadline."""
    valued.step(Random(5))
    valued.step(Random(6))
    found = {one.method: one for one in Request.objects.filter(ruleset=stage.NEXT, method__in=valued.METHODS)}
    assert Request.objects.filter(ruleset=stage.NEXT, method__in=valued.METHODS).count() == 2, "one at a time"
    assert contributors.contribute_due() == 4
    for one in found.values():
        stage.fill(one, everybody=True)
    # Published long ago: nearly all of its time is over, and what is left is enough for a slow machine.
    ours().update(published_at=F("published_at") - timedelta(minutes=30))
    sealed.seal_due()
    valued.send_plans()
    pass_by(timedelta(seconds=76))
    return found


def ours() -> QuerySet[Request]:
    return Request.objects.filter(ruleset=stage.NEXT, method__in=valued.METHODS)


def pass_by(by: timedelta) -> None:
    let_pass(by)
    ours().update(
        enrol_until=F("enrol_until") - by, published_at=F("published_at") - by, selects_at=F("selects_at") - by
    )
    Selection.objects.filter(request__in=ours(), due_at__isnull=False).update(due_at=F("due_at") - by)


def award_follows(request: Request) -> None:
    request.refresh_from_db()
    assert request.status == RequestStatus.STANDSTILL
    outcome = decide(request.method, case_entries(request.number or ""), ruleset(request.ruleset).numbers)
    assert outcome.winner == request.awards.get().winner.label


def test_both_reach_their_awards_with_nobody_there(
    running: dict[str, Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    mean, merit = running[Method.AVERAGE], running[Method.MERIT]
    move_due_requests()
    trustees.open_due()
    assert open_due_offers() == 1, "the prices of the other wait for the experts"
    contributors.reveal_due()
    assert do_due_draws() == 2
    move_due_requests()
    award_follows(mean)
    assert Selection.objects.get(request=merit).stage == Stage.SCORING
    assert valued.mark_due() == 0, "they read first"
    monkeypatch.setattr(valued, "_THINKS", timedelta(0))
    monkeypatch.setattr(valued, "_LEAVES_IT", timedelta(0))
    assert valued.mark_due() == 3
    assert valued.mark_due() == 0
    trustees.open_due()
    assert open_due_offers() == 1
    advance(merit.number or "")
    award_follows(merit)


def test_the_pool_has_the_visitor_in_it_and_a_plan_is_never_sent_for_the_visitor(running: dict[str, Request]) -> None:
    assert Expert.objects.count() == valued.EXPERTS + 1
    assert Expert.objects.filter(user__email=roles.email("enterprise")).exists()
    assert not Plan.objects.filter(
        enrolment__agency__organisation__memberships__user__email=roles.email("agency")
    ).exists()
    assert Plan.objects.count() >= 3


def test_plans_are_few_files_however_many_there_are(running: dict[str, Request]) -> None:
    assert 0 < Plan.objects.values("file").distinct().count() <= 4 < Plan.objects.count()
