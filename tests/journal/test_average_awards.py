"""均价 recomputed from case files alone: against a naive reading of R3, and against what was made up."""

from decimal import Decimal, getcontext
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.awards import decide
from journal.awards.average import benchmark, factor_names, kept
from journal.awards.outcome import CaseEntry, RecordUnfit
from marketplace.rulesets import ruleset
from tests.journal.records import HeldDraw, case, notice, opened

pytestmark = pytest.mark.clause("R3", "I8")
NUMBERS = ruleset("2026-12").numbers
WAY = NUMBERS["average"]
FACTORS = dict.fromkeys(factor_names(WAY), 1)

prices = st.dictionaries(
    st.sampled_from("甲乙丙丁戊己庚辛壬癸"),
    st.one_of(st.integers(1, 10_000_000), st.integers(7_999_000, 8_001_000)),
    min_size=1,
)


@cache
def of_factors(luck: int) -> HeldDraw:
    return HeldDraw("GS-1-F", FACTORS, luck)


def record(
    found: dict[str, int], luck: int = 0, *, sealed_late: bool = False, tickets: dict[str, int] | None = None
) -> list[CaseEntry]:
    draw = HeldDraw("GS-1-F", tickets, luck) if tickets else of_factors(luck)
    before, after = ([], draw.sealing()) if sealed_late else (draw.sealing(), [])
    return case(notice(), *draw.opening(), *before, opened(found), *after, *draw.making())


def naive(found: dict[str, int], permille: int) -> tuple[set[str], Decimal, set[str]]:
    """R3 in decimals of 60 places: who counts, the benchmark, and who is nearest."""
    getcontext().prec = 60
    middle = _median([Decimal(one) for one in found.values()])
    far = {label: abs(price - middle) for label, price in found.items()}
    mad = _median(list(far.values()))
    counts = {label for label in found if far[label] <= 3 * Decimal("1.4826") * mad}
    if len(counts) < 3:
        third = sorted(far.values())[: min(3, len(far))][-1]
        counts = {label for label in found if far[label] <= third}
    mark = Decimal(sum(found[label] for label in counts)) * permille / (1000 * len(counts))
    below = {label for label in counts if found[label] <= mark}
    best = max(found[label] for label in below) if below else min(found[label] for label in counts)
    return counts, mark, {label for label in counts if found[label] == best}


def _median(values: list[Decimal]) -> Decimal:
    values.sort()
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


@settings(max_examples=60, deadline=None)
@given(prices, st.integers(0, 5))
def test_it_agrees_with_a_naive_reading_of_the_rule(found, luck):
    entries = record(found, luck)
    outcome = decide("average", entries, NUMBERS)
    permille = outcome.facts["factor_permille"]
    counts, mark, nearest = naive(found, permille)
    assert {place.label for place in outcome.ranking} == counts
    assert abs(Fraction(mark) - outcome.facts["benchmark"]) < Fraction(1, 10**40)
    assert outcome.facts["dropped"].keys() == found.keys() - counts
    if len(nearest) == 1:
        assert (outcome.winner, outcome.amount) == (*nearest, found[outcome.winner])
    else:
        assert (outcome.winner, set(outcome.tied)) == (None, nearest)


@settings(max_examples=200, deadline=None)
@given(prices)
def test_at_least_three_stay_and_the_median_never_goes(found):
    rest = kept(found, WAY)
    assert len(rest) >= min(3, len(found))
    if len(found) % 2:
        assert sorted(found.values())[len(found) // 2] in rest.values()


@settings(max_examples=100, deadline=None)
@given(prices, st.integers(2, 50))
def test_prices_in_another_unit_give_the_same_order(found, times):
    larger = {label: price * times for label, price in found.items()}
    assert kept(larger, WAY).keys() == kept(found, WAY).keys()
    assert benchmark(kept(larger, WAY), 970) == times * benchmark(kept(found, WAY), 970)


def test_the_arithmetic_is_exact():
    outcome = decide("average", record({"甲": 100, "乙": 100, "丙": 101}), NUMBERS)
    assert outcome.facts["mean"] == Fraction(301, 3)


def test_a_price_at_the_benchmark_is_at_or_below_it():
    found = {"甲": 1000, "乙": 980, "丙": 960, "丁": 1020, "戊": 1040}
    draws = [record(found, luck) for luck in range(40)]
    outcome = next(o for o in (decide("average", one, NUMBERS) for one in draws) if o.facts["factor_permille"] == 980)
    assert outcome.facts["benchmark"] == 980
    assert outcome.winner == "乙"


def test_where_all_are_above_the_nearest_above_wins():
    found = {"甲": 10_000, "乙": 10_001, "丙": 10_002, "丁": 10_003, "戊": 10_004}
    draws = [record(found, luck) for luck in range(40)]
    outcome = next(o for o in (decide("average", one, NUMBERS) for one in draws) if o.facts["factor_permille"] == 950)
    assert outcome.winner == "甲"
    assert [place.label for place in outcome.ranking] == ["甲", "乙", "丙", "丁", "戊"]


def test_a_dropped_price_cannot_win_even_alone_below_the_benchmark():
    found = {"甲": 10_000, "乙": 10_001, "丙": 10_002, "丁": 10_003, "戊": 1}
    outcome = decide("average", record(found), NUMBERS)
    assert outcome.facts["dropped"] == {"戊": 1}
    assert outcome.winner == "甲"


def test_equal_nearest_prices_wait_for_their_draw_and_then_follow_it():
    found = dict.fromkeys("甲乙丙丁戊", 10000)
    before = record(found)
    assert decide("average", before, NUMBERS).tied == tuple(sorted("甲乙丙丁戊"))
    tie = HeldDraw("GS-1-T1", dict.fromkeys(found, 1))
    kinds = [(e.kind, e.data) for e in before]
    after = case(*kinds, *tie.opening(), *tie.sealing(), *tie.making())
    assert decide("average", after, NUMBERS).winner == tie.order[0]


def test_without_the_factor_there_is_no_result():
    draw = HeldDraw("GS-1-F", FACTORS)
    outcome = decide("average", case(notice(), *draw.opening(), *draw.sealing(), opened({"甲": 1})), NUMBERS)
    assert (outcome.winner, outcome.failure) == (None, "not_drawn")


def test_void_and_barred_prices_are_in_no_mean():
    entries = record({"甲": 10_000, "乙": 10_200, "丙": 10_400, "丁": 10_600, "戊": 10_800})
    more = case(*[(e.kind, e.data) for e in entries], ("bidder.barred", {"label": "戊"}))
    assert decide("average", more, NUMBERS).facts["mean"] == 10_300


@pytest.mark.parametrize(
    "spoil",
    [
        {"tickets": {name: 2 if name == "950" else 1 for name in FACTORS}},
        {"tickets": {name: 1 for name in FACTORS if name != "1000"}},
        {"tickets": {**FACTORS, "900": 1}},
        {"sealed_late": True},
    ],
)
def test_a_draw_of_other_factors_or_sealed_after_the_opening_is_none(spoil: dict[str, Any]):
    with pytest.raises(RecordUnfit):
        decide("average", record({"甲": 1, "乙": 2}, **spoil), NUMBERS)


def test_another_order_than_the_draws_is_found():
    entries = record({"甲": 10_000, "乙": 10_200})
    drawn = next(e for e in entries if e.kind == "draw.drawn")
    drawn.data["order"].reverse()
    with pytest.raises(RecordUnfit):
        decide("average", entries, NUMBERS)
