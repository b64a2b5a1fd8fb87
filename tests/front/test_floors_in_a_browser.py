"""Floors, pauses and tie-outs in a real browser (R5.5–R5.7)."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.plumbing import world as worlds
from tests.plumbing.browser import Screen, everywhere

_SHOTS = os.environ.get("FLOOR_SHOTS")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with worlds.served(tmp_path_factory.mktemp("floors"), auctions=12) as (world, server):
        yield world, server, iter(world.numbers)


@pytest.fixture
def number(place) -> str:
    return next(place[2])


def entered(context: BrowserContext, place, number: str, bidder: int | None) -> Page:
    world, server, _numbers = place
    if bidder is not None:
        context.add_cookies([{"name": "sessionid", "value": world.bidders[bidder].session, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/r/{number}/room/")
    expect(page.get_by_test_id("conn")).to_have_attribute("data-state", "good")
    return page


def shot(page: Page, name: str) -> None:
    if _SHOTS:
        page.screenshot(path=str(Path(_SHOTS) / f"{name}.png"), full_page=True)


def set_floor(page: Page, amount: str) -> None:
    page.locator("[data-room=floor] summary").click()
    page.get_by_test_id("floor-amount").fill(amount)
    page.get_by_test_id("floor-set").click()
    expect(page.locator("[data-room=hidden-words]")).to_contain_text("元整")
    page.get_by_test_id("hidden-confirm").click()


def pause(place, number: str, because: str = "failover", again: str = "NULL") -> None:
    """As after a failover; what follows is announced by whoever looks next."""
    place[0].database.rows(
        "UPDATE bidding_auction SET wal_timeline = '000000AB' WHERE request_id ="
        " (SELECT id FROM marketplace_request WHERE number = %s)",
        number,
    )


def test_a_floor_set_by_a_bidder_whose_socket_is_gone_wins(new_context, place, number):
    world, server, _numbers = place
    owner = new_context()
    page = entered(owner, place, number, 0)
    set_floor(page, "90000")
    expect(page.get_by_test_id("floor-state")).to_contain_text(re.compile(r"最低价已生效 #\d+"))
    expect(page.get_by_test_id("floor-now")).to_have_text(re.compile(r"最低价 ¥90,000\.00"))
    own_label = page.locator(".you-facts dd").first.inner_text().strip()
    owner.set_offline(True)
    page.close()
    rival = entered(new_context(), place, number, 1)
    for price in ("99500", "98000", "96000"):
        rival.get_by_test_id("amount").fill(price)
        rival.get_by_test_id("bid").click()
        expect(rival.get_by_test_id("my-state")).to_contain_text("已受理")
        expect(rival.locator("[data-room=leader]").first).to_have_text(own_label)
    expect(rival.get_by_test_id("live-price")).to_contain_text("95,500.00")
    assert "90,000" not in rival.content()
    world.closes_in(0, number)
    with worlds.browser(server, world.bidders[2]) as late:
        late.bid(number, "80000.00")
    expect(rival.locator("[data-room=result-winner]")).to_contain_text(own_label)
    expect(rival.locator("[data-room=result-amount]")).to_contain_text("95,500.00")


def test_a_floor_works_without_scripts(new_context, place, number, watch):
    watch.expect(r"409 \(Conflict\)")
    world, server, _numbers = place
    context = new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": world.bidders[0].session, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/r/{number}/room/")
    page.locator("[data-room=floor] summary").click()
    page.get_by_test_id("floor-amount").fill("90000")
    page.get_by_test_id("floor-set").click()
    expect(page.get_by_test_id("floor-state")).to_contain_text("玖万元整")
    page.get_by_test_id("floor-amount").fill("90000")
    page.locator("[data-room=floorform] input[name=confirmed]").check()
    page.get_by_test_id("floor-set").click()
    expect(page.get_by_test_id("floor-now")).to_contain_text("90,000.00")
    page.get_by_test_id("floor-withdraw").click()
    expect(page.get_by_test_id("floor-now")).to_contain_text("未设定")


def test_escape_sets_no_floor(new_context, place, number):
    page = entered(new_context(), place, number, 0)
    page.locator("[data-room=floor] summary").click()
    page.get_by_test_id("floor-amount").fill("90000")
    page.get_by_test_id("floor-set").click()
    expect(page.locator("[data-room=hidden-words]")).to_contain_text("玖万元整")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("floor-amount")).to_be_focused()
    expect(page.get_by_test_id("floor-now")).to_have_text(re.compile("未设定"))


@everywhere
def test_floor_and_pause_fit_every_screen(new_context, place, number, screen: Screen):
    context = new_context()
    language = {"zh": "zh-hans", "en": "en"}[screen.language]
    context.add_cookies([{"name": "django_language", "value": language, "url": place[1].url}])
    page = entered(context, place, number, 0)
    page.locator("[data-room=floor] summary").click()
    page.get_by_test_id("floor-amount").fill("90000")
    page.get_by_test_id("floor-set").click()
    page.get_by_test_id("hidden-confirm").wait_for()
    shot(page, f"confirm-{screen}")
    page.get_by_test_id("hidden-confirm").click()
    expect(page.get_by_test_id("floor-now")).to_contain_text("90,000.00")
    shot(page, f"floor-{screen}")
    pause(place, number)
    with worlds.browser(place[1], place[0].bidders[1]) as rival:
        _status, said = rival.bid(number, "99000.00")
    assert said["code"] == "E_PAUSED"
    expect(page.get_by_test_id("pause")).to_be_visible()
    expect(page.locator("[data-room=pause-until]")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(page.get_by_test_id("bid")).to_be_disabled()
    shot(page, f"pause-{screen}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
