"""Bids for requests whose auction is not there, yet or ever."""

import uuid
from datetime import timedelta

import pytest

from bidding.actions import Press, enrol, place_bids
from bidding.models import Auction
from core.clock import database_now
from marketplace.models import Request, RequestStatus
from tests import cast

pytestmark = pytest.mark.django_db


def a_bid(request, agency):
    [answer] = place_bids(request.number, [Press(uuid.uuid4(), agency.pk, agency.user.pk, cast.yuan("90000"))])
    return answer


def test_while_enrolment_runs_a_bid_is_told_when_bidding_opens(published_request, swift_agency):
    enrol(None, swift_agency, published_request.number)
    refusal = a_bid(published_request, swift_agency).refusal
    opens_at = published_request.selects_at + timedelta(minutes=3)
    assert refusal["code"] == "E_NOT_OPEN"
    assert refusal["facts"]["opens_at"] == cast.beijing_minute(opens_at)
    assert not Auction.objects.exists()


def test_a_bid_ends_enrolment_when_its_time_has_come_although_no_clock_runs(
    published_request, swift_agency, steady_agency
):
    for one in (swift_agency, steady_agency):
        enrol(None, one, published_request.number)
    now = database_now()
    Request.objects.filter(pk=published_request.pk).update(enrol_until=now, selects_at=now + timedelta(hours=1))
    assert a_bid(published_request, swift_agency).refusal["code"] == "E_NOT_OPEN"
    assert Auction.objects.get().request == published_request


def test_a_bid_for_a_request_that_failed_for_want_of_entrants_is_told_that_it_is_over(published_request, swift_agency):
    Request.objects.filter(pk=published_request.pk).update(extended=True)
    cast.let_enrolment_end(published_request)
    assert published_request.status == RequestStatus.FAILED
    assert a_bid(published_request, swift_agency).refusal["code"] == "E_CLOSED"


def test_the_plain_form_answers_too(client, published_request, swift_agency):
    client.force_login(swift_agency.user)
    fields = {"key": str(uuid.uuid4()), "amount": "90000"}
    answer = client.post(f"/r/{published_request.number}/room/bid/", fields, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "E_NOT_OPEN")
