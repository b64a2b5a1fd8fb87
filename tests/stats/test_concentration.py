"""CR4 and HHI: known markets, and what holds for every market."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.rules.concentration import Level, cr4, hhi, level

pytestmark = pytest.mark.clause("P20.2")

amounts = st.lists(st.integers(min_value=0, max_value=10**15), max_size=60)
won = st.lists(st.integers(min_value=1, max_value=10**15), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("shares", "four", "index"),
    [
        ([], "0.0", "0"),
        ([500], "100.0", "10000"),
        ([50, 50], "100.0", "5000"),
        ([40, 30, 20, 10], "100.0", "3000"),
        ([1] * 10, "40.0", "1000"),
        # The textbook example: 30, 30, 20 and 20 per cent.
        ([30, 30, 20, 20], "100.0", "2600"),
        ([300_000_00, 200_000_00, 100_000_00, 100_000_00, 100_000_00, 200_000_00], "80.0", "2000"),
    ],
)
def test_known_markets(shares: list[int], four: str, index: str) -> None:
    assert (str(cr4(shares)), str(hhi(shares))) == (four, index)


def test_half_of_the_last_place_is_rounded_up() -> None:
    assert str(cr4([499, 499, 499, 500, 3])) == "99.9"  # 99.85
    assert str(hhi([101, 99])) == "5001"  # 5000.5


def test_it_refuses_a_negative_share() -> None:
    with pytest.raises(ValueError, match="negative"):
        cr4([100, -1])
    with pytest.raises(ValueError, match="negative"):
        hhi([100, -1])


@given(amounts)
def test_both_stay_within_their_bounds(shares: list[int]) -> None:
    assert Decimal(0) <= cr4(shares) <= Decimal(100)
    assert Decimal(0) <= hhi(shares) <= Decimal(10000)


@given(won)
def test_equal_shares_are_the_least_concentrated_of_as_many(shares: list[int]) -> None:
    assert hhi(shares) >= hhi([1] * len(shares))


@given(won)
def test_four_or_fewer_hold_everything(shares: list[int]) -> None:
    assert (cr4(shares) == 100) or len(shares) > 4


@given(won, st.randoms())
def test_neither_order_nor_unit_nor_agencies_without_awards_matter(shares: list[int], chance: object) -> None:
    mixed = list(shares)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert cr4(mixed) == cr4(shares) == cr4([100 * one for one in [*shares, 0]])
    assert hhi(mixed) == hhi(shares) == hhi([100 * one for one in [*shares, 0]])


@given(won, st.data())
def test_a_merger_never_makes_a_market_less_concentrated(shares: list[int], data: st.DataObject) -> None:
    joined = data.draw(st.integers(min_value=0, max_value=len(shares)))
    merged = [*shares[joined:], sum(shares[:joined])] if joined else shares
    assert cr4(merged) >= cr4(shares)
    assert hhi(merged) >= hhi(shares)


@pytest.mark.parametrize(
    ("index", "said"), [(1499, Level.LOW), (1500, Level.MODERATE), (2500, Level.MODERATE), (2501, Level.HIGH)]
)
def test_the_level_follows_the_lines(index: int, said: Level) -> None:
    assert level(Decimal(index), 3) is said


def test_nothing_is_said_of_a_market_without_awards() -> None:
    assert level(Decimal(0), 0) is Level.NONE
