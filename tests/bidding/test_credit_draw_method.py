"""信用择优 (R3) by the real verbs: credit noted, a long list, a short list with names, the buyer's choice and its limits."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Notice
from agencies.models import Agency, Grade, Standing
from bidding.actions import advance, bar_agency, decline_award, pick
from bidding.models import Stage
from bidding.queries import case_entries, result_of
from bidding.rules.picking import NotShortListed, NotTheBuyersTurn, NotYourPick, PickLate, PickUnexplained
from core.queries import calendar
from draws.clockwork import do_due_draws
from journal.awards import decide
from journal.lots import Entry, order
from marketplace.models import Method, Request, ServiceItem
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.lots import Play, agencies, scored, staged

pytestmark = pytest.mark.django_db
GRADES = (
    ("92.0", Grade.A),
    ("88.0", Grade.A),
    ("84.0", Grade.B),
    ("81.0", Grade.B),
    ("66.0", Grade.C),
    ("50.0", Grade.D),
)


@pytest.fixture
def six(db: None) -> list[Agency]:
    return [scored(one, *score) for one, score in zip(agencies(6), GRADES, strict=True)]


@pytest.fixture
def play(item: ServiceItem, six: list[Agency]) -> Play:
    made = staged(Method.CREDIT_DRAW, item, six)
    made.contribute()
    made.end_enrolment()
    return made


@pytest.fixture
def picking(play: Play) -> Play:
    play.draw_it()
    return play


def test_the_best_sixty_per_cent_are_drawn_with_the_tickets_of_their_grade(play: Play) -> None:
    tickets = {one["name"]: one["tickets"] for one in play.draw.sealed["list"]["entries"]}
    assert tickets == {play.label(one): n for one, n in zip(play.agencies, (4, 4, 3, 3), strict=False)}
    excluded = {one["name"]: one["reason"] for one in play.draw.sealed["list"]["excluded"]}
    assert set(excluded) == {play.label(one) for one in play.agencies[4:]}
    assert "66.0" in excluded[play.label(play.agencies[4])]
    assert "81.0" in excluded[play.label(play.agencies[4])]
    noted = {one["label"]: (one["k"], one["grade"]) for one in play.entry("credit.noted").data["scores"]}
    assert noted[play.label(play.agencies[5])] == ("50.0", "D")


def test_a_new_agency_counts_with_the_median_of_the_item_and_three_tickets(item: ServiceItem) -> None:
    scores = (("92.0", Grade.A), ("86.0", Grade.B), ("60.0", Grade.C))
    known = [scored(one, *score) for one, score in zip(agencies(3), scores, strict=True)]
    new = cast.agency("新入驻咨询有限公司")
    play = staged(Method.CREDIT_DRAW, item, [*known, new])
    play.contribute()
    play.end_enrolment()
    noted = {one["label"]: one for one in play.entry("credit.noted").data["scores"]}
    assert noted[play.label(new)] == {"label": play.label(new), "k": "86.0", "grade": "N"}
    tickets = {one["name"]: one["tickets"] for one in play.draw.sealed["list"]["entries"]}
    assert tickets[play.label(new)] == 3
    assert play.label(known[2]) not in tickets


def test_credit_is_that_of_the_close_of_enrolment(item: ServiceItem, six: list[Agency]) -> None:
    play = staged(Method.CREDIT_DRAW, item, six)
    play.end_enrolment()
    scored(six[5], "99.0", Grade.A)
    play.contribute()
    play.let_due()
    assert play.label(six[5]) not in {one["name"] for one in play.draw.sealed["list"]["entries"]}


def test_the_first_three_drawn_are_told_to_everybody_by_name_and_to_nobody_before(play: Play) -> None:
    before = "".join(str(entry.data) for entry in case_entries(play.number))
    assert all(one.uscc not in before for one in play.agencies)
    drawn = play.draw_it()
    told = play.entry("shortlist.drawn").data
    assert told["labels"] == drawn[:3]
    assert {one["uscc"] for one in told["reveals"]} == {play.agency(label).uscc for label in drawn[:3]}
    assert play.selection.stage == Stage.PICKING
    assert play.selection.due_at == calendar().add(play.entry("shortlist.drawn").at, 2)
    assert Notice.objects.filter(organisation=play.buyer, path=f"/r/{play.number}/").exists()


@pytest.mark.clause("P20.5")
def test_the_buyer_picks_any_of_the_three_and_its_reason_is_public(picking: Play) -> None:
    drawn = picking.draw.result["order"]
    pick(picking.buyer, picking.number, drawn[2], " 近三年同类项目最多 ")
    assert picking.award.winner.label == drawn[2]
    assert picking.award.amount == picking.request.ceiling
    assert picking.entry("shortlist.picked").data == {"label": drawn[2], "reason": "近三年同类项目最多"}
    outcome = decide("credit_draw", case_entries(picking.number), ruleset(picking.request.ruleset).numbers)
    assert [place.label for place in outcome.ranking] == [drawn[2], drawn[0], drawn[1], drawn[3]]
    notice = result_of(Request.objects.get(pk=picking.request.pk))
    assert notice is not None
    assert any("近三年同类项目最多" in line for line in notice["explanation"])


def test_who_is_not_drawn_is_not_picked_nor_without_a_reason_nor_by_another(picking: Play, waterworks) -> None:
    drawn = picking.draw.result["order"]
    with pytest.raises(NotShortListed):
        pick(picking.buyer, picking.number, drawn[3], "熟悉")
    with pytest.raises(PickUnexplained):
        pick(picking.buyer, picking.number, drawn[0], " \n")
    for stranger in (waterworks, picking.regulator):
        with pytest.raises(NotYourPick):
            pick(stranger, picking.number, drawn[0], "上级推荐")
    pick(picking.buyer, picking.number, drawn[1], "方案完整")
    with pytest.raises(NotTheBuyersTurn):
        pick(picking.buyer, picking.number, drawn[0], "改主意")


def test_before_the_draw_nobody_is_picked(play: Play) -> None:
    with pytest.raises(NotTheBuyersTurn):
        pick(play.buyer, play.number, play.label(play.agencies[0]), "熟悉")


def test_a_silent_buyer_gets_the_first_drawn_and_cannot_choose_any_more(picking: Play) -> None:
    drawn = picking.draw.result["order"]
    due_at = picking.selection.due_at
    picking.let_pass(due_at - picking.entry("shortlist.drawn").at + timedelta(seconds=5))
    with pytest.raises(PickLate):
        pick(picking.buyer, picking.number, drawn[2], "来晚了")
    advance(picking.number)
    assert picking.award.winner.label == drawn[0]
    assert "shortlist.lapsed" in picking.kinds()
    notice = result_of(Request.objects.get(pk=picking.request.pk))
    assert notice is not None
    assert any("未在期限内择定" in line for line in notice["explanation"])


@pytest.mark.clause("P20.9")
def test_who_is_barred_while_the_buyer_chooses_is_not_picked_and_not_followed(picking: Play) -> None:
    drawn = picking.draw.result["order"]
    suspend(picking.agency(drawn[0]))
    with pytest.raises(NotShortListed):
        pick(picking.buyer, picking.number, drawn[0], "方案完整")
    picking.let_due()
    assert picking.award.winner.label == drawn[1]


def test_who_is_barred_before_the_short_list_is_not_on_it(play: Play) -> None:
    play.reveal()
    do_due_draws()
    drawn = play.draw.result["order"]
    suspend(play.agency(drawn[1]))
    advance(play.number)
    assert play.entry("shortlist.drawn").data["labels"] == [drawn[0], drawn[2], drawn[3]]


def test_if_the_whole_short_list_is_barred_it_fails(picking: Play) -> None:
    for label in picking.draw.result["order"][:3]:
        suspend(picking.agency(label))
    picking.let_due()
    assert picking.status() == "failed"
    assert picking.entry("selection.failed").data["reason"] == "nobody_left"


def test_a_winner_that_declines_makes_way_in_the_order_drawn(picking: Play) -> None:
    drawn = picking.draw.result["order"]
    pick(picking.buyer, picking.number, drawn[1], "方案完整")
    decline_award(picking.agency(drawn[1]).organisation, picking.number, "人员不足")
    assert picking.request.awards.get(status="standstill").winner.label == drawn[0]


def test_grades_weigh_in_who_comes_first(play: Play) -> None:
    """Not the draw's own fairness, which has its tests: that the tickets of the grades are what is drawn with."""
    listed = [Entry(one["name"], one["tickets"]) for one in play.draw.sealed["list"]["entries"]]
    first = Counter(order(bytes([n % 256, n // 256]) * 16, listed)[0] for n in range(4000))
    best = play.label(play.agencies[0])
    assert abs(first[best] / 4000 - 4 / 14) < 0.03


def suspend(agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(standing=Standing.SUSPENDED)
    bar_agency(agency.pk)
