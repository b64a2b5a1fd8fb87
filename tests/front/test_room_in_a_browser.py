"""The room in a real browser: one press is one bid, the clock is the server's, a dead line is noticed and healed."""

import itertools
import re

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from bidding.models import AuctionStatus
from tests.plumbing import world as worlds
from tests.plumbing.browser import Screen


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with worlds.served(tmp_path_factory.mktemp("room")) as (world, server):
        yield world, server


@pytest.fixture
def context(new_context, place) -> BrowserContext:
    """The first agency's browser."""
    world, server = place
    made = new_context()
    made.add_cookies([{"name": "sessionid", "value": world.bidders[0].session, "url": server.url}])
    return made


def enter(context: BrowserContext, place) -> Page:
    world, server = place
    page = context.new_page()
    page.goto(f"{server.url}/r/{world.number}/room/")
    expect(page.get_by_test_id("conn")).to_contain_text("良好")
    return page


def rival_bids(place) -> str:
    """Whoever of the other two agencies does not lead takes the lead; returns its price."""
    world, server = place
    best = world.auction()["best"] or 10_050_000
    amount = f"{(best - 50_000) // 100}.00"
    for bidder in world.bidders[1:]:
        with worlds.browser(server, bidder) as rival:
            status, answer = rival.bid(world.number, amount)
        if status == 200:
            return amount
        assert answer["code"] == "E_LEADING", answer
    raise AssertionError("both others lead")


def bids_of(place, key: str) -> int:
    [row] = place[0].database.rows("SELECT count(*) FROM bidding_bid WHERE key = %s AND seq IS NOT NULL", key)
    return row[0]


def test_a_bid_is_accepted_with_its_number_and_time(context, place):
    rival_bids(place)
    page = enter(context, place)
    page.get_by_test_id("bid").click()
    expect(page.get_by_test_id("my-state")).to_contain_text(re.compile(r"已受理 #\d+ · \d\d:\d\d:\d\d\.\d{3}"))
    expect(page.get_by_test_id("bid")).to_be_disabled()
    expect(page.locator("#bid-reason")).to_contain_text("您已是最低报价")


def test_an_answer_that_gets_lost_is_asked_for_again_and_never_bid_twice(context, place):
    rival_bids(place)
    keys: list[str] = []
    swallowed: list[str] = []

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def up(text: str | bytes) -> None:
            keys.extend(re.findall(r'"key":"([^"]+)"', str(text)))
            server.send(text)

        def down(text: str | bytes) -> None:
            if '"accepted"' in str(text) and not swallowed:
                swallowed.append(str(text))
                return
            route.send(text)

        route.on_message(up)
        server.on_message(down)

    context.route_web_socket(re.compile(r"/ws/requests/"), between)
    page = enter(context, place)
    page.get_by_test_id("bid").click()
    expect(page.get_by_test_id("my-state")).to_contain_text("发送中")
    expect(page.get_by_test_id("my-state")).to_contain_text("已受理", timeout=8000)
    assert swallowed
    assert len(keys) >= 2
    assert len(set(keys)) == 1
    assert bids_of(place, keys[0]) == 1


def test_the_countdown_ignores_a_wrong_clock_of_the_machine(context, place):
    world, _server = place
    context.add_init_script("const real = Date.now; Date.now = () => real() + 600000;")
    page = enter(context, place)
    page.wait_for_timeout(600)
    shown = int(page.get_by_test_id("remaining").get_attribute("data-remaining-ms") or 0)
    [(left,)] = world.database.rows(
        "SELECT extract(epoch FROM closes_at - clock_timestamp()) * 1000 FROM bidding_auction WHERE status = %s",
        AuctionStatus.LIVE.value,
    )
    assert abs(shown - float(left)) < 1000


def test_a_big_undercut_asks_once_escape_gives_it_up_enter_confirms_it(context, place):
    rival_bids(place)
    page = enter(context, place)
    half = f"{place[0].auction()['best'] * 6 // 1000}.00"
    page.get_by_test_id("amount").fill(half)
    page.get_by_test_id("amount").press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("元")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_test_id("amount")).to_be_focused()
    page.get_by_test_id("bid").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("my-state")).to_contain_text("已受理")


def test_a_dead_line_is_noticed_and_what_was_missed_comes_without_gaps(context, place, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = enter(context, place)
    context.set_offline(True)
    expect(page.get_by_test_id("conn")).not_to_contain_text("良好")
    expect(page.get_by_test_id("bid")).to_be_disabled()
    rival_bids(place)
    last = rival_bids(place)
    context.set_offline(False)
    expect(page.get_by_test_id("conn")).to_contain_text("良好")
    expect(page.get_by_test_id("seq").first).to_contain_text(f"{float(last):,.2f}")
    numbers = [int(row.get_attribute("data-seq") or 0) for row in page.get_by_test_id("seq").all()]
    assert numbers == list(range(numbers[0], numbers[0] - len(numbers), -1))


def test_the_text_version_answers_typed_words(context, place):
    page = enter(context, place)
    page.get_by_role("button", name="文字版").click()
    page.get_by_label("命令").fill("时间")
    page.keyboard.press("Enter")
    expect(page.locator("[data-room=answer]")).to_contain_text("剩余")


def test_the_screen_reader_hears_at_most_one_thing_in_five_seconds(context, place):
    page = enter(context, place)
    page.evaluate(
        """() => {
          window.said = [];
          const region = document.querySelector('[data-room=announcer]');
          new MutationObserver(() => said.push(performance.now())).observe(region, {childList: true});
        }"""
    )
    for _ in range(4):
        rival_bids(place)
        page.wait_for_timeout(200)
    page.wait_for_timeout(6000)
    said = page.evaluate("() => said")
    assert said
    assert all(later - earlier >= 4900 for earlier, later in itertools.pairwise(said))


def test_on_a_phone_the_bid_bar_stays_in_view_and_nothing_scrolls_sideways(new_context, place):
    world, server = place
    phone = new_context(Screen("zh", 360))
    phone.add_cookies([{"name": "sessionid", "value": world.bidders[0].session, "url": server.url}])
    page = enter(phone, place)
    expect(page.get_by_test_id("bid")).to_be_in_viewport()
    box = page.get_by_test_id("bid").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
