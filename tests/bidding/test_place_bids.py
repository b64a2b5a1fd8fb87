"""Bids as people place them, with the refusals beside the successes (R5.4, R5.5, I6, I7)."""

import uuid
from datetime import timedelta

from django.contrib.sessions.models import Session

import pytest

from accounts.models import Membership
from agencies.models import Standing, Tie
from bidding.actions import Answer, Press, advance, place_bids
from bidding.models import Auction, AuctionStatus, Award, Bid
from bidding.rooms.visitors import visitor
from core.clock import database_now
from journal.models import Entry
from marketplace.models import RequestStatus
from tests import cast

pytestmark = pytest.mark.django_db


def entries(auction: Auction, kind: str) -> list[dict]:
    return [e.data for e in Entry.objects.filter(case=auction.request.case, kind=kind).order_by("seq")]


def test_a_first_bid_at_the_ceiling_leads(auction, bid, swift_agency):
    answer = bid(auction, swift_agency, "100000.00")
    assert answer.refusal is None
    auction.refresh_from_db()
    assert (auction.best, auction.leader.agency, auction.bid_count) == (cast.yuan("100000"), swift_agency, 1)
    assert Entry.objects.get(case=auction.request.case, seq=answer.seq).data["amount"] == "100000.00"


def test_a_bid_above_the_step_is_told_the_highest_price_that_would_pass(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "95000.00")
    answer = bid(auction, steady_agency, "94600.00")
    assert answer.refusal["code"] == "E_TOO_HIGH"
    assert answer.refusal["facts"]["limit"] == "94500.00"
    assert bid(auction, steady_agency, "94500.00").refusal is None


def test_the_leader_does_not_bid_against_itself(auction, bid, swift_agency):
    bid(auction, swift_agency, "99000.00")
    assert bid(auction, swift_agency, "98000.00").refusal["code"] == "E_LEADING"


def test_a_price_of_nothing_is_refused(auction, bid, swift_agency):
    assert bid(auction, swift_agency, "0.00").refusal["code"] == "E_NOT_POSITIVE"


def test_a_big_undercut_needs_a_second_press_that_confirms_it(auction, bid, swift_agency):
    refused = bid(auction, swift_agency, "60000.00")
    assert refused.refusal["code"] == "E_CONFIRM_UNDERCUT"
    assert refused.refusal["facts"]["words"] == "陆万元整"
    assert bid(auction, swift_agency, "60000.00", confirmed=True).refusal is None


def test_i7_the_same_key_gets_the_same_answer_and_one_entry(auction, bid, swift_agency, steady_agency):
    key = uuid.uuid4()
    first = bid(auction, swift_agency, "99000.00", key=key)
    bid(auction, steady_agency, "98000.00")
    assert bid(auction, swift_agency, "99000.00", key=key) == first
    assert bid(auction, swift_agency, "90000.00", key=key) == first
    assert len(entries(auction, "bid.placed")) == 2


def test_i7_a_refused_key_stays_refused(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000.00")
    key = uuid.uuid4()
    first = bid(auction, steady_agency, "99000.00", key=key)
    again = bid(auction, steady_agency, "97000.00", key=key)
    assert first.refusal["code"] == "E_TOO_HIGH"
    assert again == first


def test_the_same_key_twice_in_one_batch_is_one_bid(auction, swift_agency):
    press = Press(uuid.uuid4(), swift_agency.pk, swift_agency.user.pk, cast.yuan("99000"))
    first, second = place_bids(auction.request.number, [press, press])
    assert first == second
    assert first.refusal is None
    assert Bid.objects.count() == 1


def test_a_batch_is_judged_one_after_another(auction, swift_agency, steady_agency, third_agency):
    presses = [
        Press(uuid.uuid4(), a.pk, a.user.pk, cast.yuan(amount))
        for a, amount in ((swift_agency, "99000"), (steady_agency, "99000"), (third_agency, "98500"))
    ]
    answers = place_bids(auction.request.number, presses)
    assert [a.refusal and a.refusal["code"] for a in answers] == [None, "E_TOO_HIGH", None]


def test_a_stranger_is_refused(auction, bid):
    assert bid(auction, cast.agency("局外人有限公司"), "99000.00").refusal["code"] == "E_NOT_ENROLLED"


def test_a_suspended_agency_is_refused_on_its_next_bid(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000.00")
    bid(auction, steady_agency, "98000.00")
    swift_agency.standing = Standing.SUSPENDED
    swift_agency.save()
    assert bid(auction, swift_agency, "97000.00").refusal["code"] == "E_STANDING"


def test_i10_a_tie_declared_meanwhile_stops_the_next_bid(
    river_bureau, river_officer, item, bid, swift_agency, steady_agency, third_agency
):
    auction = cast.live_auction(river_bureau, item, river_officer, swift_agency, steady_agency, third_agency)
    Tie.objects.create(agency=swift_agency, department=river_bureau, nature="staff", declared_at=database_now())
    refusal = bid(auction, swift_agency, "99000.00").refusal
    assert refusal["code"] == "E_TIED"
    assert "岷县水务局" in refusal["message"]


def test_who_no_longer_acts_for_the_agency_is_refused(auction, swift_agency):
    Membership.objects.filter(user=swift_agency.user).delete()
    press = Press(uuid.uuid4(), swift_agency.pk, swift_agency.user.pk, cast.yuan("99000"))
    [answer] = place_bids(auction.request.number, [press])
    assert answer.refusal["code"] == "E_SIGNED_OUT"


def test_a_session_that_ended_is_refused_though_its_socket_is_open(auction, swift_agency, client):
    client.force_login(swift_agency.user)
    key = client.session.session_key
    press = Press(uuid.uuid4(), swift_agency.pk, swift_agency.user.pk, cast.yuan("99000"), session=key)
    assert place_bids(auction.request.number, [press])[0].refusal is None
    Session.objects.all().delete()
    later = Press(uuid.uuid4(), swift_agency.pk, swift_agency.user.pk, cast.yuan("90000"), session=key)
    assert place_bids(auction.request.number, [later])[0].refusal["code"] == "E_SIGNED_OUT"


def test_before_the_opening_a_bid_is_told_when_it_opens(auction, bid, swift_agency):
    now = database_now()
    Auction.objects.update(
        status=AuctionStatus.READY,
        opens_at=now + timedelta(minutes=1),
        closes_at=now + timedelta(minutes=11),
        due_at=now + timedelta(minutes=1),
    )
    assert bid(auction, swift_agency, "99000.00").refusal["code"] == "E_NOT_OPEN"


def test_a_bid_opens_an_auction_whose_time_has_come_although_no_clock_runs(auction, bid, swift_agency):
    Auction.objects.update(status=AuctionStatus.READY)
    assert bid(auction, swift_agency, "99000.00").refusal is None
    auction.refresh_from_db()
    assert auction.status == AuctionStatus.LIVE


def test_i6_a_bid_after_the_close_is_refused_with_the_servers_time_and_closes_the_auction(
    auction, bid, swift_agency, steady_agency
):
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, -0.001)
    refusal = bid(auction, steady_agency, "90000.00").refusal
    assert refusal["code"] == "E_CLOSED"
    assert refusal["facts"]["now"] > refusal["facts"]["closed_at"]
    auction.refresh_from_db()
    assert auction.status == AuctionStatus.CLOSED
    assert Award.objects.get().winner.agency == swift_agency


def test_a_late_bid_moves_the_close_and_says_because_of_which(auction, bid, swift_agency):
    cast.set_close(auction, 60)
    answer = bid(auction, swift_agency, "99000.00")
    auction.refresh_from_db()
    assert auction.closes_at == answer.at + timedelta(seconds=120)
    assert entries(auction, "auction.extended") == [
        {
            "closes_at": auction.closes_at.strftime("%Y-%m-%dT%H:%M:%S.")
            + f"{auction.closes_at.microsecond // 1000:03d}Z",
            "because": answer.seq,
        }
    ]


def test_a_refused_bid_never_moves_the_close(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, 60)
    before = Auction.objects.get().closes_at
    assert bid(auction, steady_agency, "99000.00").refusal
    assert Auction.objects.get().closes_at == before


def test_the_close_never_passes_the_hard_end(auction, bid, swift_agency):
    cast.set_close(auction, 30)
    hard_end = database_now() + timedelta(seconds=45)
    Auction.objects.update(hard_end=hard_end)
    bid(auction, swift_agency, "99000.00")
    assert Auction.objects.get().closes_at == hard_end


def test_the_lowest_wins_when_the_clock_runs_out(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000.00")
    bid(auction, steady_agency, "92000.00")
    cast.set_close(auction, -1)
    assert advance(auction.request.number) == 1
    award = Award.objects.get()
    assert (award.winner.agency, award.amount) == (steady_agency, cast.yuan("92000"))
    auction.request.refresh_from_db()
    assert auction.request.status == RequestStatus.STANDSTILL
    reveals = {r["label"]: r["uscc"] for r in entries(auction, "auction.closed")[0]["reveals"]}
    assert reveals[award.winner.label] == steady_agency.uscc


def test_without_a_bid_the_selection_fails(auction):
    cast.set_close(auction, -1)
    advance(auction.request.number)
    auction.request.refresh_from_db()
    assert auction.request.status == RequestStatus.FAILED
    assert entries(auction, "auction.failed")[0]["reason"] == "no_bids"


def test_a_changed_password_ends_what_an_open_socket_may_do(auction, swift_agency, client):
    client.force_login(swift_agency.user)
    who = visitor(f"sessionid={client.session.session_key}")
    assert who.agency == swift_agency.pk

    def press(amount: str) -> Answer:
        made = Press(uuid.uuid4(), swift_agency.pk, who.user, cast.yuan(amount), False, who.session, who.password)
        return place_bids(auction.request.number, [made])[0]

    assert press("99000").refusal is None
    swift_agency.user.set_password("another long pass phrase")
    swift_agency.user.save()
    assert press("90000").refusal["code"] == "E_SIGNED_OUT"
