"""Replay: the record plays itself, stops at each bid, keeps its place in the address and may be framed anywhere (P10.1)."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.plumbing import world as worlds

PRICES = ("99000.00", "98000.00", "97000.00", "96000.00")


@pytest.fixture(scope="module")
def over(tmp_path_factory):
    """An auction with four accepted bids, one refused, and its end."""
    with worlds.served(tmp_path_factory.mktemp("replay")) as (world, server):
        for n, price in enumerate(PRICES):
            with worlds.browser(server, world.bidders[n % 2]) as one:
                assert one.bid(world.number, price)[0] == 200
        with worlds.browser(server, world.bidders[2]) as late:
            assert late.bid(world.number, "95900.00")[0] == 409
        world.closes_in(0.2)
        time.sleep(0.4)
        with worlds.browser(server, world.bidders[2]) as too_late:
            assert (
                too_late.bid(world.number, "90000.00")[1]["code"] == "E_CLOSED"
            )  # the press that comes late closes it
        yield world, server


def opened(page: Page, over, hash_: str = "") -> Page:
    world, server = over
    page.emulate_media(reduced_motion="reduce")  # nothing starts by itself
    page.goto(f"{server.url}/awards/{world.number}/replay/{hash_}")
    expect(page.locator("[data-replay][data-ready]")).to_be_visible()
    return page


def test_it_ends_at_the_awards_price_with_its_winner(over, page):
    opened(page, over)
    page.keyboard.press("End")
    expect(page.get_by_test_id("replay-price")).to_have_text("¥96,000.00")
    shown = page.locator("[data-part=winner]").inner_text()
    assert shown
    assert shown in page.request.get(f"{over[1].url}/awards/{over[0].number}/").text()


def test_the_arrows_stop_at_each_entry_forwards_and_back(over, page):
    opened(page, over)
    price = page.get_by_test_id("replay-price")
    expect(price).to_have_text("¥100,000.00")
    for amount in ("¥99,000.00", "¥98,000.00"):
        page.keyboard.press("ArrowRight")
        expect(price).to_have_text(amount)
    page.keyboard.press("ArrowLeft")
    expect(price).to_have_text("¥99,000.00")
    expect(page.get_by_test_id("replay-rows").get_by_test_id("seq")).to_have_count(2)


def test_its_place_stands_in_the_address_and_comes_back(over, page):
    opened(page, over)
    for _ in range(3):
        page.get_by_test_id("replay-next").click()
    expect(page).to_have_url(re.compile(r"#t=[\d.]+$"))
    there, price = page.url.partition("#")[2], page.get_by_test_id("replay-price").inner_text()
    again = page.context.new_page()
    opened(again, over, f"#{there}")
    expect(again.get_by_test_id("replay-price")).to_have_text(price)


def test_a_refused_press_is_marked_with_its_reason(over, page):
    opened(page, over)
    page.keyboard.press("End")
    expect(page.get_by_test_id("refused")).to_contain_text("当前最高可报 ¥95,500.00")
    expect(page.get_by_test_id("refused")).to_contain_text("R5.4")
    expect(page.locator(".replay-mark-refused")).to_have_count(1)


def test_it_plays_when_asked(over, page):
    opened(page, over)
    page.locator("[data-speed='16']").click()
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("replay-price")).to_have_text("¥96,000.00", timeout=20_000)


def test_any_page_may_frame_the_embedded_player_and_only_that(over, page):
    world, server = over
    embedded = page.request.get(f"{server.url}/awards/{world.number}/replay/embed/")
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]
    assert "x-frame-options" not in embedded.headers
    assert "set-cookie" not in embedded.headers
    assert "<form" not in embedded.text()
    around = page.request.get(f"{server.url}/awards/{world.number}/replay/")
    assert "frame-ancestors 'none'" in around.headers["content-security-policy"]


def test_there_is_no_replay_of_what_still_runs(client, auction):
    for page in ("replay/", "replay/embed/", "refused.json"):
        assert client.get(f"/awards/{auction.request.number}/{page}").status_code == 404
