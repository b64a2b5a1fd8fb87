"""Practice from the front page without an account, in a real browser (UX §4 no. 21)."""

import pytest
from playwright.sync_api import Page, expect

from tests.plumbing import world as worlds

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory):
    with worlds.served(tmp_path_factory.mktemp("practice")) as (world, server):
        yield world, server


def test_a_practice_bid_takes_three_clicks_from_the_front_page(page: Page, place):
    _world, server = place
    page.goto(server.url)
    page.get_by_role("link", name="练习一场").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("价格与时钟")
    page.get_by_role("button", name="跳过导览").click()
    bid = page.get_by_test_id("bid")
    expect(bid).to_be_enabled(timeout=40_000)
    bid.click()
    expect(page.get_by_test_id("my-state")).to_contain_text("已受理 #")
