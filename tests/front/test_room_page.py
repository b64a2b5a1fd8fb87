"""The room as the server writes it: what stands there before, and without, any script."""

import json
import re

from django.test import Client
from django.urls import reverse

import pytest

from agencies.models import Standing
from bidding.models import Bid
from tests import cast


@pytest.fixture
def bidder(swift_agency) -> Client:
    client = Client()
    client.force_login(swift_agency.user)
    return client


def room(client, auction):
    return client.get(reverse("room", args=[auction.request.number])).content.decode()


def test_anyone_sees_price_ceiling_and_the_way_to_sign_in(client, auction, swift_agency, bid):
    bid(auction, swift_agency, "99000.00")
    page = room(client, auction)
    assert 'data-testid="live-price">¥99,000.00' in re.sub(r"\s*\n\s*", "", page)
    assert "¥100,000.00" in page
    assert reverse("account_login") in page
    assert 'data-testid="bid"' not in page


def test_nobody_reads_a_name_before_the_close(client, auction, swift_agency, bid):
    bid(auction, swift_agency, "99000.00")
    page = room(client, auction)
    assert swift_agency.organisation.name not in page
    assert swift_agency.organisation.uscc not in page


def test_the_first_paint_has_the_state_that_the_scripts_start_from(client, auction):
    page = room(client, auction)
    state = json.loads(re.search(r'id="room-state" type="application/json">(.*?)</script>', page)[1])
    assert state["case"] == auction.request.number
    assert state["status"] == "live"


def test_without_a_bid_it_says_what_may_be_offered(client, auction):
    assert "尚无报价，最高可报 ¥100,000.00" in room(client, auction)


def test_a_bidder_finds_the_highest_price_that_would_pass(bidder, auction, steady_agency, bid):
    bid(auction, steady_agency, "99000.00")
    assert 'value="98500.00"' in room(bidder, auction)


def test_a_bid_works_without_scripts(bidder, auction):
    page = room(bidder, auction)
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    answer = bidder.post(reverse("room_bid", args=[auction.request.number]), {"key": key, "amount": "99000"})
    assert answer.status_code == 302
    assert Bid.objects.get(key=key).seq is not None
    assert "已受理 #" in bidder.get(answer.url).content.decode()


def test_a_big_undercut_without_scripts_is_asked_back_in_words(bidder, auction):
    door = reverse("room_bid", args=[auction.request.number])
    asked = bidder.post(door, {"key": "7f0c2f0e-57ef-4c3e-8c1c-3a7d0c8f1a11", "amount": "60000"})
    page = asked.content.decode()
    assert asked.status_code == 409
    assert "陆万元整" in page
    again = re.search(r'name="key" value="([^"]+)"', page)[1]
    assert bidder.post(door, {"key": again, "amount": "60000", "confirmed": "on"}).status_code == 302


def test_an_agency_that_may_not_bid_reads_why_by_which_rule_and_what_to_do(bidder, auction, swift_agency):
    swift_agency.standing = Standing.SUSPENDED
    swift_agency.save()
    page = room(bidder, auction)
    assert 'data-testid="blocker"' in page
    assert 'data-code="E_STANDING"' in page
    assert f"{reverse('policy_page')}#P20.9" in page
    assert re.search(r'data-testid="bid"[^>]*disabled', page)


def test_a_finished_auction_shows_the_winner_and_leads_to_award_and_record(client, auction, swift_agency, bid):
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, -1)
    cast.advance(auction.request.number)
    page = room(client, auction)
    assert swift_agency.organisation.name in page
    assert reverse("award_page", args=[auction.request.number]) in page
    assert reverse("request_record", args=[auction.request.number]) in page


def test_an_award_notice_names_winner_words_rivals_and_reason(client, auction, swift_agency, steady_agency, bid):
    bid(auction, steady_agency, "99500.00")
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, -1)
    cast.advance(auction.request.number)
    page = client.get(reverse("award_page", args=[auction.request.number])).content.decode()
    assert "玖万玖仟元整" in page
    assert swift_agency.organisation.name in page
    assert steady_agency.organisation.name in page
    assert "最低报价者中选" in page


def test_the_front_page_shows_a_running_auction_or_when_the_next_begins(client, auction):
    assert 'data-testid="live-price"' in client.get("/").content.decode()
    cast.set_close(auction, -1)
    cast.advance(auction.request.number)
    assert "此刻没有进行中的竞价" in client.get("/").content.decode()


def test_the_language_switch_changes_the_page(client, auction):
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en">' in client.get("/").content.decode()
