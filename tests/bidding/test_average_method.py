"""均价 (R3) from publication to award: prices sealed, the factor's draw sealed before they open, and made after it."""

from datetime import timedelta
from fractions import Fraction

import pytest

from agencies.models import Standing
from bidding.actions import advance
from bidding.methods import strategy_for
from bidding.methods.average import exactly
from bidding.models import AwardStatus, PriceOpening, Stage
from bidding.queries import case_entries, result_of
from bidding.rules.offers import OffersWait
from draws.models import Draw
from journal.awards import average, decide
from marketplace.models import Method, RequestStatus
from marketplace.rulesets import ruleset
from tests.bidding import lots, sealing, valuing
from tests.bidding.valuing import Valued

pytestmark = pytest.mark.clause("R3", "R4", "R6")
NUMBERS = ruleset("2026-12")


@pytest.fixture
def five(item) -> Valued:
    """Five entrants with prices of which one is far off; everybody has contributed."""
    play = valuing.averaged(item, lots.agencies(5))
    play.price("80000.00", "81000.00", "82000.00", "83000.00", "20000.00")
    play.contribute()
    return play


def test_the_draw_of_the_factor_opens_with_the_notice_and_wants_buyer_and_regulator(item):
    play = valuing.averaged(item, lots.agencies(1))
    assert play.draw.name.endswith("-F")
    assert play.draw.compulsory == ["buyer", "platform", "regulator"]
    assert play.draw.closes_at == play.request.enrol_until


def test_the_nearest_to_the_mean_times_the_factor_wins(five):
    five.end_enrolment()
    five.open_prices()
    five.reveal()
    order = five.make_draw()
    assert five.status() == RequestStatus.STANDSTILL
    mark = Fraction(8_150_000) * int(order[0]) / 1000
    prices = {five.label(agency): amount for agency, amount in zip(five.agencies, (80, 81, 82, 83), strict=False)}
    below = [label for label, amount in prices.items() if amount * 100_000 <= mark]
    best = max(below, key=prices.__getitem__) if below else min(prices, key=prices.__getitem__)
    assert five.award.winner.label == best
    assert five.award.amount == prices[best] * 100_000


def test_it_is_sealed_opened_and_drawn_in_this_order(five):
    five.end_enrolment()
    five.open_prices()
    five.reveal()
    five.make_draw()
    kinds = five.kinds()
    order = ["offers.closed", "draw.sealed", "offers.opened", "draw.drawn", "selection.closed", "award.published"]
    assert [kinds.index(kind) for kind in order] == sorted(kinds.index(kind) for kind in order)
    sealed = five.entry("draw.sealed").data["list"]
    assert sealed["entries"] == [
        {"name": name, "tickets": 1} for name in sorted(map(str, (950, 960, 970, 980, 990, 1000)))
    ]
    assert sealed["excluded"] == []


def test_the_platforms_own_bytes_stay_shut_until_the_prices_are_open(five):
    five.end_enrolment()
    five.reveal()
    shut = five.draw.contributions.filter(opened_at__isnull=True).values_list("identity", flat=True)
    assert list(shut) == ["platform"]
    assert "draw.drawn" not in five.kinds()
    five.open_prices()
    assert not five.draw.contributions.filter(opened_at__isnull=True).exists()
    five.make_draw()
    assert five.status() == RequestStatus.STANDSTILL


def test_trustees_who_open_the_factor_before_the_prices_change_nothing(five):
    five.end_enrolment()
    lots.let_pass(timedelta(minutes=11))
    five.team.open(five.draw, 0, 1, 2)
    assert five.draw.contributions.filter(forced=True).count() == 3
    valuing.do_due_draws()
    assert five.request.selection.stage == Stage.OPENING
    five.open_prices()
    assert five.status() == RequestStatus.STANDSTILL


def test_prices_wait_for_a_missing_contribution(item):
    play = valuing.averaged(item, lots.agencies(5))
    play.price("80000.00", "81000.00", "82000.00", "83000.00", "84000.00")
    play.contribute("buyer")
    play.end_enrolment()
    assert play.selection.stage == Stage.DRAWING
    assert "draw.extended" in play.kinds()
    with pytest.raises(OffersWait):
        sealing.give_shares(bytes.fromhex(PriceOpening.objects.get().trustees["keys"][0]), play.number, {})
    assert sealing.everything_for(bytes.fromhex(PriceOpening.objects.get().trustees["keys"][0])) == []
    play.contribute("regulator")
    play.let_due()
    assert play.selection.stage == Stage.OPENING
    play.open_prices()
    play.reveal()
    play.make_draw()
    assert play.status() == RequestStatus.STANDSTILL


@pytest.mark.parametrize("count", [2, 4])
def test_fewer_than_five_extend_once_and_then_fail_whoever_pays(item, river_bureau, count):
    play = valuing.averaged(item, lots.agencies(count), buyer=river_bureau)
    play.contribute()
    play.end_enrolment()
    assert play.status() == RequestStatus.PUBLISHED
    assert play.draw.closes_at == play.request.enrol_until
    play.end_enrolment()
    assert play.status() == RequestStatus.FAILED
    assert play.entry("selection.failed").data["reason"] == "too_few_entrants"


def test_without_a_price_it_fails_and_nothing_is_drawn(item):
    play = valuing.averaged(item, lots.agencies(5))
    play.contribute()
    play.end_enrolment()
    assert play.status() == RequestStatus.FAILED
    assert play.entry("selection.failed").data["reason"] == "no_bids"
    assert "draw.sealed" not in play.kinds()
    notice = result_of(play.request)
    assert notice is not None
    assert "没有有效报价" in notice["explanation"][0]


def test_equal_nearest_prices_are_drawn(item):
    play = valuing.averaged(item, lots.agencies(5))
    play.price(*["80000.00"] * 5)
    play.contribute()
    play.end_enrolment()
    play.open_prices()
    play.reveal()
    play.make_draw()
    assert play.status() == RequestStatus.SELECTING
    tie = Draw.objects.get(name=f"{play.number}-T1")
    assert play.selection.waits_for_id == tie.pk or play.selection.due_at == tie.closes_at


def test_who_is_barred_before_the_draw_is_neither_in_the_mean_nor_selected(five):
    five.end_enrolment()
    five.open_prices()
    gone = five.agencies[3]
    gone.standing = Standing.SUSPENDED
    gone.save(update_fields=["standing"])
    five.reveal()
    five.make_draw()
    outcome = decide("average", case_entries(five.number), NUMBERS.numbers)
    assert five.label(gone) not in outcome.facts["valid"]
    assert outcome.facts["mean"] == 8_100_000
    assert five.award.winner.agency != gone


def test_the_next_nearest_follows_a_winner_who_declines(five):
    five.end_enrolment()
    five.open_prices()
    five.reveal()
    five.make_draw()
    outcome = decide("average", case_entries(five.number), NUMBERS.numbers)
    first = five.award
    from bidding.actions import decline_award

    decline_award(first.winner.agency.organisation, five.number, "人员冲突")
    following = five.request.awards.exclude(pk=first.pk).get()
    first.refresh_from_db()
    assert first.status == AwardStatus.DECLINED
    assert following.winner.label == outcome.ranking[1].label


def test_two_clocks_decide_once(five):
    five.end_enrolment()
    five.open_prices()
    five.reveal()
    five.make_draw()
    assert advance(five.number) == 0
    assert five.kinds().count("award.published") == 1


def test_the_notice_explains_every_number(five):
    five.end_enrolment()
    five.open_prices()
    five.reveal()
    order = five.make_draw()
    outcome = decide("average", case_entries(five.number), NUMBERS.numbers)
    said = "\n".join(strategy_for(Method.AVERAGE).explain(outcome))
    for number in ("¥81,000.00", "¥1,000.00", "¥4,447.80", "¥20,000.00", "¥81,500.00", f"{int(order[0]) / 1000:.2f}"):
        assert number in said
    assert exactly(outcome.facts["benchmark"]) in said
    assert average.kept(outcome.facts["valid"], NUMBERS.numbers["average"]).keys() == {
        place.label for place in outcome.ranking
    }
