"""Search as people use it, and a saved search that tells of a new request, in a real browser (UX §4 nos. 17 and 19)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import complaints, complaints_when_narrow, sign_in
from tests.plumbing.browser import NewContext, look_again
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(live_database: Callable[..., Database], start_server: StartServer) -> LiveServer:
    return start_server(live_database(demo=True))


def hits(page: Page, text: str) -> list[str]:
    """The first three of what the header's search box leads to."""
    page.locator("#site-search").fill(text)
    page.locator("#site-search").press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    return page.get_by_test_id("hit").all_inner_texts()[:3]


def test_the_search_box_puts_what_is_meant_among_the_first_three(demo: LiveServer, page: Page):
    [(uscc, name)] = demo.database.rows(
        "SELECT uscc, name FROM accounts_organisation WHERE kind = 'agency' ORDER BY id DESC LIMIT 1"
    )
    [(number, title)] = demo.database.rows(
        "SELECT number, title FROM marketplace_request WHERE status = 'completed' ORDER BY id LIMIT 1"
    )
    page.goto(demo.url)
    for text in ("环评", "环境影响", "hjyxpj"):
        assert "环境影响" in hits(page, text)[0], text
    assert all("水保障" not in hit for hit in hits(page, "水保"))
    assert name in hits(page, uscc)[0]
    assert title in hits(page, number)[0]
    wrong = [complaints(page, english=False, width=1280), complaints_when_narrow(page, 360, 740)]
    assert not any(wrong), wrong


def test_a_saved_search_tells_of_a_new_request(demo: LiveServer, new_context: NewContext):
    agency, buyer = new_context().new_page(), new_context().new_page()
    sign_in(agency, demo.url, "agency")
    agency.goto(f"{demo.url}/requests/?q=水保&region=620000")
    agency.get_by_test_id("save-search").get_by_role("button").click()
    expect(agency.get_by_test_id("search")).to_contain_text("水保、甘肃省")
    sign_in(buyer, demo.url, "enterprise")
    buyer.goto(f"{demo.url}/desk/requests/new/?starter=water")
    buyer.locator("[name=title]").fill("北川水库扩建水土保持方案编制")
    buyer.locator("[name=ceiling]").fill("96000")
    buyer.locator("[name=preview]").click()
    buyer.get_by_test_id("publish").click()
    expect(buyer).to_have_url(re.compile(r"/r/GS-\d{4}-\d{6}/"))
    wanted = agency.get_by_test_id("notice").filter(has_text="订阅“水保、甘肃省”有新需求：北川水库扩建")
    look_again(agency, wanted, address=f"{demo.url}/desk/inbox/")
    expect(wanted).to_have_count(1)
    wanted.get_by_role("link").first.click()
    expect(agency.locator("h1")).to_contain_text("北川水库扩建水土保持方案编制")
