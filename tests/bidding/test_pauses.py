"""Live auctions paused and let go on (R5.7): by clocks, the database, lost sockets and two officers."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction

import pytest

from bidding.actions import advance, confirm_pause, end_pause, place_bids, propose_pause
from bidding.clockwork import watch_auctions
from bidding.models import Auction, Heartbeat, Pause, Presence, RoomProcess
from bidding.pulse import Pulse
from bidding.rooms.presence import Register
from bidding.rooms.state import public_state
from bidding.rules import pauses as rules
from core.clock import database_now, from_rfc3339
from tests import cast
from tests.bidding.live_parts import code, floor, kinds, last, lead, press, record, server_started


@pytest.fixture(autouse=True)
def _old_server(db):
    server_started(database_now() - timedelta(days=1))


def beat(seconds_ago: float, **other) -> None:
    Heartbeat.objects.update_or_create(id=1, defaults={"at": database_now() - timedelta(seconds=seconds_ago), **other})


def since(auction: Auction, seconds: float) -> None:
    """The auction runs since so many seconds ago."""
    Auction.objects.filter(pk=auction.pk).update(live_since=database_now() - timedelta(seconds=seconds))


def go_on_now(auction: Auction) -> None:
    """The announced moment has come."""
    auction.refresh_from_db()
    by = auction.opens_again_at - database_now() + timedelta(milliseconds=1)
    Auction.objects.filter(pk=auction.pk).update(
        opens_again_at=auction.opens_again_at - by,
        closes_at=auction.closes_at - by,
        hard_end=auction.hard_end - by,
        due_at=auction.due_at - by,
    )
    advance(auction.request.number)
    auction.refresh_from_db()


def test_a_door_pauses_an_auction_whose_clocks_are_silent_and_the_bid_is_told_why(auction, swift_agency, bid):
    since(auction, 30)
    beat(11)
    before = Auction.objects.get().closes_at
    refused = bid(auction, swift_agency, "99000.00").refusal
    assert refused["code"] == "E_PAUSED"
    assert refused["facts"]["because"] == "heartbeat"
    assert "心跳" in refused["message"]
    assert kinds(auction)[-1] == "auction.paused"
    auction.refresh_from_db()
    assert (auction.status, auction.closes_at) == ("paused", before)
    assert "bid.placed" not in kinds(auction)


def test_when_a_clock_beats_again_it_is_announced_a_minute_before_and_nothing_is_lost(
    auction, swift_agency, steady_agency, bid
):
    bid(auction, swift_agency, "99000.00")
    since(auction, 30)
    beat(11)
    assert watch_auctions() == 1
    assert watch_auctions() == 0  # still silent
    paused = last(auction, "auction.paused")
    left = Auction.objects.get().closes_at - from_rfc3339(paused["since"])
    Pulse().beat()
    assert watch_auctions() == 1
    resumes = last(auction, "auction.resumes")
    assert from_rfc3339(resumes["closes_at"]) - from_rfc3339(resumes["opens_again_at"]) == left
    assert from_rfc3339(resumes["opens_again_at"]) >= database_now() + timedelta(seconds=58)
    assert "恢复" in bid(auction, steady_agency, "98000.00").refusal["message"]
    go_on_now(auction)
    assert auction.status == "live"
    assert lead(auction) == (cast.yuan("99000.00"), "迅达咨询有限公司")
    assert bid(auction, steady_agency, "98000.00").refusal is None
    assert kinds(auction)[-3:] == ["auction.resumes", "auction.resumed", "bid.placed"]


def test_what_is_left_is_at_least_three_minutes(auction):
    cast.set_close(auction, 20)
    since(auction, 60)
    beat(11)
    watch_auctions()
    Pulse().beat()
    watch_auctions()
    auction.refresh_from_db()
    assert auction.closes_at - auction.opens_again_at == timedelta(seconds=180)


def test_clocks_that_fell_silent_before_the_close_keep_it_from_coming(auction, swift_agency, bid):
    """The platform slept from half a minute before the close on; nobody wins by that."""
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, -5)
    since(auction, 60)
    beat(40)
    advance(auction.request.number)
    auction.refresh_from_db()
    assert auction.status == "paused"
    assert "auction.closed" not in kinds(auction)


def test_clocks_that_fell_silent_just_before_the_close_do_not(auction, swift_agency, bid):
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, -5)
    since(auction, 60)
    beat(14)
    advance(auction.request.number)
    assert "auction.closed" in kinds(auction)


def test_a_jump_of_the_clock_pauses_and_goes_on_by_itself(auction):
    since(auction, 30)
    beat(0, stepped_at=database_now(), step_ms=900)
    assert watch_auctions() > 0
    assert kinds(auction)[-2:] == ["auction.paused", "auction.resumes"]
    assert last(auction, "auction.paused")["because"] == "clock_step"


def test_a_restart_of_the_database_pauses(auction, swift_agency, bid):
    since(auction, 60)
    server_started(database_now() - timedelta(seconds=30))
    assert bid(auction, swift_agency, "99000.00").refusal["facts"]["because"] == "failover"
    assert last(auction, "auction.paused")["because"] == "failover"


def test_another_timeline_of_the_database_pauses(auction, swift_agency, bid):
    Auction.objects.update(wal_timeline="000000AB")
    assert bid(auction, swift_agency, "99000.00").refusal["facts"]["because"] == "failover"
    go_on_now(auction)
    assert bid(auction, swift_agency, "99000.00").refusal is None


def there(auction: Auction, *agencies) -> Register:
    register = Register()
    register.write({(auction.request.number, one.pk) for one in agencies})
    return register


def test_the_lines_of_two_of_three_bidders_lost_at_once_pause(auction, swift_agency, steady_agency, third_agency):
    since(auction, 60)
    here = there(auction, swift_agency, steady_agency)
    there(auction, third_agency)
    assert watch_auctions() == 0
    here.write(set())
    assert watch_auctions() == 0  # they may come back at once
    Presence.objects.filter(lost_at__isnull=False).update(lost_at=database_now() - timedelta(seconds=6))
    assert watch_auctions() > 0
    assert last(auction, "auction.paused")["because"] == "sockets"


def test_a_process_that_dies_loses_its_sockets(auction, swift_agency, steady_agency, third_agency):
    since(auction, 60)
    there(auction, swift_agency, steady_agency)
    there(auction, third_agency)
    first = RoomProcess.objects.order_by("alive_at").first()
    RoomProcess.objects.filter(pk=first.pk).update(alive_at=database_now() - timedelta(seconds=8))
    assert watch_auctions() > 0
    assert last(auction, "auction.paused")["because"] == "sockets"


def test_who_is_in_another_process_too_is_there(auction, swift_agency, steady_agency, third_agency):
    since(auction, 60)
    gone = there(auction, swift_agency, steady_agency, third_agency)
    there(auction, swift_agency, steady_agency, third_agency)
    gone.write(set())
    Presence.objects.filter(lost_at__isnull=False).update(lost_at=database_now() - timedelta(seconds=6))
    assert watch_auctions() == 0


def test_lost_lines_pause_an_auction_twice_and_no_more(auction, swift_agency, steady_agency, third_agency):
    Pause.objects.bulk_create(
        Pause(auction=auction, because="sockets", paused_at=database_now(), resumed_at=database_now()) for _ in range(2)
    )
    since(auction, 60)
    there(auction, swift_agency, steady_agency).write(set())
    Presence.objects.update(lost_at=database_now() - timedelta(seconds=6))
    assert watch_auctions() == 0


def test_two_officers_pause_with_a_public_reason(auction, regulator, second_regulator, swift_agency, bid):
    number = auction.request.number
    propose_pause(regulator, number, "多家竞价人反映页面无法打开")
    assert bid(auction, swift_agency, "99000.00").refusal is None  # one officer alone stops nothing
    with pytest.raises(rules.ConfirmsOwnProposal):
        confirm_pause(regulator, number)
    confirm_pause(second_regulator, number)
    said = last(auction, "auction.paused")
    assert said["because"] == "officers"
    assert said["reason"] == "多家竞价人反映页面无法打开"
    assert said["by"] == ["甘肃省市场监督管理局"]
    assert public_state(number)["paused"]["reason"] == "多家竞价人反映页面无法打开"
    assert watch_auctions() == 0
    end_pause(regulator, number)
    with pytest.raises(rules.NotPausedByOfficers):
        end_pause(second_regulator, number)
    go_on_now(auction)
    assert auction.status == "live"


def test_officers_who_end_no_pause_move_it_to_the_next_working_day(auction, regulator, operator):
    number = auction.request.number
    propose_pause(operator, number, "机房检修")
    confirm_pause(regulator, number)
    assert last(auction, "auction.paused")["by"] == ["platform", "甘肃省市场监督管理局"]
    earlier = database_now() - timedelta(minutes=31)
    Pause.objects.update(paused_at=earlier)
    Auction.objects.update(due_at=database_now())
    advance(number)
    auction.refresh_from_db()
    assert auction.opens_again_at.second == auction.opens_at.second
    assert auction.opens_again_at > database_now() + timedelta(hours=6)


def test_what_officers_may_not(auction, regulator, second_regulator, waterworks_user, swift_agency):
    number = auction.request.number
    for stranger in (waterworks_user, swift_agency.user):
        with pytest.raises(rules.NotAnOfficer):
            propose_pause(stranger, number, "理由")
    with pytest.raises(rules.PauseReasonMissing):
        propose_pause(regulator, number, "  ")
    with pytest.raises(rules.NoPauseProposed):
        confirm_pause(second_regulator, number)
    propose_pause(regulator, number, "理由")
    with pytest.raises(rules.PauseProposedBefore):
        propose_pause(second_regulator, number, "另一理由")
    Pause.objects.update(proposed_at=database_now() - timedelta(minutes=11))
    with pytest.raises(rules.NoPauseProposed):
        confirm_pause(second_regulator, number)
    propose_pause(second_regulator, number, "另一理由")
    cast.set_close(auction, -1)
    advance(number)
    with pytest.raises(rules.NothingToPause):
        confirm_pause(regulator, number)


def test_the_database_refuses_an_officer_who_confirms_himself(auction, regulator):
    with pytest.raises(IntegrityError, match="pause_confirmer_is_not_proposer"), transaction.atomic():
        Pause.objects.create(
            auction=auction,
            because="officers",
            reason="理由",
            proposed_by=regulator,
            confirmed_by=regulator,
            paused_at=database_now(),
        )


def test_a_floor_set_in_a_pause_bids_when_the_auction_goes_on(auction, swift_agency, steady_agency, bid):
    bid(auction, steady_agency, "99000.00")
    Auction.objects.update(wal_timeline="000000AB")
    advance(auction.request.number)
    assert code(floor(auction, swift_agency, "80000.00")) is None
    assert lead(auction) == (cast.yuan("99000.00"), "稳健环境技术有限公司")
    go_on_now(auction)
    assert lead(auction) == (cast.yuan("98500.00"), "迅达咨询有限公司")


def test_a_bid_asked_again_in_a_pause_gets_its_old_answer(auction, swift_agency):
    key = uuid.uuid4()
    [first] = place_bids(auction.request.number, [press(swift_agency, "99000.00", key=key)])
    Auction.objects.update(wal_timeline="000000AB")
    assert place_bids(auction.request.number, [press(swift_agency, "99000.00", key=key)]) == [first]
    assert record(auction)[-1]["kind"] in ("bid.placed", "auction.resumes")


def test_an_auction_of_an_older_rule_set_is_not_paused(auction, swift_agency, bid):
    auction.request.ruleset = "2026-11"
    auction.request.save()
    since(auction, 30)
    beat(60)
    assert bid(auction, swift_agency, "99000.00").refusal is None


def test_a_clock_that_comes_back_leaves_its_silence_on_record(db):
    beat(30)
    before = Heartbeat.objects.get().at
    Pulse().beat()
    found = Heartbeat.objects.get()
    assert (found.gap_from, found.gap_to) == (before, found.at)
    Pulse().beat()
    assert Heartbeat.objects.get().gap_to == found.at
