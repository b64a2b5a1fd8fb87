"""When somebody is barred: struck rows, the lead, the clock and the reason, before any script and in a real browser."""

import json
import re

from django.test import Client
from django.urls import reverse

import pytest
from playwright.sync_api import expect

from agencies.models import Standing
from bidding.actions import advance, bar_barred
from bidding.models import Auction, Enrolment
from marketplace.timeline import timeline
from tests import cast
from tests.bidding.barred import make
from tests.plumbing import world as worlds


@pytest.fixture
def barred_leader(auction, bid, swift_agency, steady_agency):
    """Steady leads at 98,500 since the bids of Swift, which led, were struck."""
    bid(auction, swift_agency, "99000.00")
    bid(auction, steady_agency, "98500.00")
    bid(auction, swift_agency, "98000.00")
    make(swift_agency, Standing.SUSPENDED)
    bar_barred(auction.request.number)
    return auction


def room(client, auction):
    return client.get(reverse("room", args=[auction.request.number])).content.decode()


def test_struck_bids_are_shown_struck_with_the_reason_and_the_best_of_the_others_leads(client, barred_leader):
    page = room(client, barred_leader)
    assert [text.strip() for text in re.findall(r"<del>(.*?)</del>", page, re.DOTALL)] == ["¥98,000.00", "¥99,000.00"]
    assert page.count("报价作废：被暂停</span>") == 2
    assert 'data-testid="live-price">¥98,500.00' in re.sub(r"\s*\n\s*", "", page)
    assert page.count("chart-dot-struck") == 2


def test_the_state_says_whose_bids_are_void_and_names_nobody(client, barred_leader, swift_agency):
    answer = client.get(reverse("room_state", args=[barred_leader.request.number]))
    state = json.loads(answer.content)
    label = Enrolment.objects.get(agency=swift_agency).label
    assert state["barred"] == {label: "suspended"}
    assert state["best"] == "98500.00"
    assert swift_agency.organisation.name not in answer.content.decode()


def test_the_barred_read_why_they_may_not_bid(barred_leader, swift_agency):
    client = Client()
    client.force_login(swift_agency.user)
    page = room(client, barred_leader)
    assert 'data-code="E_STANDING"' in page
    assert re.search(r'data-room="standing">\s*报价作废：被暂停', page)
    assert re.search(r'data-testid="bid"[^>]*disabled', page)


def test_the_timeline_tells_label_reason_and_what_leads(barred_leader, swift_agency):
    label = Enrolment.objects.get(agency=swift_agency).label
    event = timeline(barred_leader.request.number)[0]
    assert (event.label, event.detail) == ("竞价人退出，报价作废", f"{label} · 被暂停 · ¥98,500.00")


def test_the_result_names_the_barred_apart_from_who_bid_nothing(client, barred_leader, swift_agency, third_agency):
    cast.set_close(barred_leader, -1)
    advance(barred_leader.request.number)
    page = client.get(reverse("award_page", args=[barred_leader.request.number])).content.decode()
    assert Auction.objects.get().leader.agency.organisation.name in page
    assert "报价作废：被暂停" in page
    assert page.count("未报价") == 1


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with worlds.served(tmp_path_factory.mktemp("barred")) as (world, server):
        yield world, server


@pytest.mark.browser
@pytest.mark.slow
def test_everybody_s_page_follows_when_the_leader_falls_at_the_close(new_context, place):
    world, server = place
    watcher, second, leader = new_context(), new_context(), new_context()
    for context, bidder in ((second, world.bidders[1]), (leader, world.bidders[0])):
        context.add_cookies([{"name": "sessionid", "value": bidder.session, "url": server.url}])
    with worlds.browser(server, world.bidders[1]) as steady, worlds.browser(server, world.bidders[0]) as swift:
        assert steady.bid(world.number, "99000.00")[0] == 200
        assert swift.bid(world.number, "98000.00")[0] == 200
    world.closes_in(12)
    pages = [context.new_page() for context in (watcher, second, leader)]
    for page in pages:
        page.goto(f"{server.url}/r/{world.number}/room/")
        expect(page.get_by_test_id("conn")).to_contain_text("良好")
        expect(page.get_by_test_id("live-price")).to_have_text("¥98,000.00")
    world.database.rows("UPDATE agencies_agency SET standing = 'suspended' WHERE id = %s", world.bidders[0].agency)
    for page in pages:
        expect(page.get_by_test_id("live-price")).to_have_text("¥99,000.00", timeout=20_000)
        expect(page.locator("tr.log-struck del")).to_have_text("¥98,000.00")
        expect(page.get_by_test_id("extension-reason")).to_contain_text("被暂停")
        left = int(page.get_by_test_id("remaining").get_attribute("data-remaining-ms") or 0)
        assert 100_000 < left <= 120_000
    shown_watcher, shown_second, shown_leader = pages
    expect(shown_second.locator("[data-room=standing]")).to_have_text("您当前领先")
    expect(shown_leader.get_by_test_id("blocker")).to_have_attribute("data-code", "E_STANDING")
    expect(shown_leader.locator("[data-room=own-best]")).to_have_text("—")
    expect(shown_leader.locator("[data-room=standing]")).to_have_text("报价作废：被暂停")
    expect(shown_leader.get_by_test_id("bid")).to_be_disabled()
    expect(shown_watcher.locator("tr.log-mark").first).to_contain_text("当前最低 ¥99,000.00")
    shown_watcher.get_by_role("button", name="文字版").click()
    expect(shown_watcher.locator("[data-room=lines]")).to_contain_text("¥98,000.00 · 报价作废：被暂停")
    with worlds.browser(server, world.bidders[2]) as third:
        assert third.bid(world.number, "98500.00")[0] == 200
    for page in pages:
        expect(page.get_by_test_id("live-price")).to_have_text("¥98,500.00")
    expect(shown_second.locator("[data-room=standing]")).to_have_text("您当前第 2 位")
