"""By credit (R7) pages come from walks along an index and a kept count: both must say what the definition says."""

from datetime import timedelta
from decimal import Decimal

from django.http import QueryDict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import filters, queries, rules
from agencies.models import Agency, CreditCount, Grade
from agencies.queries import Median
from core import pages
from tests import cast

pytestmark = pytest.mark.django_db

# Few values, so that many agencies share one, and with them the median.
CREDITS = st.one_of(
    st.none(), st.sampled_from(["40.0", "75.1", "75.2", "75.3", "75.4", "92.0"]), st.decimals(0, 100, places=1)
)


def by_credit(query: str = "") -> filters.AgencyFilter:
    return filters.AgencyFilter(QueryDict(f"sort=credit&{query}"), queryset=queries.directory())


def kept() -> dict[Decimal, int]:
    counted: dict[Decimal, int] = {}
    for credit, count in CreditCount.objects.values_list("credit", "count"):
        counted[credit] = counted.get(credit, 0) + count
    return {credit: count for credit, count in counted.items() if count}


def there() -> dict[Decimal, int]:
    counted: dict[Decimal, int] = {}
    for credit in Agency.objects.exclude(credit=None).values_list("credit", flat=True):
        counted[credit] = counted.get(credit, 0) + 1
    return counted


def give(agency: Agency, credit: object, days: int = 0) -> None:
    grade = Grade.N if credit is None else Grade.B
    at = agency.registered_at - timedelta(days=days)
    Agency.objects.filter(pk=agency.pk).update(credit=credit, grade=grade, registered_at=at)


@pytest.fixture
def seven():
    return [cast.agency(f"第{number}咨询有限公司") for number in range(7)]


def test_pages_come_in_the_order_of_the_definition_whatever_the_credits(seven, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(CREDITS, min_size=7, max_size=7),
        st.lists(st.integers(0, 2), min_size=7, max_size=7),
        st.sampled_from(["", "grade=N", "grade=B", "q=咨询"]),
    )
    def compare(credits, days, query):
        for agency, credit, earlier in zip(seven, credits, days, strict=True):
            give(agency, credit, earlier)
        found = by_credit(query)
        turned = found.pages
        walked = [one.pk for number in turned.page_range for one in turned.page(number)]
        assert walked == [one.pk for one in found.qs]
        assert turned.found == found.qs.count()

    compare()


def test_the_kept_counts_give_the_databases_own_median(seven):
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(CREDITS, min_size=7, max_size=7))
    def compare(credits):
        for agency, credit in zip(seven, credits, strict=True):
            give(agency, credit)
        assert kept() == there()
        defined = Agency.objects.aggregate(median=Median("credit"))["median"]
        assert queries.median_credit(Agency.objects.all()) == defined
        assert queries.median_credit(Agency.objects.filter(pk__gt=0)) == defined

    compare()


@given(st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=30), st.decimals(0, 100, places=1))
def test_no_credit_is_above_the_bound_but_those_above_the_middle(credits, other):
    middle = rules.median((credit, 1) for credit in credits)
    assert middle is not None
    for credit in (
        *credits,
        other,
        *(Decimal(middle).quantize(Decimal("0.1")) + step for step in (Decimal("-0.1"), 0)),
    ):
        assert (credit > rules.bound(middle)) == (float(credit) > middle)


def test_counts_follow_many_at_once_and_those_that_go(seven):
    Agency.objects.update(credit=Decimal("80.0"), grade=Grade.B)
    assert kept() == {Decimal("80.0"): 7}
    Agency.objects.filter(pk__in=[one.pk for one in seven[:3]]).update(credit=Decimal("81.5"))
    assert kept() == {Decimal("80.0"): 4, Decimal("81.5"): 3}
    Agency.objects.filter(pk=seven[0].pk).update(intro="只改了简介")
    Agency.objects.filter(pk=seven[1].pk).update(credit=None, grade=Grade.N)
    assert kept() == there() == {Decimal("80.0"): 4, Decimal("81.5"): 2}
    for agency in seven[2:]:
        Agency.objects.filter(pk=agency.pk).delete()
    assert kept() == there() == {Decimal("81.5"): 1}
    Agency.objects.all().delete()
    assert kept() == {}
    assert queries.median_credit(Agency.objects.all()) is None


def test_the_list_by_credit_takes_the_same_queries_however_many_there_are(client, seven, django_assert_num_queries):
    with django_assert_num_queries(6):
        client.get("/agencies/?sort=credit")
    for number in range(7, 50):
        give(cast.agency(f"第{number}咨询有限公司"), Decimal(number))
    with django_assert_num_queries(6):
        client.get("/agencies/?sort=credit")
