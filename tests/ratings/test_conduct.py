"""Conduct C from plain values (R7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.rules.conduct import ActFact, ActStatus, FinishedContract, Happening, conduct, next_change, status_of
from ratings.rulesets import credit_rules

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
RULES = credit_rules().conduct
DAY = timedelta(days=1)
MONTH = {"minor": 90, "general": 365, "serious": 1095}


def act(code="filed_late", ago=10, seq=1, *, points=None, waits=0, events=()):
    """Noted `ago` days ago when it happened; counts after `waits` days, for its tier's term."""
    rule, noted = RULES.acts[code], NOW - ago * DAY
    counts_from = noted + waits * DAY
    return ActFact(
        key=str(seq),
        code=code,
        tier=rule.tier,
        points=rule.points if points is None else Decimal(points),
        happened_at=noted,
        noted_at=noted,
        counts_from=counts_from,
        expires_at=counts_from + MONTH[rule.tier] * DAY,
        seq=seq,
        events=tuple(Happening(kind, NOW - ago * DAY, seq) for kind, ago in events),
    )


def score(*acts, contracts=(), registered=NOW - 30 * DAY, now=NOW):
    return conduct(acts, contracts, registered, now, RULES)


def busy(years, *, each=3, registered):
    """So many contracts completed in each of the years since registration."""
    return [
        FinishedContract(f"GS-{year}-{n}", registered + (365 * year + 30 * n + 1) * DAY)
        for year in years
        for n in range(each)
    ]


def test_without_acts_c_is_full():
    assert (score().value, score().terms) == (100, ())


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("filed_late", 2),
        ("delivered_late", 3),
        ("entered_without_price", 2),
        ("outdated_information", 1),
        ("gave_up_award", 10),
        ("unsigned", 10),
        ("delivered_very_late", 6),
        ("refused_for_quality", 8),
        ("subcontracted", 15),
        ("false_statement", 12),
        ("complaint_upheld", 5),
        ("forged", 40),
        ("lent_qualification", 30),
        ("collusion", 60),
        ("ignored_decision", 30),
    ],
)
def test_each_act_costs_what_r7_says(code, points):
    assert score(act(code)).value == 100 - points


@pytest.mark.parametrize(("tier", "months"), [("minor", 3), ("general", 12), ("serious", 36)])
def test_each_tier_is_public_as_long_as_r7_says(tier, months):
    assert RULES.tiers[tier].months == months


def test_the_same_act_grows_dearer_in_twelve_months():
    found = score(*(act("unsigned", ago, seq) for seq, ago in enumerate((300, 200, 100, 50), 1)))
    assert [term.multiplier for term in found.terms] == [1, Decimal("1.5"), 2, 2]
    assert (found.deducted, found.value) == (65, 35)


def test_another_act_does_not_make_it_dearer():
    assert score(act("unsigned", 20, 1), act("gave_up_award", 10, 2)).value == 80


@pytest.mark.parametrize(("apart", "multiplier"), [(365, "1.5"), (366, "1")])
def test_twelve_months_end_to_the_day(apart, multiplier):
    first, second = act("unsigned", 10 + apart, 1), act("unsigned", 10, 2)
    assert score(first, second).terms[1].multiplier == Decimal(multiplier)


def test_an_expired_act_costs_nothing_but_makes_the_next_dearer():
    found = score(act("filed_late", 100, 1), act("filed_late", 5, 2))
    assert [term.status for term in found.terms] == [ActStatus.EXPIRED, ActStatus.COUNTS]
    assert (found.terms[1].multiplier, found.value) == (Decimal("1.5"), 97)


@pytest.mark.parametrize("kind", ["struck", "repaired", "objected"])
def test_what_was_struck_repaired_or_is_objected_to_neither_counts_nor_makes_others_dearer(kind):
    gone = act("unsigned", 20, 1, events=[(kind, 15)])
    found = score(gone, act("unsigned", 10, 2))
    assert [term.deducted for term in found.terms] == [0, 10]


def test_an_act_expires_at_its_very_moment():
    one = act("filed_late", 10)
    before, after = one.expires_at - timedelta(milliseconds=1), one.expires_at
    assert (score(one, now=before).value, score(one, now=after).value) == (98, 100)


def test_a_fact_of_the_system_counts_from_the_end_of_its_objection_period():
    one = act("unsigned", 3, waits=7)
    assert score(one).terms[0].status is ActStatus.PENDING
    assert (score(one).value, score(one, now=one.counts_from).value) == (100, 90)


def test_an_objection_that_failed_lets_the_act_count():
    one = act("unsigned", 10, waits=1, events=[("objected", 9), ("upheld", 2)])
    assert [status_of(one, NOW - ago * DAY) for ago in (9, 3, 2)] == [
        ActStatus.OBJECTED,
        ActStatus.OBJECTED,
        ActStatus.COUNTS,
    ]


def test_what_happened_later_does_not_exist_yet():
    one = act("unsigned", 10, events=[("repaired", 1)])
    assert [score(one, now=NOW - ago * DAY).value for ago in (11, 5, 0)] == [100, 90, 100]


def test_c_is_never_below_zero():
    assert score(*(act("collusion", ago, ago) for ago in (1, 2, 3))).value == 0


def test_clean_and_busy_years_earn_a_point_each():
    registered = NOW - 800 * DAY
    found = score(act("unsigned", 5), contracts=busy((0, 1), registered=registered), registered=registered)
    assert (found.bonus, found.value) == (2, 92)


def test_a_year_with_two_contracts_earns_nothing():
    registered = NOW - 800 * DAY
    assert score(contracts=busy((0, 1), each=2, registered=registered), registered=registered).bonus == 0


def test_a_year_with_an_act_earns_nothing_even_when_the_act_expired():
    registered = NOW - 800 * DAY
    found = score(act("filed_late", 700), contracts=busy((0, 1), registered=registered), registered=registered)
    assert [(year.clean, year.earned) for year in found.years] == [(False, False), (True, True)]


def test_a_year_that_is_not_over_earns_nothing_yet():
    registered = NOW - 364 * DAY
    contracts = busy((0,), registered=registered)
    assert score(contracts=contracts, registered=registered).years == ()
    assert score(contracts=contracts, registered=registered, now=NOW + DAY).bonus == 1


def test_years_long_ago_earn_nothing_any_more_and_never_more_than_five():
    registered = NOW - (8 * 365 + 1) * DAY
    assert score(contracts=busy(range(3), registered=registered), registered=registered).bonus == 0
    assert score(contracts=busy(range(8), registered=registered), registered=registered).bonus == 5


def test_c_is_never_above_one_hundred():
    registered = NOW - 800 * DAY
    found = score(act("outdated_information", 5), contracts=busy((0, 1), registered=registered), registered=registered)
    assert (found.bonus, found.value) == (2, 100)


def test_time_next_changes_the_earliest_of_pending_and_counting_acts():
    pending, counting = act("unsigned", 3, 1, waits=7), act("filed_late", 88, 2)
    assert next_change([pending, counting], NOW) == counting.expires_at
    assert next_change([pending], NOW) == pending.counts_from
    assert next_change([act("filed_late", 91), act("unsigned", 10, events=[("struck", 1)])], NOW) is None


CODES = sorted(RULES.acts)
EVENTS = st.sampled_from(
    [(), ("objected",), ("objected", "upheld"), ("struck",), ("repaired",), ("objected", "struck")]
)


@st.composite
def acts(draw):
    ago = draw(st.integers(0, 1200))
    made = act(draw(st.sampled_from(CODES)), ago, draw(st.integers(1, 10**6)), waits=draw(st.sampled_from([0, 7])))
    return replace(made, events=tuple(Happening(kind, made.noted_at, 0) for kind in draw(EVENTS)))


LEDGER = st.lists(acts(), max_size=12, unique_by=lambda one: one.seq)
REGISTERED = NOW - 2000 * DAY
CONTRACTS = busy(range(5), registered=REGISTERED)


def whole(ledger, now=NOW):
    return conduct(ledger, CONTRACTS, REGISTERED, now, RULES).value


@given(LEDGER, acts())
def test_another_act_never_raises_c(ledger, another):
    another = replace(another, key="another", seq=10**7)
    assert 0 <= whole([*ledger, another]) <= whole(ledger) <= 100


@given(LEDGER, st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_is_nothing_to_c(ledger, random):
    shuffled = list(ledger)
    random.shuffle(shuffled)
    assert conduct(shuffled, CONTRACTS, REGISTERED, NOW, RULES) == conduct(ledger, CONTRACTS, REGISTERED, NOW, RULES)


@given(LEDGER)
def test_repaired_acts_are_as_if_absent(ledger):
    present = [one for one in ledger if status_of(one, NOW) is not ActStatus.REPAIRED]
    assert whole(ledger) == whole(present)


@given(LEDGER, st.integers(0, 1500))
def test_the_sums_add_up(ledger, later):
    found = conduct(ledger, CONTRACTS, REGISTERED, NOW + later * DAY, RULES)
    assert found.deducted == sum(term.fact.points * term.multiplier for term in found.terms if term.status == "counts")
    assert found.value == min(max(100 - found.deducted + found.bonus, 0), 100)
