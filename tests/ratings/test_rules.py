"""Credit from plain values (R7): K, the grades and what being new means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Grade
from ratings.queries.credit import credit_of
from ratings.rules.credit import shown, snapshot


def grade(conduct, quality, weight="3"):
    return snapshot(conduct=Decimal(conduct), quality=Decimal(quality), weight=Decimal(weight)).grade


def test_below_a_weight_of_three_an_agency_is_new_and_has_no_score():
    new = snapshot(conduct=Decimal(100), quality=Decimal("0.9"), weight=Decimal("2.99"))
    assert (new.grade, new.credit, new.label) == (Grade.N, None, "新入驻，暂无评分")
    assert "不因新入驻而排在末位" in str(new.note)


def test_without_any_evaluation_an_agency_is_new():
    assert snapshot(conduct=Decimal(100), quality=None, weight=Decimal(0)).grade is Grade.N


def test_k_is_the_published_example():
    scored = snapshot(conduct=Decimal(93), quality=Decimal("0.711"), weight=Decimal(23))
    assert scored.credit == Decimal("84.2")


@pytest.mark.parametrize(
    ("conduct", "quality", "expected"),
    [
        ("90", "0.70", Grade.A),
        ("90", "0.69", Grade.B),
        ("89.9", "0.99", Grade.B),
        ("80", "0.10", Grade.B),
        ("79.9", "0.99", Grade.C),
        ("60", "0.99", Grade.C),
        ("59.9", "0.99", Grade.D),
    ],
)
def test_each_grade_begins_where_the_rules_say(conduct, quality, expected):
    assert grade(conduct, quality) is expected


@given(
    st.decimals(0, 100, places=1),
    st.decimals(0, 1, places=3),
    st.decimals(3, 100, places=2),
    st.decimals(0, 10, places=1),
)
def test_better_conduct_never_lowers_credit_or_grade(conduct, quality, weight, more):
    before = snapshot(conduct=conduct, quality=quality, weight=weight)
    after = snapshot(conduct=min(Decimal(100), conduct + more), quality=quality, weight=weight)
    assert after.credit >= before.credit
    assert "ABCD".index(after.grade) <= "ABCD".index(before.grade)
    assert 0 <= before.credit <= 100


def test_a_new_agency_shows_no_number_even_if_one_is_cached():
    assert shown(Grade.N, Decimal("50.0")).credit is None


@pytest.mark.django_db
def test_an_agency_that_just_registered_is_new(swift_agency):
    assert credit_of(swift_agency).grade is Grade.N


@pytest.mark.django_db
def test_a_cached_score_is_shown(swift_agency):
    swift_agency.grade, swift_agency.credit = Grade.B, Decimal("84.2")
    assert (credit_of(swift_agency).label, credit_of(swift_agency).credit) == ("B 级", Decimal("84.2"))
