"""Doors of officers and of a low price's review in the room (R5.7, R5.8)."""

from datetime import timedelta

import pytest

from bidding.actions import advance, justify_low_price
from bidding.models import Auction, LowReview, Pause
from core.clock import database_now
from tests import cast
from tests.bidding.live_parts import floor, label, server_started


@pytest.fixture(autouse=True)
def _old_server(db):
    server_started(database_now() - timedelta(days=1))


def room(client, auction) -> str:
    return client.get(f"/r/{auction.request.number}/room/").content.decode()


def step(client, auction, what, **fields):
    return client.post(f"/r/{auction.request.number}/room/{what}/", fields, follow=True).content.decode()


def test_two_officers_pause_from_the_room_and_everybody_reads_why(client, auction, regulator, second_regulator):
    assert "提议暂停" not in room(client, auction)
    client.force_login(regulator)
    assert "提议暂停" in room(client, auction)
    assert "等待另一人确认" in step(client, auction, "pause/propose", reason="多家反映无法打开")
    assert "不能确认自己提出的暂停" in step(client, auction, "pause/confirm")
    client.force_login(second_regulator)
    assert "确认暂停" in room(client, auction)
    step(client, auction, "pause/confirm")
    client.logout()
    shown = room(client, auction)
    assert "多家反映无法打开" in shown
    assert "恢复时间将提前公告" in shown
    client.force_login(second_regulator)
    step(client, auction, "pause/end")
    assert Auction.objects.get().opens_again_at is not None


def test_nobody_else_pauses(client, auction, swift_agency, waterworks_user):
    for user in (swift_agency.user, waterworks_user):
        client.force_login(user)
        assert "提议暂停" not in room(client, auction)
        assert "只有监管人员" in step(client, auction, "pause/propose", reason="理由")
    assert not Pause.objects.exists()
    assert client.post(f"/r/{auction.request.number}/room/pause/elsewhere/").status_code == 404


@pytest.fixture
def reviewed(auction, swift_agency, steady_agency, waterworks, waterworks_user, item, bid) -> Auction:
    for n in range(8):
        other = cast.published(waterworks, item, waterworks_user)
        winner = cast.enrol(None, steady_agency, other.number)
        now = database_now()
        other.awards.create(winner=winner, amount=9_900_000 + n, status="final", published_at=now, standstill_until=now)
    bid(auction, swift_agency, "45000.00", confirmed=True)
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    return Auction.objects.get(pk=auction.pk)


def test_a_low_price_is_justified_by_its_bidder_and_decided_by_the_buyer_in_the_room(
    client, reviewed, swift_agency, steady_agency, waterworks_user
):
    shown = room(client, reviewed)
    assert "低价复核" in shown
    assert "99,000.03" in shown
    assert "迅达咨询" not in shown
    client.force_login(steady_agency.user)
    assert "提交价格说明" not in room(client, reviewed)
    client.force_login(swift_agency.user)
    assert "提交价格说明" in room(client, reviewed)
    step(client, reviewed, "low/justify", text="自有设备")
    assert LowReview.objects.get().justification == "自有设备"
    client.force_login(waterworks_user)
    assert "价格合理，接受" in room(client, reviewed)
    step(client, reviewed, "low/decide", text="可信", accepted="1")
    assert Auction.objects.get(pk=reviewed.pk).status == "closed"
    assert client.get(f"/awards/{reviewed.request.number}/").status_code == 200


def test_the_award_page_and_the_timeline_tell_the_whole_story(client, reviewed, swift_agency, waterworks):
    number = reviewed.request.number
    justify_low_price(swift_agency.organisation, number, "自有设备")
    LowReview.objects.update(decide_until=database_now())
    Auction.objects.filter(pk=reviewed.pk).update(due_at=database_now())
    advance(number)
    page = client.get(f"/r/{number}/").content.decode()
    assert "采购人逾期未认定，视为接受" in page
    assert "自有设备" in page


def test_losers_floors_are_shown_on_the_award_page(client, auction, swift_agency, steady_agency):
    floor(auction, swift_agency, "80000.00")
    floor(auction, steady_agency, "85000.00")
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    page = client.get(f"/awards/{auction.request.number}/").content.decode()
    assert "85,000.00" in page
    assert "代为报价的最低价" in page
    assert "80,000.00" not in page
    assert label(auction, swift_agency) in page
