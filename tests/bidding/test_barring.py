"""Who may not take part any more leaves running selections, by what each has come to (R8, effect)."""

import itertools
from datetime import timedelta

from django.db import IntegrityError, transaction

import pytest

from agencies.models import Standing
from bidding import queries
from bidding.actions import bar_agency, bar_barred, enrol
from bidding.models import Auction, AuctionStatus, Bid, Enrolment
from bidding.rooms.state import public_state, your_state
from core.clock import database_now, rfc3339
from journal.queries import entries_of
from marketplace.models import RequestStatus
from tests import cast
from tests.bidding.barred import label, lock, make, told

pytestmark = pytest.mark.django_db


# -- while enrolment is open ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.REMOVED, Standing.WITHDRAWN])
def test_enrolled_it_is_turned_away_without_its_name(published_request, swift_agency, steady_agency, standing):
    for one in (swift_agency, steady_agency):
        enrol(None, one, published_request.number)
    make(swift_agency, standing)
    assert bar_barred(published_request.number) == 1
    assert told(published_request, "enrolment.barred") == [
        {"label": label(published_request, swift_agency), "because": standing.value}
    ]
    assert [e.agency for e in queries.standing_enrolments(published_request)] == [steady_agency]
    assert bar_barred(published_request.number) == 0


@pytest.mark.parametrize("standing", [Standing.ACTIVE, Standing.WARNED, Standing.PROBATION])
def test_whoever_may_bid_stays(published_request, swift_agency, standing):
    enrol(None, swift_agency, published_request.number)
    make(swift_agency, standing)
    assert bar_barred(published_request.number) == 0
    assert queries.standing_enrolments(published_request).exists()


def test_a_locked_item_turns_away_from_its_requests_alone(
    waterworks, waterworks_user, published_request, swift_agency, survey_item
):
    cast.offers(survey_item, swift_agency)
    other = cast.published(waterworks, survey_item, waterworks_user)
    Enrolment.objects.create(
        request=other, agency=swift_agency, label="青松", salt=b"0" * 32, enrolled_at=database_now()
    )
    enrol(None, swift_agency, published_request.number)
    lock(swift_agency, published_request.item)
    assert bar_agency(swift_agency.pk) == [published_request.number]
    assert told(published_request, "enrolment.barred")[0]["because"] == "item_locked"
    assert queries.standing_enrolments(other).exists()


def test_restored_before_the_deadline_it_may_enrol_again(published_request, swift_agency):
    enrol(None, swift_agency, published_request.number)
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(published_request.number)
    make(swift_agency, Standing.ACTIVE)
    assert enrol(None, swift_agency, published_request.number).withdrawn_at is None


def test_it_does_not_count_as_an_entrant_although_no_clock_ran(published_request, swift_agency, steady_agency):
    for one in (swift_agency, steady_agency):
        enrol(None, one, published_request.number)
    make(swift_agency, Standing.SUSPENDED)
    cast.let_enrolment_end(published_request)
    assert (published_request.status, published_request.extended) == (RequestStatus.PUBLISHED, True)
    assert told(published_request, "enrolment.barred")


# -- while the auction runs -------------------------------------------------------------------------------------------


def test_the_leaders_bids_are_struck_and_the_best_of_the_others_leads(auction, bid, swift_agency, steady_agency):
    for amount, one in zip(("99000", "98000", "97000", "96000"), itertools.cycle([steady_agency, swift_agency])):
        bid(auction, one, amount)
    make(swift_agency, Standing.SUSPENDED)
    assert bar_barred(auction.request.number) == 1
    auction.refresh_from_db()
    assert (auction.best, auction.leader.agency) == (cast.yuan("97000"), steady_agency)
    assert told(auction.request, "bidder.barred") == [
        {
            "label": label(auction.request, swift_agency),
            "because": "suspended",
            "best": "97000.00",
            "leader": label(auction.request, steady_agency),
            "closes_at": rfc3339(auction.closes_at),
        }
    ]
    assert set(Bid.objects.filter(struck=True).values_list("enrolment__agency", flat=True)) == {swift_agency.pk}
    assert Bid.objects.filter(struck=False, seq__isnull=False).count() == 2
    assert bar_barred(auction.request.number) == 0


def test_without_another_bid_nobody_leads_and_the_ceiling_holds_again(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000")
    make(swift_agency, Standing.REMOVED)
    bar_barred(auction.request.number)
    auction.refresh_from_db()
    assert (auction.best, auction.leader) == (None, None)
    assert told(auction.request, "bidder.barred")[0]["leader"] is None
    assert bid(auction, steady_agency, "100000").refusal is None


def test_the_same_amount_may_stand_again_once_its_bid_was_struck(auction, bid, swift_agency, steady_agency):
    bid(auction, steady_agency, "99000")
    bid(auction, swift_agency, "98000")
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(auction.request.number)
    assert bid(auction, steady_agency, "98000").refusal["code"] == "E_LEADING"
    third = Enrolment.objects.exclude(agency__in=[swift_agency, steady_agency]).get().agency
    third.user = third.organisation.memberships.get().user
    assert bid(auction, third, "98000").refusal is None


def test_the_others_have_time_to_answer_when_the_leader_falls(auction, bid, swift_agency, steady_agency):
    bid(auction, steady_agency, "99000")
    bid(auction, swift_agency, "98000")
    cast.set_close(auction, 5)
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(auction.request.number)
    auction.refresh_from_db()
    at = entries_of(auction.request.number).get(kind="bidder.barred").at
    assert auction.closes_at == auction.due_at == at + timedelta(seconds=120)


def test_the_clock_stays_when_somebody_falls_who_does_not_lead(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000")
    bid(auction, steady_agency, "98000")
    cast.set_close(auction, 5)
    before = Auction.objects.get().closes_at
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(auction.request.number)
    auction.refresh_from_db()
    assert (auction.closes_at, auction.leader.agency) == (before, steady_agency)


def test_the_close_never_passes_the_hard_end(auction, bid, swift_agency):
    bid(auction, swift_agency, "99000")
    cast.set_close(auction, 30)
    hard_end = database_now() + timedelta(seconds=45)
    Auction.objects.update(hard_end=hard_end)
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(auction.request.number)
    assert Auction.objects.get().closes_at == hard_end


def test_before_the_opening_it_is_barred_too_and_no_time_moves(
    published_request, bid, swift_agency, steady_agency, third_agency
):
    for one in (swift_agency, steady_agency, third_agency):
        enrol(None, one, published_request.number)
    cast.let_enrolment_end(published_request)
    before = Auction.objects.get()
    make(swift_agency, Standing.SUSPENDED)
    assert bar_barred(published_request.number) == 1
    after = Auction.objects.get()
    assert (after.status, after.closes_at, after.due_at) == (AuctionStatus.READY, before.closes_at, before.due_at)
    assert bid(after, swift_agency, "99000").refusal["code"] == "E_STANDING"


def test_two_who_fall_at_once_leave_the_lead_to_a_third(auction, bid, swift_agency, steady_agency, third_agency):
    for one, amount in ((third_agency, "99000"), (steady_agency, "98000"), (swift_agency, "97000")):
        bid(auction, one, amount)
    for one in (swift_agency, steady_agency):
        make(one, Standing.SUSPENDED)
    assert bar_barred(auction.request.number) == 2
    last = told(auction.request, "bidder.barred")[-1]
    assert (last["label"], last["leader"]) == (
        label(auction.request, swift_agency),
        label(auction.request, third_agency),
    )


def test_it_is_told_its_standing_and_once_restored_that_this_selection_is_over_for_it(
    auction, bid, swift_agency, steady_agency
):
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(auction.request.number)
    assert bid(auction, swift_agency, "99000").refusal["code"] == "E_STANDING"
    make(swift_agency, Standing.ACTIVE)
    assert bid(auction, swift_agency, "98000").refusal["code"] == "E_BARRED"
    assert bid(auction, steady_agency, "98000").refusal is None
    assert [b["code"] for b in your_state(auction.request.number, swift_agency.pk, "zh-hans")["blockers"]] == [
        "E_BARRED"
    ]


def test_rank_and_own_best_count_only_what_stands(auction, bid, swift_agency, steady_agency, third_agency):
    for one, amount in ((third_agency, "99000"), (steady_agency, "98000"), (swift_agency, "97000")):
        bid(auction, one, amount)
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(auction.request.number)
    number = auction.request.number
    ranks = [your_state(number, one.pk, "zh-hans")["rank"] for one in (steady_agency, third_agency, swift_agency)]
    assert ranks == [1, 2, None]
    assert your_state(number, swift_agency.pk, "zh-hans")["best"] is None
    assert public_state(number)["barred"] == {label(auction.request, swift_agency): "suspended"}


def test_bids_of_one_auction_that_stand_never_have_one_amount(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000")
    first = Bid.objects.get()
    again = {"auction": auction, "enrolment": first.enrolment, "amount": first.amount, "at": first.at, "seq": 999}
    with pytest.raises(IntegrityError, match="bid_amount_once_per_auction"), transaction.atomic():
        Bid.objects.create(key="7f0c2f0e-57ef-4c3e-8c1c-3a7d0c8f1a11", **again)
    Bid.objects.update(struck=True)
    assert Bid.objects.create(key="7f0c2f0e-57ef-4c3e-8c1c-3a7d0c8f1a12", **again).pk


def test_a_refused_press_cannot_be_struck(auction, bid, swift_agency):
    bid(auction, swift_agency, "0.00")
    with pytest.raises(IntegrityError, match="bid_struck_was_accepted"), transaction.atomic():
        Bid.objects.update(struck=True)
