"""Draws, choices and confirmations met by several at the same moment: one does it, the others are told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import Kind
from agencies.models import Agency, Grade, Standing
from bidding.actions import bar_agency, confirm, decline, enrol, pick
from bidding.clockwork import move_due_requests
from bidding.models import Award, Enrolment, Selection, Stage
from bidding.queries import case_entries
from bidding.rules.picking import ConfirmStep, NotShortListed, NotTheBuyersTurn, PickLate
from core.clock import database_now
from draws.clockwork import do_due_draws
from journal.awards import decide
from journal.models import Entry
from journal.stages import ContributedBefore
from marketplace import actions
from marketplace.models import Method, Request
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.lots import Play, agencies, scored, staged
from tests.bidding.test_concurrent_bids import assert_chain_holds
from tests.committed import at_once
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.usefixtures("transactional_db")


def drawing(method: str, count: int = 4, **values: object) -> Play:
    item = cast.service_item("TST-88")
    return staged(method, item, [scored(one, "85.0", Grade.B) for one in agencies(count)], **values)


def picking() -> Play:
    play = drawing(Method.CREDIT_DRAW)
    play.contribute()
    play.end_enrolment()
    play.draw_it()
    return play


def refusals(results: object) -> list[type[BaseException]]:
    return [type(one) for one in results if isinstance(one, BaseException)]  # type: ignore[attr-defined]


def awarded_as_the_file_says(play: Play) -> None:
    entries = assert_chain_holds(play.number)
    assert [e.kind for e in entries].count("award.published") == 1
    outcome = decide(play.request.method, case_entries(play.number), ruleset(play.request.ruleset).numbers)
    assert outcome.winner == play.award.winner.label


def test_two_members_of_the_buyer_pick_at_once_and_one_is_told() -> None:
    play = picking()
    first, second, _third = play.draw.result["order"][:3]
    found = at_once(
        lambda: pick(play.buyer, play.number, first, "甲选"), lambda: pick(play.buyer, play.number, second, "乙选")
    )
    assert refusals(found) == [NotTheBuyersTurn]
    assert play.kinds().count("shortlist.picked") == 1
    awarded_as_the_file_says(play)


@pytest.mark.parametrize("left", [-30, 60, 250])
def test_a_choice_at_the_last_moment_meets_two_clocks_and_there_is_one_award(left: int) -> None:
    play = picking()
    last = play.draw.result["order"][2]
    Selection.objects.filter(request=play.request).update(due_at=database_now() + timedelta(milliseconds=left))

    def choose() -> object:
        return pick(play.buyer, play.number, last, "赶在期限前")

    found = at_once(choose, move_due_requests, move_due_requests)
    late = refusals(found)
    assert set(late) <= {PickLate, NotTheBuyersTurn}
    while play.selection.stage == Stage.PICKING:
        move_due_requests()
    assert (play.award.winner.label == last) is (not late)
    assert play.kinds().count("shortlist.lapsed") == len(late)
    awarded_as_the_file_says(play)


def test_a_choice_meets_a_suspension_of_the_one_chosen() -> None:
    play = picking()
    chosen = play.draw.result["order"][0]
    agency = play.agency(chosen)

    def suspend() -> object:
        Agency.objects.filter(pk=agency.pk).update(standing=Standing.SUSPENDED)
        return bar_agency(agency.pk)

    found = at_once(lambda: pick(play.buyer, play.number, chosen, "方案完整"), suspend)
    assert set(refusals(found)) <= {NotShortListed}
    standing = Award.objects.filter(request=play.request, status__in=["standstill", "final"])
    assert not standing.filter(winner__agency=agency).exists()
    assert_chain_holds(play.number)


def test_two_regulators_contribute_at_once_and_one_is_told() -> None:
    play = drawing(Method.DRAW)
    other = cast.organisation(Kind.REGULATOR, "甘肃省审计厅")
    user = cast.person("officer@audit.example", other)
    presses: list[Callable[[], object]] = [
        lambda: play.give(play.regulator, play.officer),
        lambda: play.give(other, user),
    ]
    assert refusals(at_once(*presses)) == [ContributedBefore]
    assert play.draw.contributions.filter(identity="regulator").count() == 1


def test_two_clocks_seal_draw_and_award_five_selections_once_each() -> None:
    plays = [drawing(Method.DRAW, count=3)]
    plays += [play_of_the_same(plays[0], n) for n in range(4)]
    for play in plays:
        play.contribute()
        Request.objects.filter(pk=play.request.pk).update(enrol_until=database_now() - timedelta(seconds=1))
    plays[0].let_pass(plays[0].draw.closes_at - database_now() + timedelta(seconds=1))
    at_once(move_due_requests, move_due_requests)
    assert Entry.objects.filter(kind="draw.sealed").count() == len(plays)
    for play in plays:
        play.reveal()
    at_once(do_due_draws, do_due_draws)
    at_once(move_due_requests, move_due_requests)
    for play in plays:
        assert play.status() == "standstill"
        assert play.kinds().count("draw.drawn") == 1
        awarded_as_the_file_says(play)


def play_of_the_same(first: Play, n: int) -> Play:
    """One more request of the same market."""
    kept = draft(first.user, first.buyer, first.request.item, method=Method.DRAW, title=f"第{n}项方案编制")
    request = actions.publish(first.user, first.buyer, kept.pk)
    for one in first.agencies:
        enrol(None, one, request.number or "")
    return Play(request, first.buyer, first.user, first.regulator, first.officer, first.agencies, first.team)


def test_an_agency_confirms_and_declines_at_once_and_one_stands() -> None:
    item = cast.service_item("TST-88")
    [agency] = agencies(1)
    named = {"direct_agency": agency, "direct_price": cast.yuan("86000.00"), "direct_reason": "熟悉场地"}
    play = staged(Method.DIRECT, item, [agency], **named)
    found = at_once(
        lambda: confirm(agency.user, agency, play.number),
        lambda: decline(agency, play.number, "人员不足"),
        move_due_requests,
    )
    assert refusals(found) == [ConfirmStep]
    awards = Award.objects.filter(request=play.request).count()
    assert play.status() == ("standstill" if awards else "failed")
    assert Enrolment.objects.filter(request=play.request).count() == awards
    assert_chain_holds(play.number)
