"""The co-bidding network: counted by hand, laid out the same each time, and what flags are about is marked for officers only."""

from datetime import timedelta

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.models import Award, Enrolment
from core.clock import database_now
from flags.network import drawn, network
from flags.queries.windows import window
from flags.rules import Scope
from marketplace.models import Request, RequestStatus, ServiceItem
from tests import cast
from tests.flags.stage import Bench

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def awarded(buyer: Organisation, item: ServiceItem, by: User, *agencies: Agency) -> Request:
    """A request that these entered and the first of them won."""
    request = cast.published(buyer, item, by)
    now = database_now()
    entered = [
        Enrolment.objects.create(
            request=request, agency=one, label=f"L{n}", salt=bytes(32), enrolled_at=now, enrolled_by=by
        )
        for n, one in enumerate(agencies)
    ]
    Award.objects.create(
        request=request, winner=entered[0], amount=5_000_000, published_at=now, standstill_until=now + timedelta(days=1)
    )
    Request.objects.filter(pk=request.pk).update(status=RequestStatus.STANDSTILL)
    return request


def test_it_counts_meetings_and_wins_and_looks_the_same_each_time(
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    swift_agency: Agency,
    steady_agency: Agency,
    third_agency: Agency,
) -> None:
    for _ in range(2):
        awarded(waterworks, item, waterworks_user, swift_agency, steady_agency)
    awarded(waterworks, item, waterworks_user, steady_agency, swift_agency, third_agency)
    found = network(item.pk, "", database_now(), flagged=False)
    [tie] = found.ties
    assert {tie.one, tie.other} == {swift_agency.uscc, steady_agency.uscc}, "the third met each of them once only"
    wins = dict(zip((tie.one, tie.other), tie.won, strict=True))
    assert (tie.met, wins) == (3, {swift_agency.uscc: 2, steady_agency.uscc: 1})
    cache.clear()
    again = network(item.pk, "", database_now(), flagged=False)
    assert drawn(again) == drawn(found)
    assert network("NOT-01", "", database_now(), flagged=False).ties == ()


def test_only_officers_see_which_pairs_flags_are_about(
    client: Client,
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    swift_agency: Agency,
    steady_agency: Agency,
) -> None:
    bench = Bench(swift_agency, steady_agency)
    flag = bench.same_price()
    assert flag is not None
    for _ in range(2):
        awarded(waterworks, item, waterworks_user, swift_agency, steady_agency)
    public = client.get(reverse("public_network")).content.decode()
    assert swift_agency.organisation.name in public
    assert flag.number not in public
    assert "net-flagged" not in public
    client.force_login(bench.officers[0])
    shown = client.get(reverse("officer_network")).content.decode()
    assert flag.number in shown
    assert "net-flagged" in shown


def test_a_window_sees_nothing_before_the_award(
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    swift_agency: Agency,
    steady_agency: Agency,
) -> None:
    request = cast.published(waterworks, item, waterworks_user)
    Enrolment.objects.create(
        request=request,
        agency=swift_agency,
        label="L",
        salt=bytes(32),
        enrolled_at=database_now(),
        enrolled_by=waterworks_user,
    )
    key = (item.pk, request.region_id)
    assert window(Scope.MARKET, key, database_now()).processes == ()
    won = awarded(waterworks, item, waterworks_user, swift_agency, steady_agency)
    [seen] = window(Scope.MARKET, key, database_now()).processes
    assert (seen.number, seen.winner, seen.final) == (won.number, swift_agency.uscc, 5_000_000)
    assert seen.entrants == {swift_agency.uscc, steady_agency.uscc}
    assert not seen.sealed
    assert [one.number for one in window(Scope.BUYER, (waterworks.uscc,), database_now()).processes] == [won.number]
