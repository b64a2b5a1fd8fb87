"""Experts, entrants and clocks at the same moment: both experts' marks are kept, twice is told, late is late, once is once."""

from datetime import timedelta

import pytest

from agencies.models import Grade
from bidding.actions import give_marks, open_due_offers, recuse, submit_plan
from bidding.clockwork import move_due_requests
from bidding.experts import sitting, waited_for
from bidding.models import Gone, Seat, Selection, Stage
from bidding.queries import case_entries
from bidding.rules.marking import MarksGiven, MarksLate, NotAnExpertHere
from bidding.rules.plans import PlansClosed
from core.clock import database_now
from draws.clockwork import do_due_draws
from journal.awards import decide
from marketplace.models import Request, RequestStatus
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding import lots, sealing, valuing
from tests.bidding.test_concurrent_bids import assert_chain_holds
from tests.bidding.valuing import ByMerit, Valued
from tests.committed import at_once

pytestmark = pytest.mark.usefixtures("transactional_db")


def scoring() -> ByMerit:
    """Three entrants with plans and prices; the experts have been drawn."""
    valuing.pool(5)
    agencies = [lots.scored(one, "85.0", Grade.B) for one in lots.agencies(3)]
    play = valuing.by_merit(cast.service_item("TST-77"), agencies)
    play.price("80000.00", "70000.00", "60000.00")
    play.plan()
    play.seat_experts()
    return play


def refusals(results: object) -> list[type[BaseException]]:
    return [type(one) for one in results if isinstance(one, BaseException)]  # type: ignore[attr-defined]


def awarded_as_the_file_says(play: Valued) -> None:
    entries = assert_chain_holds(play.number)
    assert [e.kind for e in entries].count("award.published") == 1
    outcome = decide(play.request.method, case_entries(play.number), ruleset(play.request.ruleset).numbers)
    assert outcome.winner == play.award.winner.label


def test_experts_at_the_same_moment_are_all_kept_and_the_marks_published_once() -> None:
    play = scoring()
    sheet = play.sheet()
    found = at_once(
        *(lambda seat=seat: give_marks(seat.expert.user, play.number, sheet) for seat in sitting(play.request))
    )
    assert refusals(found) == []
    assert play.kinds().count("marks.given") == 3
    assert play.kinds().count("marks.published") == 1
    assert play.selection.stage == Stage.OPENING
    play.open_prices()
    awarded_as_the_file_says(play)


def test_the_same_expert_twice_at_the_same_moment_is_told() -> None:
    play = scoring()
    user = sitting(play.request)[0].expert.user
    first, second = play.sheet(10), play.sheet(90)
    found = at_once(lambda: give_marks(user, play.number, first), lambda: give_marks(user, play.number, second))
    assert refusals(found) == [MarksGiven]
    assert play.kinds().count("marks.given") == 1


def test_marks_and_a_conflict_of_the_same_expert_exclude_each_other() -> None:
    play = scoring()
    user, sheet = sitting(play.request)[0].expert.user, play.sheet()
    found = at_once(lambda: give_marks(user, play.number, sheet), lambda: recuse(user, play.number))
    assert len(refusals(found)) == 1
    assert set(refusals(found)) <= {MarksGiven, NotAnExpertHere}
    kinds = play.kinds()
    assert kinds.count("marks.given") + kinds.count("expert.recused") == 1
    assert len(sitting(play.request)) == 3


@pytest.mark.parametrize("left", [-20, 80, 250])
def test_a_mark_at_the_last_moment_meets_two_clocks_that_would_replace_its_expert(left: int) -> None:
    play = scoring()
    late, *others = sitting(play.request)
    for seat in others:
        play.mark(seat)
    due_at = database_now() + timedelta(milliseconds=left)
    Seat.objects.filter(pk=late.pk).update(due_at=due_at)
    Selection.objects.filter(request=play.request).update(due_at=due_at)
    sheet = play.sheet()
    found = at_once(lambda: give_marks(late.expert.user, play.number, sheet), move_due_requests, move_due_requests)
    assert set(refusals(found)) <= {MarksLate, NotAnExpertHere}
    kept = not refusals(found)
    while not kept and play.kinds().count("expert.replaced") == 0:
        move_due_requests()
    kinds = play.kinds()
    late.refresh_from_db()
    assert (late.given_at is not None) == kept
    assert kinds.count("expert.replaced") == (0 if kept else 1)
    assert kinds.count("marks.published") == (1 if kept else 0)
    if not kept:
        assert late.ended_because == Gone.SILENT
        [following] = waited_for(sitting(play.request))
        play.mark(following)
    play.open_prices()
    awarded_as_the_file_says(play)


def test_two_clocks_seal_draw_and_open_once() -> None:
    agencies = lots.agencies(5)
    play = valuing.averaged(cast.service_item("TST-78"), agencies)
    play.price("80000.00", "81000.00", "82000.00", "83000.00", "84000.00")
    play.contribute()
    sealing.pass_deadline(play.request)
    lots.let_pass(timedelta(days=30))
    assert refusals(at_once(move_due_requests, move_due_requests)) == []
    assert play.kinds().count("draw.sealed") == 1
    sealing.share(play.team, play.request, 0, 1, 2)
    assert refusals(at_once(open_due_offers, open_due_offers)) == []
    play.reveal()
    assert refusals(at_once(do_due_draws, do_due_draws)) == []
    assert refusals(at_once(move_due_requests, move_due_requests)) == []
    kinds = play.kinds()
    assert [kinds.count(kind) for kind in ("offers.closed", "offers.opened", "draw.drawn", "selection.closed")] == [
        1
    ] * 4
    assert play.status() == RequestStatus.STANDSTILL
    awarded_as_the_file_says(play)


@pytest.mark.parametrize("left", [-20, 60])
def test_a_plan_at_the_deadline_is_in_the_list_that_was_closed_or_refused(left: int) -> None:
    valuing.pool(3)
    play = valuing.by_merit(cast.service_item("TST-79"), lots.agencies(2))
    play.price("80000.00", "70000.00")
    play.plan()
    play.contribute()
    lots.let_pass(timedelta(days=30))
    Request.objects.filter(pk=play.request.pk).update(enrol_until=database_now() + timedelta(milliseconds=left))
    upload = valuing.docx("赶在截止前的第二稿")
    found = at_once(
        lambda: submit_plan(None, play.agencies[0], play.number, upload), move_due_requests, move_due_requests
    )
    assert set(refusals(found)) <= {PlansClosed}
    while play.kinds().count("plans.closed") == 0:
        move_due_requests()
    closed = {one["label"]: one["sha256"] for one in play.entry("plans.closed").data["plans"]}
    sent = [e.data for e in case_entries(play.number) if e.kind == "plan.submitted"]
    last = {one["label"]: one["sha256"] for one in sent}
    assert closed == last
    assert len(sent) == (2 if refusals(found) else 3)
