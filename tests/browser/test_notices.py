"""Ask, answer, change, withdraw and publish again, in a real browser, each page in both languages and widths (R3, UX §4)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import complaints, complaints_when_narrow, sign_in
from tests.plumbing.browser import NewContext, Watch
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

pytestmark = pytest.mark.slow


@dataclass
class Stage:
    """A request in public, and who looks at it."""

    site: str
    address: str
    buyer: Page
    agency: Page
    anybody: Page


@pytest.fixture
def stage(live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext) -> Stage:
    server: LiveServer = start_server(live_database(demo=True))
    buyer, agency, anybody = (new_context().new_page() for _ in range(3))
    sign_in(buyer, server.url, "enterprise")
    sign_in(agency, server.url, "agency")
    buyer.goto(f"{server.url}/desk/requests/new/?starter=water")
    buyer.locator("[name=title]").fill("北川水库扩建水土保持方案编制")
    buyer.locator("[name=ceiling]").fill("96000")
    buyer.locator("[name=preview]").click()
    buyer.get_by_test_id("publish").click()
    expect(buyer).to_have_url(re.compile(r"/r/GS-\d{4}-\d{6}/"))
    return Stage(server.url, re.sub(r"\?.*|#.*", "", buyer.url), buyer, agency, anybody)


def look(page: Page, name: str) -> None:
    """The page as it is and in English, wide and narrow, is without fault."""
    wrong: list[str] = []
    # For the whole site: a cookie of a page's own address would hold for the pages below it alone.
    site = re.sub(r"(?<=[^/:])/.*", "/", page.url)
    for english in (False, True):
        language = {"name": "django_language", "value": "en" if english else "zh-hans", "url": site}
        page.context.add_cookies([language])
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(page.url.partition("#")[0])
        wrong += [f"{name}: {one}" for one in complaints(page, english=english, width=1280)]
        wrong += [f"{name}: {one}" for one in complaints_when_narrow(page, 360, 740)]
    page.context.add_cookies([{**language, "value": "zh-hans"}])
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(page.url)
    assert not wrong, "\n".join(wrong)


def test_a_notice_is_asked_about_answered_changed_withdrawn_and_published_again(stage: Stage, watch: Watch):
    watch.expect("400")
    _asked_and_answered(stage)
    _changed(stage)
    _withdrawn_and_again(stage)


def _asked_and_answered(stage: Stage) -> None:
    stage.agency.goto(stage.address)
    stage.agency.get_by_test_id("ask").click()
    expect(stage.agency).to_have_url(re.compile("/questions/"))
    look(stage.agency, "ask")
    stage.agency.locator("[name=text]").fill("请电 13919191919")
    stage.agency.locator("main form button[type=submit]").click()
    expect(stage.agency.locator("main")).to_contain_text("不得含联系方式")
    expect(stage.agency.locator("[name=text]")).to_have_value("请电 13919191919")
    stage.agency.locator("[name=text]").fill("弃渣场是否已确定位置？")
    stage.agency.locator("main form button[type=submit]").click()
    expect(stage.agency).to_have_url(re.compile("#questions"))
    stage.anybody.goto(stage.address)
    expect(stage.anybody.get_by_test_id("holding")).to_contain_text("1 个问题待答复")
    look(stage.anybody, "waiting")
    stage.buyer.goto(f"{stage.site}/desk/")
    stage.buyer.get_by_role("link", name="北川水库扩建水土保持方案编制").first.click()
    expect(stage.buyer).to_have_url(re.compile(re.escape(stage.address)))
    look(stage.buyer, "buyer")
    stage.buyer.locator("#question-1 a").click()
    expect(stage.buyer).to_have_url(re.compile("/answer/"))
    look(stage.buyer, "answer")
    stage.buyer.locator("[name=text]").fill("已确定，见可研报告附图三。")
    stage.buyer.locator("main form button[type=submit]").click()
    stage.anybody.reload()
    expect(stage.anybody.locator("#question-1")).to_contain_text("见可研报告附图三")
    stage.agency.goto(f"{stage.site}/desk/inbox/")
    expect(stage.agency.locator("main")).to_contain_text("第 1 问已答复")


def _changed(stage: Stage) -> None:
    stage.buyer.goto(stage.address)
    stage.buyer.get_by_test_id("change").click()
    expect(stage.buyer).to_have_url(re.compile("/change/"))
    look(stage.buyer, "change")
    expect(stage.buyer.locator("[name=method], [name=budget_line], [name=item]")).to_have_count(0)
    stage.buyer.locator("[name=ceiling]").fill("108000")
    scope = stage.buyer.locator("[name=scope]")
    scope.fill(scope.input_value() + "仅限本市机构报名。")
    stage.buyer.locator("[name=reason]").fill("弃渣场增加一处")
    stage.buyer.locator("main form button[type=submit]").first.click()
    expect(stage.buyer.get_by_test_id("policy-fail")).to_contain_text("第 20 项")
    scope.fill(scope.input_value().replace("仅限本市机构报名。", "弃渣场按两处计。"))
    stage.buyer.locator("main form button[type=submit]").first.click()
    difference = stage.buyer.get_by_test_id("difference")
    expect(difference.locator("[data-field=ceiling] del")).to_have_text("¥96,000.00")
    expect(difference.locator("[data-field=ceiling] ins")).to_have_text("¥108,000.00")
    expect(difference.locator("[data-field=scope] ins")).to_have_text("弃渣场按两处计。")
    preview = complaints(stage.buyer, english=False, width=1280) + complaints_when_narrow(stage.buyer, 360, 740)
    assert not preview, preview
    stage.buyer.set_viewport_size({"width": 1280, "height": 800})
    stage.buyer.get_by_test_id("confirm").click()
    stage.anybody.goto(stage.address)
    expect(stage.anybody.get_by_test_id("changes").locator("[data-field=ceiling] ins")).to_have_text("¥108,000.00")
    expect(stage.anybody.get_by_test_id("timeline")).to_contain_text("公告变更")
    look(stage.anybody, "changed")


def _withdrawn_and_again(stage: Stage) -> None:
    stage.buyer.goto(stage.address)
    stage.buyer.get_by_test_id("notice-doors").locator("a[href$='/cancel/']").click()
    expect(stage.buyer).to_have_url(re.compile("/cancel/"))
    look(stage.buyer, "cancel")
    stage.buyer.locator("[name=reason]").fill("可研批复推迟")
    stage.buyer.locator("main form button[type=submit]").click()
    expect(stage.buyer.get_by_test_id("withdrawn")).to_contain_text("可研批复推迟")
    look(stage.buyer, "withdrawn")
    stage.buyer.get_by_test_id("reoffer").click()
    expect(stage.buyer.locator("[name=title]")).to_have_value("北川水库扩建水土保持方案编制")
    stage.buyer.locator("[name=preview]").click()
    stage.buyer.get_by_test_id("publish").click()
    expect(stage.buyer).to_have_url(re.compile(r"/r/GS-\d{4}-\d{6}/"))
    again = re.sub(r"\?.*|#.*", "", stage.buyer.url)
    assert again != stage.address
    look(stage.buyer, "again")
    for one, other in ((stage.address, again), (again, stage.address)):
        stage.anybody.goto(one)
        expect(stage.anybody.get_by_test_id("chain")).to_contain_text(other.rstrip("/").rpartition("/")[2])
