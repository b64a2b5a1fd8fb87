"""C1–C11 on numbers computed by hand, each finding beside the nearest thing that is none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.rows import Bid, Offer, Process, Trace
from flags.statistics import fisher, skewness, too_many_runs, variation
from tests.flags.making import day, found, process

HONEST = {"A": 70_000, "B": 80_000, "C": 90_000}


def _market(count: int = 30) -> list[Process]:
    """Honest processes whose spread differs: stdev/mean from 0.10 upwards."""
    return [process({"P": 80_000, "Q": 90_000 + 500 * n, "R": 101_000 + 1_500 * n}) for n in range(count)]


# -- C1: 100, 101, 102: mean 101, stdev 1, 0.0099 -----------------------------------------------------------------


def test_prices_within_one_percent_are_too_close() -> None:
    [flag] = found("C1", process({"A": 100_000, "B": 101_000, "C": 102_000}), process(HONEST))
    assert flag.numbers["variation"] == "0.010"
    assert set(flag.agencies) == {"A", "B", "C"}
    assert [row["amount"] for row in flag.evidence] == [10_000_000, 10_100_000, 10_200_000]


def test_two_prices_say_nothing_and_neither_does_a_percentile_of_few_peers() -> None:
    assert found("C1", process({"A": 100_000, "B": 100_500})) == []
    assert found("C1", *_market(19)) == []


def test_among_enough_peers_the_lowest_twentieth_stands_out() -> None:
    # n = 30: h = (30 + 1/3) · 0.05 + 1/3 = 1.85, so the line lies between the two lowest: one is at or below it.
    market = _market()
    flags = found("C1", *market)
    assert [flag.subject for flag in flags] == [(market[0].number,)]


def test_first_bids_of_a_live_auction_are_no_sealed_prices() -> None:
    known = {"A": 100_000, "B": 101_000, "C": 102_000}
    assert found("C1", process(known, sealed=False)) == []
    assert found("C9", *[process(known, sealed=False) for _ in range(5)]) == []
    assert found("C4b", process({"A": 1, "B": 1}, sealed=False)) == []


# -- C2 -----------------------------------------------------------------------------------------------------------


def test_a_lowest_price_apart_from_a_crowd() -> None:
    # 98, 100, 100.2, 100.4: the others' stdev is 0.2, the gap 2: ten times.
    [flag] = found("C2", process({"A": 98_000, "B": 100_000, "C": 100_200, "D": 100_400}))
    assert flag.numbers["ratio"] == "10.000"
    # 98, 99, 100, 101: the others' stdev is 1, the gap 1: not more than once.
    assert found("C2", process({"A": 98_000, "B": 99_000, "C": 100_000, "D": 101_000})) == []
    # The same shape where prices are not close is competition.
    assert found("C2", process({"A": 50_000, "B": 100_000, "C": 100_200, "D": 100_400})) == []


def test_equal_cover_prices_are_infinitely_close() -> None:
    [flag] = found("C2", process({"A": 99_000, "B": 100_000, "C": 100_000}))
    assert flag.numbers["ratio"] == "∞"


# -- C3 -----------------------------------------------------------------------------------------------------------


def test_skewness_is_the_third_moment() -> None:
    # −1, 0, 1 around the mean: symmetric. 0, 0, 3: mean 1, σ = √2, Σ(d/σ)³/3 = (−1 − 1 + 8)/(3·2.828) = 0.7071.
    assert skewness([1, 2, 3]) == pytest.approx(0)
    assert skewness([0, 0, 3]) == pytest.approx(0.70711, abs=1e-5)
    assert skewness([5, 5, 5]) == 0


def test_left_skewed_and_narrow_among_peers() -> None:
    odd = process({"A": 100_000, "B": 104_000, "C": 104_100})
    [flag] = found("C3", odd, *_market())
    assert flag.subject == (odd.number,)
    assert found("C3", odd, *_market(10)) == []


# -- C4 -----------------------------------------------------------------------------------------------------------


def test_a_gap_outside_the_fences_of_its_peers() -> None:
    # Gaps of 10 % to 11 %: the fences lie near; 40 % is far above.
    market = [process({"A": 100_000, "B": 110_000 + 50 * n}) for n in range(20)]
    wide = process({"A": 100_000, "B": 140_000})
    [flag] = found("C4", *market, wide)
    assert flag.subject == (wide.number,)
    assert flag.numbers["gap"] == "40.0%"
    assert found("C4", *market[:5], wide) == []


def test_identical_prices_name_the_pair_with_all_its_processes() -> None:
    same = [process({"A": 100_000, "B": 100_000, "C": 90_000}) for _ in range(2)]
    [flag] = found("C4b", *same, process(HONEST))
    assert flag.subject == ("A", "B")
    assert flag.numbers["count"] == 2


# -- C6 -----------------------------------------------------------------------------------------------------------


def _companions(joint: int, alone: int) -> list[Process]:
    together = [process({"A": 90_000, "B": 95_000, f"X{n}": 99_000}) for n in range(joint)]
    return together + [process({f"Y{n}": 80_000, f"Z{n}": 85_000}) for n in range(alone)]


def test_a_pair_that_comes_together_and_of_which_one_never_wins() -> None:
    # 8 of 24 processes: P(A) = P(B) = P(A,B) = 1/3; lift = (1/3)/(1/9) = 3.
    [flag] = found("C6", *_companions(8, 16))
    assert flag.subject == ("A", "B")
    assert flag.numbers == {"joint": 8, "lift": "3.0"}


def test_no_companions_without_enough_meetings_lift_or_loser() -> None:
    assert found("C6", *_companions(7, 16)) == [], "7 meetings"
    assert found("C6", *_companions(8, 15)) == [], "lift 23/8 = 2.9"
    won_once = process({"B": 90_000, "A": 95_000})
    assert found("C6", *_companions(7, 20), won_once) == [], "each of them won"


# -- C7 -----------------------------------------------------------------------------------------------------------


def test_a_runs_test_by_hand() -> None:
    # ABABABABAB: n = 10, Σn² = 50, expected 11 − 5 = 6, variance [50(50+110) − 20·250 − 1000]/900 = 2.222;
    # z = (10 − 0.5 − 6)/1.4907 = 2.348.
    assert too_many_runs("ABABABABAB") == pytest.approx(0.00944, abs=1e-4)
    assert too_many_runs("AAAAABBBBB") > 0.99
    assert too_many_runs("AAAA") == too_many_runs("A") == 1.0


def _turns(winners: str, members: str = "ABC") -> list[Process]:
    return [
        process({who: 90_000 if who == winner else 95_000 for who in members}, at=n * 7)
        for n, winner in enumerate(winners)
    ]


def test_three_agencies_that_take_turns() -> None:
    [flag] = found("C7", *_turns("ABCABCABCABC"))
    assert flag.subject == ("A", "B", "C"), "the whole group, not its pairs"
    assert flag.numbers["joint"] == 12


def test_no_rotation_in_blocks_in_uneven_shares_or_in_few_meetings() -> None:
    assert found("C7", *_turns("AAAABBBBCCCC")) == []
    assert found("C7", *_turns("ABABABACAC")) == [], "A wins half"
    assert found("C7", *_turns("ABABA", "AB")) == []


# -- C8 -----------------------------------------------------------------------------------------------------------


def test_who_comes_often_and_hardly_ever_wins() -> None:
    # Twelve winners with one win each of one entry; L came to all twelve and won none.
    market = [process({f"W{n}": 90_000, "L": 95_000}) for n in range(12)]
    [flag] = found("C8", *market)
    assert flag.subject == ("L",)
    assert flag.numbers["wins"] == 0
    assert found("C8", *market[:6]) == [], "too few agencies to compare"


def test_entering_five_times_without_a_price() -> None:
    silent = [process({"A": 90_000, "S": None}) for _ in range(5)]
    [flag] = found("C8b", *silent)
    assert (flag.subject, flag.numbers["count"]) == (("S",), 5)
    assert found("C8b", *silent[:4]) == []
    assert found("C8b", *[process({"S": None}) for _ in range(5)]) == [], "nobody priced: the request was at fault"


# -- C9 -----------------------------------------------------------------------------------------------------------


def test_a_circle_within_a_crowd_of_honest_prices() -> None:
    crowd = [
        process({"A": 90_000, "B": 90_900, "C": 91_800, f"X{n}": 60_000 + 500 * n, f"Y{n}": 70_000}) for n in range(4)
    ]
    assert found("C1", *crowd) == [], "as a whole the prices are not close"
    [flag] = found("C9", *crowd)
    assert flag.subject == ("A", "B", "C")
    # 90, 90.9, 91.8: stdev 0.9 over mean 90.9 = 0.0099.
    assert flag.numbers["least"] == "0.010"
    assert found("C9", *crowd[:3]) == []


def test_no_circle_where_closeness_is_chance() -> None:
    close = [process({"A": 90_000, "B": 90_900, "C": 91_800}) for _ in range(3)]
    apart = [process({"A": 60_000, "B": 80_000, "C": 100_000}) for _ in range(3)]
    assert found("C9", *close, *apart) == []


# -- C10, C11 -----------------------------------------------------------------------------------------------------


def test_the_same_account_in_two_processes_and_prices_within_seconds() -> None:
    one, two = process(HONEST), process(HONEST)
    traces = [Trace("account", "k", agency, number) for agency in "AB" for number in (one.number, two.number)]
    [flag] = found("C10", one, two, traces=tuple(traces))
    assert flag.subject == ("A", "B")
    assert found("C10", one, two, traces=tuple(traces[:1] + traces[2:3])) == [], "once is chance"
    timed = tuple(Offer(who, 100, day(1) + timedelta(seconds=s)) for who, s in (("A", 0), ("B", 4.9), ("C", 9.9)))
    quick = [replace(one, offers=timed), replace(two, offers=timed)]
    assert [flag.subject for flag in found("C10", *quick)] == [("A", "B")], "B and C are five seconds apart"


def _bids(*said: tuple[str, int]) -> tuple[Bid, ...]:
    return tuple(Bid(who, yuan * 100, day(0) + timedelta(seconds=n)) for n, (who, yuan) in enumerate(said))


def test_odd_endings_that_no_step_explains() -> None:
    said = [("A", 99_037), ("B", 98_000), ("A", 97_037), ("B", 96_000), ("A", 95_037), ("B", 94_000), ("A", 93_037)]
    auction = process(HONEST, bids=_bids(("B", 99_900), *said), step=70_000)
    [flag] = found("C11", auction)
    assert flag.numbers == {"count": 4, "ending": "37"}
    by_step = process(HONEST, bids=_bids(*[("AB"[n % 2], 99_037 - 100 * n) for n in range(10)]), step=10_000)
    assert found("C11", by_step) == []


def test_a_pair_that_answers_only_each_other_while_others_bid() -> None:
    prices = iter(range(99_000, 50_000, -1_000))
    order = "CABABABABDCDC"
    auction = process(HONEST, bids=_bids(*[(who, next(prices)) for who in order]), step=10_000)
    assert [flag.agencies for flag in found("C11b", auction)] == [("A", "B")]
    mixed = "CACBDABDACBCADB"
    honest = process(HONEST, bids=_bids(*[(who, 99_000 - 1_000 * n) for n, who in enumerate(mixed)]), step=10_000)
    assert found("C11b", honest) == []


# -- properties ---------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1_000, 10_000_000), min_size=3, max_size=9), st.integers(2, 50))
def test_the_scale_of_prices_does_not_matter(prices: list[int], times: int) -> None:
    assert variation([p * times for p in prices]) == pytest.approx(variation(prices))
    assert skewness([p * times for p in prices]) == pytest.approx(skewness(prices), abs=1e-6)


@given(st.integers(0, 12), st.integers(12, 20), st.integers(0, 30), st.integers(30, 60))
def test_fishers_p_is_a_probability_and_falls_with_more_hits(hits: int, of: int, others: int, other_of: int) -> None:
    p = fisher(hits, of, others, other_of)
    assert 0 < p <= 1
    if hits:
        assert fisher(hits - 1, of, others + 1, other_of) >= p - 1e-12
