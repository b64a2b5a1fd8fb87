"""The newest of what is searched are found by three ways; each finds just what asking for them in order finds."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import queries as agency_queries
from agencies.filters import AgencyFilter
from agencies.models import Agency
from bidding.filters import AwardFilter
from bidding.models import Award, AwardStatus, Enrolment
from bidding.queries import awards_newest_first
from core.filtering import Searching
from core.search import newest
from marketplace import queries
from marketplace.filters import RequestFilter
from marketplace.models import Request
from tests import cast

pytestmark = pytest.mark.django_db

TEXTS = ("水土保持方案编制", "天水保障性住房", "环境影响评价", "方案编制")
# How many are looked at first, and how many must fit: enough at once, walking on, all by the index, and what falls between.
WAYS = [(400, 2), (2, 0), (2, 400), (4, 2), (8, 4)]


def asked(**typed: str) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(typed)
    return query


@pytest.fixture
def lists(waterworks, waterworks_user, item, river_bureau) -> dict[str, Any]:
    """Eight requests, each won by one of three agencies."""
    agencies = [cast.agency(f"{name}咨询有限公司") for name in ("水保", "环评", "迅达")]
    other = cast.service_item("TST-07", name_zh="其他服务")
    requests = [
        cast.published(waterworks, other, waterworks_user, title="服务采购", scope="见附件。") for _ in range(8)
    ]
    awards = []
    for number, one in enumerate(requests):
        winner = Enrolment.objects.create(
            request=one, agency=agencies[number % 3], label="calm river", salt=b"s" * 32, enrolled_at=one.created_at
        )
        ended = one.created_at + timedelta(days=1)
        awards.append(
            Award.objects.create(
                request=one,
                winner=winner,
                amount=100,
                status=AwardStatus.FINAL if number % 2 else AwardStatus.STANDSTILL,
                published_at=one.created_at - timedelta(hours=number * 5 % 8),
                standstill_until=ended,
            )
        )
    return {"requests": requests, "agencies": agencies, "awards": awards}


@pytest.mark.parametrize(("near", "some"), WAYS)
def test_every_way_finds_what_asking_in_order_finds(lists, monkeypatch, near, some):
    monkeypatch.setattr(newest, "NEAR", near)
    monkeypatch.setattr(newest, "SOME", some)

    def same(found: Searching, most: int) -> None:
        rows = found.qs
        keys = newest.newest_keys(found._around.order_by(*rows.query.order_by), found.searched, found.asked, most)
        assert keys == list(rows.values_list("pk", flat=True)[:most])

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(st.sampled_from(TEXTS), min_size=8, max_size=8),
        st.sampled_from(["水保", "水土保持", "环评", "方案", "咨询", "没有的词"]),
        st.sampled_from([1, 3, 101]),
    )
    def compare(titles, typed, most):
        for one, title in zip(lists["requests"], titles, strict=True):
            Request.objects.filter(pk=one.pk).update(scope=title)
        for one, intro in zip(lists["agencies"], titles, strict=False):
            Agency.objects.filter(pk=one.pk).update(intro=intro)
        narrowings = ({"q": typed}, {"q": typed, "region": "620000"})
        for query in (*narrowings, {"q": typed, "status": "published"}, {"q": typed, "status": "failed"}):
            same(RequestFilter(asked(**query), queryset=queries.requests_in_public()), most)
        for query in (*narrowings, {"q": typed, "standing": "active"}):
            same(AgencyFilter(asked(**query), queryset=agency_queries.directory()), most)
        for query in (*narrowings, {"q": typed, "status": "final"}):
            same(AwardFilter(asked(**query), queryset=awards_newest_first()), most)

    compare()


@pytest.mark.parametrize(
    "address",
    ["/live/", "/live/?q=水保", "/awards/?q=水保", "/search/?q=水保", "/agencies/?sort=name", "/requests/?q=水保"],
)
def test_a_list_takes_the_same_queries_however_much_there_is(
    client, waterworks, waterworks_user, item, django_assert_num_queries, address
):
    def more(number: int) -> None:
        agency = cast.agency(f"第{number}水保咨询有限公司")
        one = cast.published(waterworks, item, waterworks_user)
        at = one.created_at
        winner = Enrolment.objects.create(
            request=one, agency=agency, label="calm river", salt=b"s" * 32, enrolled_at=at
        )
        Award.objects.create(request=one, winner=winner, amount=100, published_at=at, standstill_until=at)

    more(0)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(1, 25):
        more(number)
    with django_assert_num_queries(len(few)):
        client.get(address)
