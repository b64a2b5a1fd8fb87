"""综合比选 (R3) from publication to award: the notice's weights, and price, quality and credit together."""

from django.db import DatabaseError, transaction

import pytest

from agencies.models import Grade, Standing
from bidding.actions import enrol
from bidding.experts import sitting
from bidding.methods import strategy_for
from bidding.models import Stage
from bidding.queries import case_entries
from bidding.rules.marking import (
    ExpertsMissing,
)
from core.clock import database_now
from journal.actions import open_case
from journal.awards import decide
from journal.models import Case
from marketplace import actions
from marketplace.models import Method, Request, RequestStatus
from marketplace.rules import PolicyRefused
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding import lots, valuing
from tests.bidding.valuing import ByMerit
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.clause("R3")
NUMBERS = ruleset("2026-12")


@pytest.fixture
def three(item) -> ByMerit:
    """Three entrants with plan and price, five experts in the pool."""
    valuing.pool(5)
    agencies = lots.agencies(3)
    for agency, k in zip(agencies, ("90.0", "80.0", "70.0"), strict=True):
        lots.scored(agency, k, Grade.B)
    play = valuing.by_merit(item, agencies)
    play.price("80000.00", "70000.00", "60000.00")
    play.plan()
    return play


def test_a_notice_says_how_it_weighs_and_opens_the_draw_of_experts(item):
    valuing.pool(3)
    play = valuing.by_merit(item, [], weight_price=45, weight_quality=45, weight_credit=10)
    assert play.entry("request.published").data["weights"] == {"price": 45, "quality": 45, "credit": 10}
    assert play.draw.name.endswith("-E")
    assert play.draw.closes_at == play.request.enrol_until


def test_without_a_word_it_weighs_as_the_rule_set_proposes(item):
    valuing.pool(3)
    play = valuing.by_merit(item, [])
    assert play.request.weights == {"price": 50, "quality": 40, "credit": 10}


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ((50, 40, 9), "P_WEIGHTS_SUM"),
        ((39, 51, 10), "P_WEIGHT_PRICE"),
        ((44, 40, 16), "P_WEIGHT_CREDIT"),
        ((50, None, 10), "P_WEIGHTS_MISSING"),
    ],
)
def test_weights_beyond_the_bounds_are_refused(item, river_bureau, river_officer, weights, code):
    names = ("weight_price", "weight_quality", "weight_credit")
    kept = draft(river_officer, river_bureau, item, method=Method.MERIT, **dict(zip(names, weights, strict=True)))
    with pytest.raises(PolicyRefused) as refused:
        actions.publish(river_officer, river_bureau, kept.pk)
    assert code in {one["code"] for one in refused.value.facts["findings"]}


def test_an_enterprise_may_weigh_the_price_lower_than_public_money(item, waterworks, waterworks_user):
    valuing.pool(3)
    play = valuing.by_merit(item, [], weight_price=20, weight_quality=70, weight_credit=10)
    assert play.status() == RequestStatus.PUBLISHED


def test_the_database_refuses_weights_that_are_not_a_whole(item, waterworks, waterworks_user):
    kept = draft(waterworks_user, waterworks, item, method=Method.MERIT, weight_price=51)
    fields = {"status": RequestStatus.CANCELLED, "number": "GS-2026-999999", "ruleset": NUMBERS.id}
    moment = database_now()
    with pytest.raises(DatabaseError, match="merit_alone_weighs"), transaction.atomic():
        Request.objects.filter(pk=kept.pk).update(
            **fields, case=cast_case("GS-2026-999999"), published_at=moment, enrol_until=moment
        )


def test_weights_stay_as_they_were_published(three):
    with pytest.raises(DatabaseError, match="weights_fixed_at_publication"), transaction.atomic():
        Request.objects.filter(pk=three.request.pk).update(weight_price=60, weight_quality=30)


def test_without_enough_experts_for_the_item_nothing_is_published(item, waterworks, waterworks_user):
    other = cast.service_item("TST-02")
    valuing.pool(2, item)
    valuing.pool(2, other, name="另{n}院")
    kept = draft(waterworks_user, waterworks, item, method=Method.MERIT)
    lots.Team.of(3)
    with pytest.raises(ExpertsMissing) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert (refused.value.facts["needed"], refused.value.facts["there"]) == (3, 2)


def test_price_quality_and_credit_decide_together(three):
    a, b, c = (three.label(agency) for agency in three.agencies)
    first, second, third = three.seat_experts()
    three.mark(first, {a: 95, b: 60, c: 20})
    three.mark(second, {a: 90, b: 70, c: 30})
    three.mark(third, {a: 40, b: 65, c: 25})
    three.open_prices()
    outcome = decide("merit", case_entries(three.number), NUMBERS.numbers)
    # 50·60/80 + 40·0.90 + 10·0.90; 50·60/70 + 40·0.65 + 10·0.80; 50 + 40·0.25 + 10·0.70
    assert outcome.facts["quality"] == {a: 90, b: 65, c: 25}
    assert outcome.facts["scores"] == {a: 82.5, b: pytest.approx(76.857142857), c: 67}
    assert three.award.winner.label == a
    assert three.award.amount == 80_000_00
    said = "\n".join(strategy_for(Method.MERIT).explain(outcome))
    for words in ("82.5000", "¥60,000.00", "50 × 最低报价", "3 名专家", "76.8571"):
        assert words in said


def test_the_credit_noted_at_the_close_counts_whatever_comes_after(three):
    sat = three.seat_experts()
    lots.scored(three.agencies[0], "10.0", Grade.D)
    for seat in sat:
        three.mark(seat)
    three.open_prices()
    outcome = decide("merit", case_entries(three.number), NUMBERS.numbers)
    assert outcome.facts["credit"][three.label(three.agencies[0])] == 90


def test_a_price_without_a_plan_cannot_win_and_is_no_measure(item):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(3))
    play.price("80000.00", "70000.00", "10000.00")
    play.plan(play.agencies[0], play.agencies[1])
    for seat in play.seat_experts():
        play.mark(seat)
    play.open_prices()
    outcome = decide("merit", case_entries(play.number), NUMBERS.numbers)
    assert outcome.facts["lowest"] == 70_000_00
    assert outcome.facts["unmarked"] == [play.label(play.agencies[2])]
    assert play.award.winner.agency == play.agencies[1]


def test_equal_scores_go_to_the_lower_price_and_equal_prices_to_a_draw(item):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(2))
    play.price("80000.00", "80000.00")
    play.plan()
    for seat in play.seat_experts():
        play.mark(seat, 80)
    play.open_prices()
    assert play.selection.stage == Stage.DRAWING
    assert valuing.Draw.objects.filter(name=f"{play.number}-T1").exists()


@pytest.mark.parametrize("when", ["drawing", "scoring", "opening"])
def test_who_is_barred_at_any_stage_does_not_win(three, when):
    gone = three.agencies[0]

    def bar() -> None:
        gone.standing = Standing.SUSPENDED
        gone.save(update_fields=["standing"])
        valuing.lots.advance(three.number)

    three.contribute()
    three.end_enrolment()
    if when == "drawing":
        bar()
    three.reveal()
    three.make_draw()
    if when == "scoring":
        bar()
    for seat in sitting(three.request):
        three.mark(seat, 90)
    if when == "opening":
        bar()
    three.open_prices()
    assert three.status() == RequestStatus.STANDSTILL
    assert three.award.winner.agency != gone


def test_public_money_needs_three_entrants(item, river_bureau):
    valuing.pool(3)
    play = valuing.by_merit(item, lots.agencies(1), buyer=river_bureau)
    play.contribute()
    play.end_enrolment()
    assert play.status() == RequestStatus.PUBLISHED
    enrol(None, cast_offering(item), play.number)
    play.end_enrolment()
    assert "request.noted" in play.kinds()  # two go on, with a note to the regulator


def cast_case(name):
    with transaction.atomic():
        open_case(name)
    return Case.objects.get(name=name)


def cast_offering(item):
    agency = cast.agency("补报咨询有限公司")
    cast.offers(item, agency)
    return agency
