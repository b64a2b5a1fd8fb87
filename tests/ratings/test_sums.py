"""Q of kept sums is Q of all ratings: for any history, and after anything that happens to the ledger."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.db import connection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.models import GroupSums, QualitySums, Rating, Relation
from ratings.queries.credit import computed
from ratings.rules.quality import quality
from ratings.rules.score import scored
from ratings.rules.sums import Sums, effects, groups_capped_at_most, quality_of_sums, sums_of_group
from ratings.rulesets import credit_rules
from tests.ratings import acting
from tests.ratings.test_quality import NOW, NUMBERS, PRIOR, fact, histories, priors, q

RULES = credit_rules()
FAR_BEHIND = Decimal("1e-24")


def summed(facts, now=NOW, prior=PRIOR):
    groups = [sums_of_group([one for one in facts if one.group == name], NUMBERS) for name in "abcd"]
    whole = Sums()
    for group in groups:
        whole = whole.changed(Sums(), group)
    largest = sorted(groups, key=lambda group: -group.raw)[: groups_capped_at_most(NUMBERS)]
    return quality_of_sums(whole, largest, now, prior, NUMBERS)


@given(histories(), st.integers(0, 400), priors)
def test_q_of_sums_is_q_of_all_ratings_and_is_published_the_same(facts, days, prior):
    now = NOW + timedelta(days=days)
    whole, (value, weight) = quality(facts, now, prior, NUMBERS), summed(facts, now, prior)
    assert abs(value - whole.value) < FAR_BEHIND
    assert abs(weight - whole.weight) < FAR_BEHIND
    hundred = Decimal(100)
    of_all = scored(now, hundred, None, whole.value, whole.weight, RULES)
    assert scored(now, hundred, None, value, weight, RULES) == of_all


@given(histories(least=1), st.data())
def test_a_group_that_changed_is_replaced_as_if_it_had_never_been_otherwise(facts, data):
    place = data.draw(st.integers(0, len(facts) - 1))
    later = [*facts[:place], replace(facts[place], relation=Decimal(0)), *facts[place + 1 :]]
    before = sums_of_group(facts, NUMBERS)
    after = sums_of_group(later, NUMBERS)
    assert Sums().changed(Sums(), before).changed(before, after) == Sums().changed(Sums(), after)


def test_a_number_in_the_very_middle_is_rounded_the_same_from_either_side():
    middle, below = Decimal("0.7125"), Decimal("0.712499999999999999999999999")
    for value in (middle, below):
        assert scored(NOW, Decimal(100), None, value, Decimal(4), RULES).q == Decimal("0.713")


def test_no_more_groups_can_be_capped_than_are_looked_at():
    many = [fact(days_ago=n, group=name, ratio="4", seq=9 * n + ord(name)) for name in "abc" for n in range(9)]
    assert len({term.fact.group for term in q(*many).terms if term.capped}) == 3 < groups_capped_at_most(NUMBERS)
    assert abs(summed(many)[1] - q(*many).weight) < FAR_BEHIND


@given(histories(least=1))
def test_the_effect_of_a_rating_is_q_with_it_less_q_without_it(facts):
    found = effects(facts, [one.key for one in facts], NOW, PRIOR, NUMBERS)
    for one in facts:
        left = [other for other in facts if other is not one]
        assert abs(found[one.key] - (q(*facts).value - q(*left).value)) < FAR_BEHIND


def test_only_what_is_asked_for_is_worked_out():
    facts = [fact(seq=1), fact(seq=2, x="0.1", group="b")]
    assert set(effects(facts, ["R2"], NOW, PRIOR, NUMBERS)) == {"R2"}


@pytest.fixture
def rated(waterworks, waterworks_user, river_bureau, river_officer, item, swift_agency):
    for buyer, by in ((waterworks, waterworks_user), (river_bureau, river_officer)) * 2:
        acting.rate(acting.finished(buyer, by, item, swift_agency), "0.8")
    return swift_agency


def agrees(agency):
    cached, whole = acting.refresh(agency), computed(agency)
    assert (cached.c, cached.q, cached.weight, cached.k, cached.grade) == (
        whole.c,
        whole.q,
        whole.weight,
        whole.k,
        whole.grade,
    )
    return cached


@pytest.mark.django_db
def test_a_rating_sums_its_own_group_anew_and_no_other(rated, waterworks, waterworks_user, item, monkeypatch):
    looked_at = []
    monkeypatch.setattr(
        "ratings.actions.sums.sums_of_group",
        lambda facts, numbers: looked_at.append({one.group for one in facts}) or sums_of_group(facts, numbers),
    )
    contract = acting.finished(waterworks, waterworks_user, item, rated)
    looked_at.clear()
    acting.rate(contract, "0.2")
    assert looked_at == [{waterworks.uscc}]
    monkeypatch.undo()
    agrees(rated)


@pytest.mark.django_db
def test_a_dispute_takes_its_rating_out_of_the_sums_and_a_decision_brings_it_back(rated):
    before = agrees(rated)
    acting.weigh(Rating.objects.earliest("pk"), Relation.DISPUTED)
    assert agrees(rated).weight < before.weight
    acting.weigh(Rating.objects.earliest("pk"), Relation.NONE)
    assert agrees(rated).weight == pytest.approx(before.weight, abs=Decimal("0.0001"))


@pytest.mark.django_db
def test_sums_that_were_lost_or_do_not_count_the_ledger_are_made_anew(rated):
    before = agrees(rated)
    GroupSums.objects.all().delete()
    QualitySums.objects.update(ratings=3, raw=77)
    assert agrees(rated).q == before.q
    QualitySums.objects.all().delete()
    assert agrees(rated).q == before.q


@pytest.mark.django_db
def test_one_more_rating_takes_the_same_queries_after_few_as_after_many(
    rated, waterworks, waterworks_user, item, django_assert_max_num_queries
):
    contracts = [acting.finished(waterworks, waterworks_user, item, rated) for _ in range(6)]
    with django_assert_max_num_queries(100, connection=connection) as first:
        acting.rate(contracts[0], "0.9")
    for one in contracts[1:5]:
        acting.rate(one, "0.9")
    with django_assert_max_num_queries(len(first), connection=connection):
        acting.rate(contracts[5], "0.9")


def test_now_is_when_the_sums_are_asked_for():
    facts = [fact(group="a")]
    assert summed(facts, NOW + timedelta(days=365))[1] == pytest.approx(summed(facts)[1] / 2)
