"""No award to whoever may not take part: at the close, in the standstill and until the contract (R8, effect)."""

from datetime import timedelta

import pytest

from agencies.models import Standing
from bidding import queries
from bidding.actions import advance, bar_agency, bar_barred, decline_award, enrol
from bidding.clockwork import bar_where_standing_forbids
from bidding.models import Auction, AuctionStatus, Award, AwardStatus
from core.clock import database_now
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.bidding.barred import label, lock, make, told

pytestmark = pytest.mark.django_db


def fresh(request):
    return Request.objects.get(pk=request.pk)


def closed(auction, bid, *bids):
    """The award after these bids."""
    for agency, amount in bids:
        assert bid(auction, agency, amount, confirmed=True).refusal is None
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    return Award.objects.get(request=auction.request)


# -- at the close -----------------------------------------------------------------------------------------------------


def test_at_the_close_a_barred_leader_falls_first_although_no_clock_ran(auction, bid, swift_agency, steady_agency):
    bid(auction, steady_agency, "99000")
    bid(auction, swift_agency, "98000")
    make(swift_agency, Standing.SUSPENDED)
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    auction.refresh_from_db()
    assert (auction.status, auction.leader.agency) == (AuctionStatus.LIVE, steady_agency)
    assert auction.closes_at > database_now() + timedelta(seconds=100)
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    assert Award.objects.get().winner.agency == steady_agency


def test_at_the_hard_end_nothing_is_left_to_wait_for(auction, bid, swift_agency, steady_agency):
    bid(auction, steady_agency, "99000")
    bid(auction, swift_agency, "98000")
    make(swift_agency, Standing.SUSPENDED)
    cast.set_close(auction, -0.001)
    Auction.objects.update(hard_end=Auction.objects.get().closes_at)
    advance(auction.request.number)
    assert Award.objects.get().winner.agency == steady_agency
    notice = queries.result_of(fresh(auction.request))
    assert [one["place"].rank for one in notice["competitors"]] == [1]
    assert [(one["organisation"], one["because"]) for one in notice["barred"]] == [
        (swift_agency.organisation, "suspended")
    ]
    assert swift_agency.organisation not in notice["silent"]


# -- once awarded -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("final", [False, True])
def test_an_award_without_contract_passes_on_to_the_next(auction, bid, swift_agency, steady_agency, final):
    award = closed(auction, bid, (steady_agency, "99000"), (swift_agency, "98000"))
    if final:
        Award.objects.update(standstill_until=database_now())
        advance(auction.request.number)
    make(swift_agency, Standing.REMOVED)
    assert bar_agency(swift_agency.pk) == [auction.request.number]
    award.refresh_from_db()
    assert award.status == AwardStatus.VOIDED
    assert told(auction.request, "award.voided") == [{"label": award.winner.label, "because": "removed"}]
    following = Award.objects.get(status=AwardStatus.STANDSTILL)
    assert (following.winner.agency, following.rank, following.amount) == (steady_agency, 2, cast.yuan("99000"))
    assert fresh(auction.request).status == RequestStatus.STANDSTILL
    assert bar_agency(swift_agency.pk) == []


def test_who_leaves_the_platform_of_its_own_will_has_given_its_award_up(auction, bid, swift_agency, steady_agency):
    award = closed(auction, bid, (steady_agency, "99000"), (swift_agency, "98000"))
    make(swift_agency, Standing.WITHDRAWN)
    assert bar_agency(swift_agency.pk) == [auction.request.number]
    award.refresh_from_db()
    assert award.status == AwardStatus.DECLINED
    assert told(auction.request, "award.declined") == [{"label": award.winner.label, "reason": "withdrawn"}]
    assert Award.objects.get(status=AwardStatus.STANDSTILL).winner.agency == steady_agency


def test_who_is_barred_is_passed_over_when_an_award_falls(auction, bid, swift_agency, steady_agency, third_agency):
    closed(auction, bid, (third_agency, "99500"), (steady_agency, "99000"), (swift_agency, "98000"))
    make(steady_agency, Standing.SUSPENDED)
    assert bar_agency(steady_agency.pk) == []
    decline_award(swift_agency.organisation, auction.request.number, "人手不足")
    assert told(auction.request, "award.passed_over") == [
        {"label": label(auction.request, steady_agency), "because": "suspended"}
    ]
    assert Award.objects.get(status=AwardStatus.STANDSTILL).winner.agency == third_agency


def test_with_nobody_left_who_may_the_selection_fails(auction, bid, swift_agency, steady_agency):
    closed(auction, bid, (steady_agency, "99000"), (swift_agency, "98000"))
    for one in (swift_agency, steady_agency):
        make(one, Standing.SUSPENDED)
    assert bar_barred(auction.request.number) == 1
    assert fresh(auction.request).status == RequestStatus.FAILED
    assert told(auction.request, "auction.failed")[0]["reason"] == "award_voided"


def test_a_standstill_does_not_end_for_a_barred_winner_although_no_clock_ran(auction, bid, swift_agency, steady_agency):
    closed(auction, bid, (steady_agency, "99000"), (swift_agency, "98000"))
    make(swift_agency, Standing.SUSPENDED)
    Award.objects.update(standstill_until=database_now())
    advance(auction.request.number)
    assert not Award.objects.filter(status=AwardStatus.FINAL).exists()
    assert Award.objects.get(status=AwardStatus.STANDSTILL).winner.agency == steady_agency


def test_a_contract_that_was_signed_goes_on(auction, bid, swift_agency):
    award = closed(auction, bid, (swift_agency, "98000"))
    Award.objects.update(status=AwardStatus.FINAL)
    Request.objects.update(status=RequestStatus.CONTRACTED)
    make(swift_agency, Standing.REMOVED)
    assert (bar_agency(swift_agency.pk), bar_barred(auction.request.number), bar_where_standing_forbids()) == ([], 0, 0)
    award.refresh_from_db()
    assert award.status == AwardStatus.FINAL


# -- the clock --------------------------------------------------------------------------------------------------------


def test_a_clock_finds_every_selection_that_was_left_open(
    waterworks, waterworks_user, auction, bid, item, swift_agency, steady_agency
):
    other = cast.published(waterworks, item, waterworks_user)
    enrol(None, swift_agency, other.number)
    bid(auction, swift_agency, "99000")
    assert bar_where_standing_forbids() == 0
    make(swift_agency, Standing.SUSPENDED)
    assert bar_where_standing_forbids() == 2
    assert bar_where_standing_forbids() == 0
    assert told(other, "enrolment.barred")
    assert told(auction.request, "bidder.barred")


def test_a_clock_finds_locked_items(auction, swift_agency):
    lock(swift_agency, auction.request.item)
    assert bar_where_standing_forbids() == 1
    assert told(auction.request, "bidder.barred")[0]["because"] == "item_locked"
