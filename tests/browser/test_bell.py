"""The bell in a real browser: it counts without a reload within five seconds, and only where somebody is signed in (UX §4, 19)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import complaints, complaints_when_narrow, sign_in
from tests.plumbing.browser import NewContext, Watch
from tests.plumbing.cluster import Database
from tests.plumbing.live import StartServer

pytestmark = pytest.mark.slow


def test_a_notice_rings_the_bell_without_a_reload(
    live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext, watch: Watch
):
    site = start_server(live_database(demo=True)).url
    buyer, agency = new_context().new_page(), new_context().new_page()
    sign_in(buyer, site, "enterprise")
    sign_in(agency, site, "agency")
    buyer.goto(f"{site}/desk/requests/new/?starter=water")
    buyer.locator("[name=title]").fill("北川水库扩建水土保持方案编制")
    buyer.locator("[name=ceiling]").fill("96000")
    buyer.locator("[name=preview]").click()
    buyer.get_by_test_id("publish").click()
    number = buyer.url.rstrip("/").split("?")[0].rstrip("/").rpartition("/")[2]
    buyer.goto(f"{site}/desk/inbox/")
    count = buyer.locator("[data-bell-count]")
    expect(count).to_be_hidden()
    agency.goto(f"{site}/r/{number}/")
    agency.get_by_test_id("follow").click()
    expect(agency.get_by_test_id("unfollow")).to_be_visible()
    agency.get_by_test_id("ask").click()
    agency.locator("[name=text]").fill("弃渣场是否已确定位置？")
    agency.locator("main form button[type=submit]").click()
    expect(count).to_be_visible()
    assert int(count.inner_text()) >= 1
    buyer.goto(f"{site}/desk/inbox/?page=2")
    buyer.get_by_test_id("read-all").click()
    expect(count).to_be_hidden()
    for path in ("/desk/inbox/", "/desk/notifications/", "/desk/notifications/dingtalk/", "/desk/following/"):
        agency.set_viewport_size({"width": 1280, "height": 800})
        agency.goto(f"{site}{path}")
        wrong = complaints(agency, english=False, width=1280) + complaints_when_narrow(agency, 360, 740)
        assert not wrong, (path, wrong)
