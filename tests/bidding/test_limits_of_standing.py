"""Locked items and probation, at enrolment, at every bid and at the award (R8, R2)."""

from datetime import timedelta

import pytest

from agencies.models import Standing
from bidding import queries
from bidding.actions import advance, enrol
from bidding.actions.barring import bar_barred
from bidding.clockwork import bar_where_standing_forbids
from bidding.models import Auction, Award, AwardStatus, Enrolment
from bidding.rooms.state import your_state
from bidding.rules.enrolment import ItemLocked, ProbationLimit, blockers
from core.clock import database_now
from journal.queries import entries_of
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.bidding.barred import lock

pytestmark = pytest.mark.django_db


def codes(agency, request):
    found = blockers(queries.applicant(agency, request), queries.opening(request), database_now())
    return [blocker.code for blocker in found]


@pytest.fixture
def probationer(swift_agency):
    swift_agency.standing = Standing.PROBATION
    swift_agency.save()
    return swift_agency


@pytest.fixture
def wins(waterworks, waterworks_user, item):
    """`wins(agency, 2)`: it is awarded so many requests."""

    def win(agency, count, status=RequestStatus.CONTRACTED):
        for _ in range(count):
            request = cast.published(waterworks, item, waterworks_user, status=status)
            winner = Enrolment.objects.create(
                request=request, agency=agency, label="青松", salt=b"0" * 32, enrolled_at=database_now()
            )
            now = database_now()
            Award.objects.create(
                request=request,
                winner=winner,
                amount=100,
                status=AwardStatus.FINAL,
                published_at=now,
                standstill_until=now,
            )

    return win


# -- locked items -----------------------------------------------------------------------------------------------------


def test_a_locked_item_blocks_enrolment_and_names_the_case(published_request, swift_agency, item):
    lock(swift_agency, item)
    assert codes(swift_agency, published_request) == ["E_ITEM_LOCKED"]
    with pytest.raises(ItemLocked) as refused:
        enrol(None, swift_agency, published_request.number)
    assert "E-2026-000001" in refused.value.text
    assert item.name_zh in refused.value.text


def test_a_locked_item_blocks_no_other_item_and_no_other_agency(
    published_request, swift_agency, steady_agency, survey_item
):
    lock(swift_agency, survey_item)
    assert codes(swift_agency, published_request) == []
    lock(swift_agency, published_request.item)
    assert codes(steady_agency, published_request) == []


def test_a_lock_made_meanwhile_stops_the_next_bid_with_the_same_words(auction, bid, swift_agency):
    assert bid(auction, swift_agency, "99000").refusal is None
    lock(swift_agency, auction.request.item)
    refusal = bid(auction, swift_agency, "98000").refusal
    [shown] = your_state(auction.request.number, swift_agency.pk, "zh-hans")["blockers"]
    assert refusal == shown
    assert refusal["code"] == "E_ITEM_LOCKED"


def test_a_lock_that_is_over_or_lifted_stops_no_bid(auction, bid, swift_agency, steady_agency):
    now = database_now()
    past = {"since": now - timedelta(days=9), "until": now - timedelta(days=1)}
    lock(swift_agency, auction.request.item, **past)
    lock(steady_agency, auction.request.item, lifted_at=now)
    assert bid(auction, swift_agency, "99000").refusal is None
    assert bid(auction, steady_agency, "98000").refusal is None


# -- probation --------------------------------------------------------------------------------------------------------


def test_on_probation_an_agency_takes_part_within_its_limits(published_request, probationer, wins):
    wins(probationer, 1)
    wins(probationer, 3, RequestStatus.COMPLETED)
    assert codes(probationer, published_request) == []
    assert enrol(None, probationer, published_request.number).withdrawn_at is None


@pytest.mark.parametrize("status", [RequestStatus.STANDSTILL, RequestStatus.AWARDED, RequestStatus.CONTRACTED])
def test_with_two_awards_under_way_it_takes_no_third(published_request, probationer, wins, status):
    wins(probationer, 2, status)
    assert codes(probationer, published_request) == ["E_PROBATION_LIMIT"]
    with pytest.raises(ProbationLimit) as refused:
        enrol(None, probationer, published_request.number)
    assert (refused.value.facts["awards"], refused.value.facts["most"]) == (2, 2)
    assert "¥200,000.00" in refused.value.text


def test_nor_a_request_above_200000_yuan(waterworks, waterworks_user, item, probationer):
    at_the_limit = cast.published(waterworks, item, waterworks_user, ceiling="200000.00")
    above = cast.published(waterworks, item, waterworks_user, ceiling="200000.01")
    assert codes(probationer, at_the_limit) == []
    assert codes(probationer, above) == ["E_PROBATION_LIMIT"]


def test_others_have_no_such_limit(published_request, swift_agency, wins):
    wins(swift_agency, 5)
    assert codes(swift_agency, published_request) == []


def test_an_award_that_fell_does_not_count(published_request, probationer, wins):
    wins(probationer, 2)
    Award.objects.update(status=AwardStatus.DECLINED)
    assert codes(probationer, published_request) == []


def test_an_award_won_meanwhile_stops_the_next_bid_with_the_same_words(auction, bid, probationer, steady_agency, wins):
    wins(probationer, 1)
    assert bid(auction, probationer, "99000").refusal is None
    bid(auction, steady_agency, "98000")
    wins(probationer, 1)
    refusal = bid(auction, probationer, "97000").refusal
    [shown] = your_state(auction.request.number, probationer.pk, "zh-hans")["blockers"]
    assert refusal == shown
    assert refusal["code"] == "E_PROBATION_LIMIT"


def test_a_leader_that_reached_its_limit_elsewhere_is_not_awarded_a_third(
    auction, bid, probationer, steady_agency, wins
):
    bid(auction, steady_agency, "99000")
    bid(auction, probationer, "98000")
    wins(probationer, 2)
    cast.set_close(auction, -0.001)
    Auction.objects.update(hard_end=Auction.objects.get().closes_at)
    advance(auction.request.number)
    barred = entries_of(auction.request.number).get(kind="bidder.barred").data
    assert barred["because"] == "probation_limit"
    assert Award.objects.get(request=auction.request).winner.agency == steady_agency


def test_the_limit_withdraws_no_enrolment_and_takes_no_award_away(published_request, probationer, wins):
    enrol(None, probationer, published_request.number)
    wins(probationer, 3, RequestStatus.STANDSTILL)
    assert bar_where_standing_forbids() == 0
    assert bar_barred(published_request.number) == 0
    assert queries.standing_enrolments(published_request).exists()
    assert Award.objects.filter(status=AwardStatus.FINAL).count() == 3
    assert Request.objects.filter(status=RequestStatus.STANDSTILL).count() == 3
