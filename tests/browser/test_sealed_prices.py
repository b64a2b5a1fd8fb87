"""密封报价 in a real browser: sealed with WebCrypto, opened by its bidder and by a trustee's browser, down to the award."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from bidding.rules.offers import as_sealed
from journal.contributions import Trustees
from journal.offers import opened
from tests.plumbing.browser import NewContext, look_again
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartProcess, StartServer
from tests.plumbing.prices import PriceWorld, build

pytestmark = [pytest.mark.slow, pytest.mark.clause("R6")]

CEILING = 100_000_00


def signed_in(session: str, server: LiveServer, new_context: NewContext) -> Page:
    context = new_context(accept_downloads=True)
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    return context.new_page()


def newest_offer(world: PriceWorld) -> dict[str, Any]:
    [[commitment, ciphertext, envelope]] = world.database.rows(
        "SELECT commitment, ciphertext, envelope FROM bidding_sealedoffer WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1"
    )
    return {"commitment": bytes(commitment), "ciphertext": bytes(ciphertext), "envelope": envelope}


def refused_above_the_ceiling_and_sealed_below(bidder: Page, place: Path) -> dict[str, Any]:
    """Replaces the price by ¥80,000.50; what was downloaded with its key."""
    price = bidder.get_by_label("新的报价（元）")
    price.fill("100000.01")
    bidder.get_by_role("button", name="密封并替换").click()
    expect(bidder.get_by_text("高于最高限价")).to_be_visible()
    price.fill("¥80,000.5")
    with bidder.expect_download() as download:
        bidder.get_by_role("button", name="密封并替换").click()
    download.value.save_as(place)
    expect(bidder.get_by_text("报价已密封。")).to_be_visible()
    expect(bidder.locator("[data-own-price]")).to_contain_text("¥80,000.50")
    kept: dict[str, Any] = json.loads(place.read_text())
    return kept


def it_is_as_an_honest_sender_makes_it(world: PriceWorld, key: str) -> None:
    offer = newest_offer(world)
    keys = tuple(bytes.fromhex(one) for one in world.entries("offers.arranged")[0]["trustees"]["keys"])
    sealed = as_sealed(offer["commitment"], offer["ciphertext"], offer["envelope"])
    read = opened(sealed, bytes.fromhex(key), world.bidders[0]["uscc"], CEILING, Trustees(keys, 2))
    assert (read.amount, read.void) == (80_000_50, None), "the browser makes the bytes that an honest sender makes"


def the_waiting_one_is_opened(trustee: Page, key: str) -> None:
    expect(trustee.get_by_test_id("waiting")).to_contain_text("1 份等待您开启")
    private = {"name": "own.key", "mimeType": "text/plain", "buffer": key.encode()}
    trustee.locator("[data-open] input[type=file]").set_input_files(private)  # type: ignore[arg-type]
    trustee.get_by_role("button", name="开启").click()
    expect(trustee.get_by_text("已提交您的 1 个份额。")).to_be_visible()


def test_a_price_is_sealed_replaced_and_opened_in_browsers_and_wins(
    live_database: Callable[..., Database],
    start_server: StartServer,
    start_process: StartProcess,
    new_context: NewContext,
    tmp_path: Path,
) -> None:
    world = build(live_database(), ["95000.00", "81000.00"])
    server = start_server(world.database, clock=False)
    page_url = f"{server.url}/r/{world.number}/"
    bidder = signed_in(world.bidders[0]["session"], server, new_context)
    posted: list[str] = []

    def note(request: Request) -> None:
        posted.append(request.post_data or "")

    bidder.on("request", note)
    bidder.goto(page_url)
    expect(bidder.get_by_test_id("offer-sealed")).to_contain_text("可替换至")
    kept = refused_above_the_ceiling_and_sealed_below(bidder, tmp_path / "own.json")
    assert not any("80000" in body or kept["key"] in body for body in posted), "the price stays in the browser"

    it_is_as_an_honest_sender_makes_it(world, kept["key"])

    onlooker = signed_in(world.sessions["buyer"], server, new_context)
    onlooker.goto(page_url)
    expect(onlooker.get_by_test_id("offers")).to_contain_text("看不到报价")
    expect(onlooker.get_by_test_id("offers-count")).to_have_count(0)

    world.pass_deadline()
    start_process(world.database, "clock")
    expect(bidder.locator("main")).to_be_visible()
    look_again(onlooker, onlooker.get_by_test_id("offers-count"), address=page_url)
    expect(onlooker.get_by_test_id("offers-count")).to_have_text("2")
    bidder.goto(page_url)
    expect(bidder.get_by_test_id("key-given")).to_be_visible()

    world.share(1)
    trustee = signed_in(world.sessions["trustee"], server, new_context)
    trustee.goto(f"{server.url}/trustee/")
    the_waiting_one_is_opened(trustee, world.trustees[0])

    expect(bidder.get_by_test_id("opened-offers")).to_contain_text("¥80,000.50", timeout=20_000)
    bidder.goto(f"{server.url}/awards/{world.number}/")
    expect(bidder.locator(".award-hero")).to_contain_text("第1咨询有限公司")
    expect(bidder.locator(".award-hero")).to_contain_text("¥80,000.50")
    [told] = world.entries("offers.opened")
    assert sorted((one["amount"], one["by"]) for one in told["offers"]) == [
        ("80000.50", "bidder"),
        ("81000.00", "trustees"),
    ]


def test_without_scripts_the_page_says_what_is_needed(
    live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext
) -> None:
    world = build(live_database(), ["95000.00", "81000.00"])
    server = start_server(world.database, clock=False)
    context = new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": world.bidders[0]["session"], "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/r/{world.number}/")
    expect(page.locator("[data-seal] noscript .notice")).to_be_visible()
    expect(page.get_by_role("button", name="密封并替换")).to_be_disabled()
