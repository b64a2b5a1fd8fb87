"""A tie-out sent from the room, and replays that tell floors, openings, pauses, tie-outs and low prices apart (R5, UX §2.10)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.environment import ROOT
from tests.plumbing import world as worlds
from tests.plumbing.browser import NewContext
from tests.plumbing.live import LiveServer
from tests.plumbing.world import World

pytestmark = pytest.mark.slow

_SHOTS = os.environ.get("STEP_SHOTS")
_ADVANCE = "import sys, django; django.setup(); from bidding.actions import advance; advance(sys.argv[1])"
Place = tuple[World, LiveServer]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Ninety seconds and not one more: any bid asks for time that is not there."""
    with worlds.served(tmp_path_factory.mktemp("short"), stage="short") as made:
        yield made


@pytest.fixture(scope="module")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """About to open: two opening offers, and a floor of the third."""
    with worlds.served(tmp_path_factory.mktemp("opening"), stage="ready") as made:
        yield made


def bid(place: Place, bidder: int, amount: str) -> dict[str, Any]:
    """A confirmed bid by plain form; its answer."""
    world, server = place
    with worlds.browser(server, world.bidders[bidder]) as one:
        _status, said = one.post(f"/r/{world.number}/room/bid/", amount=amount, confirmed="on")
    return said


def due(place: Place, kind: str, *columns: str) -> None:
    """What this auction waits for is due, and a clock makes the move, which writes an entry of that kind."""
    world, _server = place
    changes = ", ".join(f"{name} = date_trunc('milliseconds', clock_timestamp())" for name in ("due_at", *columns))
    world.database.rows(f"UPDATE bidding_auction SET {changes}")
    environment = {**os.environ, "DATABASE_URL": world.database.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", _ADVANCE, world.number], env=environment, cwd=ROOT, check=True)
    assert kind in [entry["kind"] for entry in world.journal()][-3:]


def shot(page: Page, name: str) -> None:
    """On a desk and on a phone, for somebody who wants to look."""
    if not _SHOTS:
        return
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(_SHOTS) / f"{name}-{width}.png"), full_page=True)


def entered(new_context: NewContext, place: Place, bidder: int | None, language: str = "zh-hans") -> Page:
    """The room, as this bidder or as anybody sees it."""
    world, server = place
    context = new_context()
    cookies = [{"name": "django_language", "value": language, "url": server.url}]
    if bidder is not None:
        cookies.append({"name": "sessionid", "value": world.bidders[bidder].session, "url": server.url})
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server.url}/r/{world.number}/room/")
    return page


def replayed(new_context: NewContext, place: Place) -> Page:
    """The replay at its end, without motion."""
    page = entered(new_context, place, None)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{place[1].url}/awards/{place[0].number}/replay/")
    expect(page.locator("[data-replay][data-ready]")).to_be_visible()
    page.keyboard.press("End")
    return page


@pytest.mark.clause("R5.5")
def test_a_sealed_price_sent_from_the_room_wins_the_tie_out_and_its_replay_says_so(
    short: Place, new_context: NewContext
) -> None:
    world, server = short
    for bidder, amount in ((0, "98500.00"), (1, "97500.00"), (2, "97000.00")):
        assert bid(short, bidder, amount).get("code") is None
    page = entered(new_context, short, 1)
    expect(page.get_by_test_id("conn")).to_have_attribute("data-state", "good")
    world.closes_in(-0.01, hard_end=0)
    assert bid(short, 0, "90000.00")["code"] == "E_TIE_OUT"
    expect(page.get_by_test_id("sealed-amount")).to_be_visible(timeout=10_000)
    expect(page.get_by_test_id("bid")).to_be_hidden()
    expect(page.locator("[data-room=tie-out-own]")).to_contain_text("¥97,500.00")
    shot(page, "tie-out-zh")
    page.get_by_test_id("sealed-amount").fill("97600")
    page.get_by_test_id("sealed-send").click()
    expect(page.get_by_test_id("sealed-state")).to_contain_text("97,500")
    page.get_by_test_id("sealed-amount").fill("96100.50")
    page.get_by_test_id("sealed-send").click()
    expect(page.locator("[data-room=hidden-words]")).to_contain_text("玖万陆仟壹佰元伍角整")
    page.get_by_test_id("hidden-confirm").click()
    expect(page.get_by_test_id("sealed-state")).to_contain_text("已提交")
    watcher = entered(new_context, short, 2, "en")
    expect(watcher.get_by_test_id("sealed-amount")).to_be_visible()
    shot(watcher, "tie-out-en")
    assert "96,100.50" not in watcher.content()
    due(short, "auction.closed")
    expect(page.locator("[data-room=result-amount]")).to_have_text("¥96,100.50")

    replay = replayed(new_context, short)
    expect(replay.get_by_test_id("replay-price")).to_have_text("¥96,100.50")
    assert "¥96,100.50" in replay.request.get(f"{server.url}/awards/{world.number}/").text()
    expect(replay.locator(".replay-mark-sealed")).to_have_count(2)
    expect(replay.locator("[data-part=chart] .chart-dot-sealed")).to_have_count(1)
    expect(replay.locator("[data-kind='tie_out.closed']")).to_contain_text("¥96,100.50")
    shot(replay, "replay-tie-out")


@pytest.mark.clause("R5.8")
def test_the_replay_of_a_refused_low_price_ends_at_the_award_and_marks_floors_openings_and_pauses(
    opening: Place, new_context: NewContext
) -> None:
    world, server = opening
    room = entered(new_context, opening, 1)
    expect(room.get_by_test_id("conn")).to_have_attribute("data-state", "good")
    assert bid(opening, 1, "93000.00").get("code") is None
    world.database.rows("UPDATE bidding_auction SET wal_timeline = '000000AB'")
    assert bid(opening, 1, "92000.00")["code"] == "E_PAUSED"
    shot(room, "paused-zh")
    due(opening, "auction.resumed", "opens_again_at")
    for bidder, amount in ((1, "52000.00"), (2, "50000.00")):
        assert bid(opening, bidder, amount).get("code") is None
    world.closes_in(-0.1)
    assert bid(opening, 0, "49000.00")["type"] == "refused"
    assert world.auction()["status"] == "review"
    expect(room.locator("[data-room=review-news]")).to_be_visible()
    room.reload()
    expect(room.get_by_test_id("low-review")).to_contain_text("¥50,000.00")
    due(opening, "low.decided")  # the lowest says nothing of its price
    expect(room.locator("[data-room=review-news]")).to_be_visible()
    expect(room.get_by_test_id("low-review")).to_be_hidden()  # what it shows is over
    room.reload()
    expect(room.get_by_test_id("low-review")).to_contain_text("¥52,000.00")
    shot(room, "low-zh")
    room.get_by_label("价格说明").fill("设备自有，人员在当地。")
    room.get_by_role("button", name="提交价格说明").click()
    expect(room.get_by_test_id("low-review")).to_contain_text("逾期未认定，视为接受")
    shot(room, "low-justified-zh")
    due(opening, "auction.closed")  # the buyer does not decide

    assert world.auction()["best"] == 5_200_000
    replay = replayed(new_context, opening)
    expect(replay.get_by_test_id("replay-price")).to_have_text("¥52,000.00")
    assert "¥52,000.00" in replay.request.get(f"{server.url}/awards/{world.number}/").text()
    expect(replay.locator(".chart-tag-text")).to_have_text("¥52,000")
    for kind, count in (("opening", 2), ("paused", 2), ("low", 4)):
        expect(replay.locator(f".replay-mark-{kind}")).to_have_count(count)
    floors = replay.locator("[data-part=chart] .chart-dot-proxy").count()
    assert replay.locator(".replay-mark-proxy").count() == floors > 0
    expect(replay.locator("[data-part=chart] .chart-pause")).to_have_count(1)
    expect(replay.get_by_test_id("replay-rows")).to_contain_text("代为报价")
    shot(replay, "replay-low")
