"""The pure figures: medians from counts, sums that add up, periods of whole months."""

import statistics
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.rules.figures import Awards, Figures, counted, quantile, share
from stats.rules.periods import Span, last_day, month_of, months_before, period

pytestmark = pytest.mark.clause("P14.2")

waits = st.lists(st.integers(min_value=0, max_value=400), min_size=2, max_size=200)


@given(waits)
def test_quartiles_from_counts_are_those_of_the_values(values):
    counts = Counter(values)
    expected = statistics.quantiles(values, n=4, method="inclusive")
    found = [quantile(counts, Fraction(n, 4)) for n in (1, 2, 3)]
    assert [float(one) for one in found] == pytest.approx(expected, abs=0.0501)
    assert min(values) <= found[0] <= found[1] <= found[2] <= max(values)


@given(waits, st.integers(min_value=1, max_value=199))
def test_the_median_of_two_parts_is_that_of_both_together(values, cut):
    one, other = values[:cut], values[cut:]
    joined = Awards(waits=Counter(one)) + Awards(waits=Counter(other))
    assert Figures(awards=joined).median == Figures(awards=Awards(waits=Counter(values))).median


def test_nothing_says_nothing():
    nothing = Figures()
    shown = (
        nothing.median,
        nothing.saving,
        nothing.rivals,
        nothing.outside,
        nothing.outside_by_amount,
        nothing.failing,
    )
    assert shown == (None,) * 6
    assert share(0, 0) is None


def test_each_figure_by_hand():
    awards = Awards(
        count=4,
        amount=1_000_00,
        competed=3,
        ceiling=1_000_00,
        paid=800_00,
        saved=10_00 + 20_00 + 35_00,
        rivals=11,
        outside=1,
        outside_amount=600_00,
        waits={3: 2, 5: 1, 12: 1},
    )
    found = Figures(published=9, failed=1, cancelled=2, awards=awards)
    assert (found.median, found.first_quartile, found.third_quartile) == (
        Decimal("4.0"),
        Decimal("3.0"),
        Decimal("6.8"),
    )
    assert found.saving == Decimal("21.7")
    assert found.saved_amount == 200_00
    assert found.rivals == Decimal("3.7")
    assert found.outside == Decimal("25.0")
    assert found.outside_by_amount == Decimal("60.0")
    assert found.failing == Decimal("20.0")


@pytest.mark.parametrize(
    ("ruleset", "said"),
    [
        ("2026-11", True),
        ("2026-12", True),
        ("demo-2026-12", False),
        ("demo-quick-2026-12", False),
        ("practice-2026-12", False),
    ],
)
def test_what_runs_on_the_clock_of_the_demo_or_of_practice_does_not_count(ruleset, said):
    assert counted(ruleset) is said


def test_a_month_is_beijings():
    assert month_of(datetime(2026, 10, 31, 15, 59, tzinfo=UTC)) == date(2026, 10, 1)
    assert month_of(datetime(2026, 10, 31, 16, 0, tzinfo=UTC)) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("span", "since"),
    [
        (Span.YEAR, date(2026, 2, 1)),
        (Span.QUARTER, date(2026, 11, 1)),
        (Span.CALENDAR, date(2027, 1, 1)),
        (Span.ALL, date(2018, 1, 1)),
    ],
)
def test_spans_are_whole_months_up_to_the_one_that_runs(span, since):
    now = datetime(2027, 1, 4, 2, tzinfo=UTC)
    found = period(span, now)
    assert (found.since, found.last) == (since, date(2027, 1, 1))
    assert last_day(found, now) == date(2027, 1, 4)


def test_a_year_has_twelve_months_and_ends_where_the_next_begins():
    found = period(Span.YEAR, datetime(2026, 11, 20, tzinfo=UTC))
    assert len(found.months()) == 12
    assert (found.months()[0], found.months()[-1]) == (date(2025, 12, 1), date(2026, 11, 1))
    assert found.begins == datetime(2025, 11, 30, 16, tzinfo=UTC)
    assert found.ends == datetime(2026, 11, 30, 16, tzinfo=UTC)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.integers(min_value=-500, max_value=500))
def test_months_go_back_and_forth(day, count):
    first = day.replace(day=1)
    assert months_before(months_before(first, count), -count) == first
