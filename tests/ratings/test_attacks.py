"""What attacks on quality Q may gain at most: bounds with room to spare beside what docs/credit.md says was measured."""

import statistics
from functools import cache

import pytest

from bench.credit_attacks import Judged, conduct, judged
from bench.credit_measures import MEASURES, Order, plain_quality
from bench.credit_scenarios import NOW, ORDER_CASES, rating, scenario

# Each simulates years of a market.
pytestmark = pytest.mark.slow

RUNS = 30
NEWCOMER = judged([])


@cache
def runs(name: str) -> list[tuple[Judged, Judged]]:
    """The scenario drawn again and again: without the attack, with it."""
    return [(judged(before), judged(after)) for before, after in map(scenario(name).draw, range(RUNS))]


def gains(name: str) -> list[float]:
    return [after.q - before.q for before, after in runs(name)]


def grades(name: str) -> set[str]:
    acts = conduct(scenario(name).acts)
    return {after.grade(acts) for _, after in runs(name)}


def other(measure: str, name: str) -> float:
    """What a measure that is not ours gains, on average."""
    pairs = map(scenario(name).draw, range(RUNS))
    return statistics.fmean(MEASURES[measure](after, NOW) - MEASURES[measure](before, NOW) for before, after in pairs)


def test_fifty_tiny_contracts_of_one_friend_gain_at_most_three_hundredths():
    assert max(gains("one friend: 50 tiny contracts")) <= 0.03


@pytest.mark.parametrize("measure", MEASURES)
def test_the_same_friend_gains_a_quarter_by_any_other_measure(measure):
    assert other(measure, "one friend: 50 tiny contracts") >= 0.2


def test_three_friends_gain_at_most_seven_hundredths():
    assert max(gains("three friends: 51 tiny contracts")) <= 0.07


def test_a_ring_of_ten_with_tiny_contracts_lifts_no_average_agency_to_a():
    assert max(gains("ring of ten: 9 × 5 tiny contracts")) <= 0.12
    assert grades("ring of ten: 9 × 5 tiny contracts") == {"B"}


def test_a_ring_that_pays_full_prices_misses_a_once_its_relation_is_flagged_and_gains_nothing_once_confirmed():
    assert grades("the same, relation flagged") == {"B"}
    assert set(gains("the same, relation confirmed")) == {0.0}


def test_a_ring_that_pays_full_prices_and_is_not_found_is_beyond_q():
    """Said in docs/credit.md too: what then helps is money, and red flags."""
    assert "A" in grades("ring of ten at the median price")


def test_a_rivals_burst_of_tiny_one_star_jobs_costs_at_most_five_hundredths():
    assert min(gains("rival: 10 tiny one-star jobs")) >= -0.05


@pytest.mark.parametrize("measure", MEASURES)
def test_the_same_burst_costs_five_times_as_much_by_any_other_measure(measure):
    assert other(measure, "rival: 10 tiny one-star jobs") <= 5 * statistics.fmean(gains("rival: 10 tiny one-star jobs"))


def test_a_rival_behind_three_names_costs_at_most_twelve_hundredths():
    assert min(gains("rival behind 3 names: 30 tiny jobs")) >= -0.12


def test_whoever_registers_again_is_new_and_below_a_good_agency():
    assert grades("bad agency registers again") == {"N"}
    honest = statistics.median(after.q for _, after in runs("good agency"))
    assert NEWCOMER.q < honest - 0.1


def test_a_shell_with_one_friend_stays_new_and_below_the_honest_median():
    assert grades("… with one friend, 50 tiny jobs") == {"N"}
    honest = statistics.median(after.q for _, after in runs("good agency"))
    assert max(after.q for _, after in runs("… with one friend, 50 tiny jobs")) < honest


def test_a_shell_is_not_new_for_ever_if_its_friend_buys_fifty_large_contracts():
    """Nor should it be: a single true client looks the same. Its weight stays at the very edge."""
    assert all(2.8 <= after.weight <= 3.2 for _, after in runs("… with one friend, 50 large jobs"))


def test_building_up_and_then_cheating_loses_a_at_once_by_quality_and_by_conduct():
    name = "builds up, then cheats 8 clients"
    assert max(gains(name)) <= -0.12
    assert all(after.q < 0.65 for _, after in runs(name))
    assert conduct(scenario(name).acts) == 63
    assert grades(name) == {"C"}


def test_forgery_alone_ends_grade_b_whatever_the_ratings_say():
    assert Judged(q=0.95, weight=40).grade(conduct(["forged"])) == "C"
    assert Judged(q=0.95, weight=40).grade(conduct(["forged", "forged"])) == "D"


def test_old_glory_and_bad_work_since_is_below_a_newcomer():
    assert max(after.q for _, after in runs("old glory, 8 bad jobs since")) < NEWCOMER.q - 0.05
    pairs = [scenario("old glory, 8 bad jobs since").draw(seed)[1] for seed in range(RUNS)]
    assert min(MEASURES["mean"](facts, NOW) for facts in pairs) > 0.7


def test_who_did_nothing_for_four_years_is_new_again():
    assert grades("old glory, nothing for 4 years") == {"N"}


@pytest.mark.parametrize("case", ORDER_CASES[1:3], ids=lambda case: case.name)
def test_a_large_failure_is_neither_hidden_by_tiny_good_jobs_nor_washed_away_by_them(case):
    """Ranked by time alone, one of the two would be: oldest first the one, newest first the other."""
    changes = {order: statistics.fmean(_change(case.draw(seed), order) for seed in range(RUNS)) for order in Order}
    hides = case is ORDER_CASES[1]
    loses = Order.OLDEST if hides else Order.NEWEST
    assert abs(changes[loses] - changes[Order.LARGEST]) > 0.04
    if hides:
        assert changes[Order.LARGEST] < -0.05
    else:
        assert changes[Order.LARGEST] < 0.02


def _change(pair, order):
    before, after = pair
    return plain_quality(after, NOW, order) - plain_quality(before, NOW, order)


def test_ever_larger_contracts_of_one_friend_still_divide_each_other():
    growing = [rating(100 - day, "friend", 1.0, size=0.1 + day / 100) for day in range(50)]
    assert judged(growing).weight < 2.6
