"""Quality Q by hand-made vectors (the digits by bc, from the formula of R7) and by what must hold for any ratings."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.credit_measures import plain_quality
from ratings.rules.quality import RatingFact, prior_mean, quality
from ratings.rulesets import credit_rules

NUMBERS = credit_rules().quality
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PRIOR = Decimal("0.75")
NEWCOMER = "0.573223304703363118899788909"


def fact(days_ago=0.0, x="1", *, group="buyer", ratio="1", relation="1", seq=1):
    return RatingFact(
        key=f"R{seq}",
        group=group,
        item="item",
        amount=int(Decimal(ratio) * 10_000),
        median=10_000,
        x=Decimal(x),
        at=NOW - timedelta(days=days_ago),
        relation=Decimal(relation),
        seq=seq,
    )


def q(*facts, now=NOW, prior=PRIOR):
    return quality(facts, now, prior, NUMBERS)


def same(value, digits):
    """Equal to as many places as are written down, but for the last."""
    return abs(value - Decimal(digits)) <= Decimal(10) ** -(len(digits) - 3)


def test_without_ratings_q_is_the_priors():
    new = q()
    assert same(new.value, NEWCOMER)
    assert (new.mean, new.alpha, new.beta, new.weight, new.terms) == (PRIOR, Decimal("3.75"), Decimal("1.25"), 0, ())
    assert same(new.uncertainty, "0.176776695296636881100211090")


def test_one_perfect_rating_of_today():
    one = q(fact())
    assert same(one.value, "0.638169083830623491051795038")
    assert (one.alpha, one.beta, one.weight) == (Decimal("4.75"), Decimal("1.25"), 1)


def test_a_flagged_rating_of_a_year_ago_and_four_times_the_median_weighs_a_half():
    one = q(fact(365, "0.4", ratio="4", relation="0.5"))
    (term,) = one.terms
    assert (term.age_days, term.decay, term.value_factor, term.rank) == (365, Decimal("0.5"), 2, 1)
    assert (term.raw, term.weight) == (Decimal("0.5"), Decimal("0.5"))
    assert same(one.value, "0.541722324370533620725144280")


def test_two_buyers_one_of_them_tiny_and_half_a_year_old():
    both = q(fact(0, "0.9", ratio="2.25", group="a"), fact(182.5, "0.5", ratio="0.03", group="b", seq=2))
    tiny, large = both.terms
    assert tiny.value_factor == Decimal("0.25")
    assert same(tiny.decay, "0.707106781186547524400844362")
    assert large.weight == Decimal("1.5")
    assert same(both.value, "0.626863160610388144158762562")


def test_three_of_one_buyer_weigh_one_a_half_a_third_and_are_cut_to_a_quarter_of_all():
    three = q(*(fact(seq=seq) for seq in (1, 2, 3)))
    assert [term.rank for term in three.terms] == [1, 2, 3]
    assert all(term.capped for term in three.terms)
    assert same(three.weight, "1.708333333333333333333333")
    assert same(three.value, "0.673418702079440355708076491")


@pytest.mark.parametrize(
    ("ratio", "factor"), [("0.01", "0.25"), ("0.0625", "0.25"), ("0.25", "0.5"), ("1", "1"), ("4", "2"), ("100", "2")]
)
def test_the_value_counts_by_its_root_within_bounds(ratio, factor):
    assert q(fact(ratio=ratio)).terms[0].value_factor == Decimal(factor)


def test_an_item_without_a_median_leaves_the_value_out():
    assert q(replace(fact(ratio="9"), median=0)).terms[0].value_factor == 1


def test_the_largest_of_a_buyers_contracts_comes_first_of_equal_ones_the_oldest():
    found = q(
        fact(30, ratio="1", seq=1), fact(20, ratio="4", seq=2), fact(10, ratio="1", seq=3), fact(5, seq=4, group="b")
    )
    assert [term.rank for term in found.terms] == [2, 1, 3, 1]


def test_at_the_same_instant_the_entrys_number_decides():
    found = q(fact(5, seq=8), fact(5, seq=3))
    assert [(term.fact.seq, term.rank) for term in found.terms] == [(3, 1), (8, 2)]


def test_ratings_divide_each_other_within_365_days_and_not_a_second_more():
    assert [term.rank for term in q(fact(365, seq=1), fact(0, seq=2)).terms] == [1, 2]
    assert [term.rank for term in q(fact(365 + 1 / 86_400, seq=1), fact(0, seq=2)).terms] == [1, 1]


def test_a_rating_that_does_not_count_stays_as_a_term_of_weight_nought_and_raises_no_rank():
    found = q(fact(9, relation="0", seq=1), fact(0, seq=2))
    assert [(term.rank, term.weight) for term in found.terms] == [(1, 0), (1, 1)]


def test_a_rating_dated_after_now_is_as_of_now():
    assert q(fact(-3)).terms[0].age_days == 0


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], "0.75"),
        ([("0.9", "0")], "0.75"),
        ([("0.7", "1"), ("0.8", "3")], "0.775"),
        ([("0.99", "5")], "0.85"),
        ([("0.2", "5")], "0.6"),
    ],
)
def test_p0_is_the_mean_of_the_items_within_bounds(items, expected):
    assert prior_mean([(Decimal(mean), Decimal(weight)) for mean, weight in items], NUMBERS) == Decimal(expected)


def test_no_prior_outside_its_bounds_is_believed():
    assert q(prior=Decimal(1)).prior_mean == Decimal("0.85")
    assert q(prior=Decimal(0)).prior_mean == Decimal("0.60")


def test_the_callers_decimal_context_changes_no_digit_and_is_left_alone():
    facts = [fact(77, "0.61", ratio="1.3", seq=1), fact(5, "0.3", group="b", seq=2)]
    usual = q(*facts)
    with localcontext() as context:
        context.prec = 5
        assert q(*facts) == usual
        assert getcontext().prec == 5


def test_it_needs_no_framework():
    script = "import sys, ratings.rules.quality; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


x_values = st.decimals(min_value=0, max_value=1, places=4)
any_fact = st.builds(
    fact,
    days_ago=st.floats(min_value=0, max_value=2000),
    x=x_values,
    group=st.sampled_from("abcd"),
    ratio=st.decimals(min_value="0.01", max_value=50, places=2),
    relation=st.sampled_from(["1", "1", "0.5", "0"]),
)
priors = st.decimals(min_value="0.60", max_value="0.85", places=2)
TINY = Decimal("1e-24")


@st.composite
def histories(draw, least=0):
    facts = draw(st.lists(any_fact, min_size=least, max_size=12))
    return [replace(one, seq=number, key=f"R{number}") for number, one in enumerate(facts)]


@given(histories(), priors)
def test_q_lies_between_0_and_1_and_below_its_mean(facts, prior):
    found = q(*facts, prior=prior)
    assert 0 <= found.value <= found.mean <= 1
    assert abs(found.weight - sum(term.weight for term in found.terms)) < Decimal("1e-24")
    assert abs(found.alpha + found.beta - 5 - found.weight) < TINY


@given(histories(least=1), st.data(), priors)
def test_a_better_mark_never_lowers_q(facts, data, prior):
    place = data.draw(st.integers(0, len(facts) - 1))
    better = data.draw(st.decimals(min_value=facts[place].x, max_value=1, places=4))
    improved = [*facts[:place], replace(facts[place], x=better), *facts[place + 1 :]]
    assert q(*improved, prior=prior).value >= q(*facts, prior=prior).value - TINY


@given(histories(), st.randoms())
def test_the_order_in_which_ratings_are_handed_in_changes_no_digit(facts, chance):
    shuffled = facts.copy()
    chance.shuffle(shuffled)
    assert q(*shuffled) == q(*facts)


@given(histories())
def test_no_group_of_buyers_weighs_more_than_a_quarter_of_prior_and_all_ratings(facts):
    found = q(*facts)
    most = (5 + sum((term.raw for term in found.terms), Decimal(0))) / 4
    for group in "abcd":
        assert sum(term.weight for term in found.terms if term.fact.group == group) <= most + TINY


@given(histories(), any_fact)
def test_a_rating_of_weight_nought_changes_nothing(facts, more):
    nought = replace(more, relation=Decimal(0), key="nought", seq=99)
    with_it, without = q(*facts, nought), q(*facts)
    assert (with_it.value, with_it.weight) == (without.value, without.weight)
    assert [term for term in with_it.terms if term.fact.key != "nought"] == list(without.terms)


@given(histories(), st.integers(min_value=1, max_value=3000))
def test_time_raises_no_terms_weight(facts, days):
    today, later = q(*facts), q(*facts, now=NOW + timedelta(days=days))
    for before, after in zip(today.terms, later.terms, strict=True):
        assert after.weight <= before.weight + TINY
        assert after.rank == before.rank


@given(histories(), priors)
@settings(max_examples=50)
def test_floats_written_apart_from_it_agree(facts, prior):
    assert float(q(*facts, prior=prior).value) == pytest.approx(
        plain_quality(facts, NOW, prior_mean=float(prior)), abs=1e-9
    )
