"""Selections by draw, by credit and direct ones in real browsers, from the request to the award (R3, R4)."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import sign_in
from tests.cast import next_uscc
from tests.plumbing.browser import NewContext, look_again
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

pytestmark = pytest.mark.slow


@dataclass
class Place:
    """A demo with its clock and no bots, and somebody's page in it for each role."""

    database: Database
    server: LiveServer
    new_context: NewContext
    pages: dict[str, Page] = field(default_factory=dict)

    def of(self, role: str) -> Page:
        if role not in self.pages:
            page = self.new_context(accept_downloads=True).new_page()
            sign_in(page, self.server.url, role)
            self.pages[role] = page
        return self.pages[role]

    def go(self, role: str, path: str) -> Page:
        page = self.of(role)
        page.goto(self.server.url + path)
        return page

    def newcomer(self) -> Page:
        """An agency that registers in its own browser."""
        page = self.new_context().new_page()
        page.goto(f"{self.server.url}/register/agency/")
        page.locator("[name=name]").fill("新来水保咨询有限公司")
        page.locator("[name=uscc]").fill(next_uscc())
        page.locator("[name=region]").select_option(label="兰州市")
        page.locator("[name=contact_name]").fill("李四")
        page.locator("[name=contact_phone]").fill("0931-5550001")
        page.locator("[name=email]").fill("new@agency.example")
        page.locator("[name=password]").fill("a long enough pass phrase")
        page.locator("[name=commitment]").check()
        page.locator("main form button[type=submit]").first.click()
        expect(page).to_have_url(re.compile("/desk/"))
        self.pages["newcomer"] = page
        return page

    def let_pass(self, number: str) -> None:
        """The deadline of a request is over."""
        self.database.rows("ALTER TABLE draws_draw DISABLE TRIGGER draw_stands")
        self.database.rows(
            "UPDATE draws_draw SET opened_at = opened_at - (closes_at - now()) - interval '1 s',"
            " closes_at = now() - interval '1 s' WHERE name = %s",
            f"{number}-D",
        )
        self.database.rows("ALTER TABLE draws_draw ENABLE TRIGGER draw_stands")
        self.database.rows(
            "UPDATE marketplace_request SET enrol_until = now(), selects_at = now() WHERE number = %s", number
        )


@pytest.fixture
def place(live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext) -> Place:
    database = live_database(demo=True)
    return Place(database, start_server(database), new_context)


def published(place: Place, method: str, **fields: str) -> str:
    """An enterprise fills in the form and publishes; the number."""
    page = place.go("enterprise", "/desk/requests/new/?starter=water")
    page.locator("[name=ceiling]").fill("86000")
    page.locator(f"[name=method][value={method}]").check()
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=preview]").click()
    page.get_by_test_id("publish").click()
    expect(page).to_have_url(re.compile(r"/r/GS-\d{4}-\d{6}/"))
    found = re.search(r"GS-\d{4}-\d{6}", page.url)
    assert found is not None
    return found[0]


def contribute(page: Page) -> dict[str, str]:
    """One press; what the browser keeps."""
    with page.expect_download() as download:
        page.get_by_role("button", name="生成并提交随机数").click()
    expect(page.get_by_text("请保存下载的文件").first).to_be_visible()
    kept: dict[str, str] = json.loads(download.value.path().read_text())
    return kept


def enrol(place: Place, page: Page, number: str) -> None:
    page.goto(f"{place.server.url}/desk/services/")
    page.locator("input[value='WAT-01']").check()
    page.locator("main form button[type=submit]").click()
    page.goto(f"{place.server.url}/r/{number}/")
    page.get_by_test_id("enrol").click()
    expect(page.locator("main")).to_contain_text("代号")


def sealed(place: Place, method: str) -> str:
    """Published, contributed to by buyer and regulator, two agencies enrolled, the list sealed by the clock."""
    number = published(place, method)
    buyer = place.of("enterprise")
    expect(buyer.get_by_test_id("missing")).to_contain_text("采购人")
    assert list(contribute(buyer)) == [f"{number}-D"]
    expect(buyer.get_by_test_id("draw-give")).to_have_count(0)
    officer = place.go("regulator", "/desk/")
    officer.get_by_role("link", name="为随机抽取提交随机数").first.click()
    assert f"{number}-D" in contribute(officer)
    enrol(place, place.of("agency"), number)
    enrol(place, place.newcomer(), number)
    place.let_pass(number)
    until(buyer, place, number, "[data-testid=draw-open]")
    return number


def until(page: Page, place: Place, number: str, shown: str) -> None:
    """Look at the request's page until the clock has moved it on."""
    look_again(page, page.locator(shown), address=f"{place.server.url}/r/{number}/")


def reveal(place: Place, number: str) -> None:
    buyer = place.of("enterprise")
    assert json.loads(buyer.locator("[name=nonces]").input_value())
    buyer.get_by_role("button", name="公开随机数").click()
    expect(buyer.get_by_text("随机数已公开。")).to_be_visible()
    officer = place.go("regulator", "/desk/draws/")
    officer.get_by_role("button", name="公开随机数").click()
    expect(officer.get_by_text("随机数已公开。")).to_be_visible()


@pytest.mark.clause("P19.4")
def test_by_draw_from_the_request_to_the_award(place: Place) -> None:
    number = sealed(place, "draw")
    public = place.new_context().new_page()
    public.goto(f"{place.server.url}/r/{number}/")
    expect(public.get_by_test_id("selection-stage")).to_have_text("等待抽取")
    for name in ("新来水保咨询有限公司",):
        assert name not in public.content()
    reveal(place, number)
    until(public, place, number, "section[aria-labelledby=result-panel-title]")
    public.goto(f"{place.server.url}/awards/{number}/")
    expect(public.get_by_test_id("drawn")).to_contain_text("新来水保咨询有限公司")
    expect(public.get_by_test_id("seed")).to_have_text(re.compile("[0-9a-f]{64}"))
    expect(public.locator("main")).to_contain_text(f"python -m journal.draw {number}-D.json")
    expect(public.locator(".award-row-winner td").first).to_have_text("1")
    expect(public.locator("main")).to_contain_text("¥86,000.00")


@pytest.mark.clause("P20.5")
def test_by_credit_from_the_request_to_the_buyers_choice(place: Place) -> None:
    number = sealed(place, "credit_draw")
    reveal(place, number)
    public = place.new_context().new_page()
    until(public, place, number, "[data-stage=picking]")
    expect(public.get_by_test_id("selection")).to_contain_text("新来水保咨询有限公司")
    buyer = place.go("enterprise", f"/r/{number}/")
    form = buyer.get_by_test_id("pick-form")
    form.get_by_label(re.compile("新来水保咨询有限公司")).check()
    form.locator("[name=reason]").fill("承诺进场最早")
    form.get_by_role("button").click()
    expect(buyer).to_have_url(re.compile(f"/awards/{number}/"))
    public.goto(f"{place.server.url}/awards/{number}/")
    expect(public.locator("main")).to_contain_text("承诺进场最早")
    expect(public.locator(".award-row-winner")).to_contain_text("新来水保咨询有限公司")


def test_an_enterprise_names_an_agency_which_confirms(place: Place) -> None:
    agency = place.go("agency", "/desk/")
    name = agency.locator("h1").inner_text()
    agency.goto(f"{place.server.url}/desk/services/")
    agency.locator("input[value='WAT-01']").check()
    agency.locator("main form button[type=submit]").click()
    form = place.go("enterprise", "/desk/requests/new/?starter=water")
    expect(form.get_by_test_id("direct-fields")).to_be_hidden()
    form.locator("[name=ceiling]").fill("86000")
    form.locator("[name=method][value=direct]").check()
    expect(form.locator("[data-code=P_DIRECT_AGENCY]")).to_be_visible()
    form.locator("[name=direct_agency]").press_sequentially(name[:6])
    expect(form.locator(f"#agency-options option[value^='{name} ']")).to_have_count(1)
    number = published(place, "direct", direct_agency=name, direct_price="80000", direct_reason="熟悉本项目场地")
    expect(place.of("enterprise").get_by_test_id("direct-agency")).to_contain_text(name)
    agency.goto(f"{place.server.url}/desk/")
    until(agency, place, number, "[data-testid=confirm]")
    agency.get_by_test_id("confirm").click()
    expect(agency).to_have_url(re.compile(f"/awards/{number}/"))
    expect(agency.locator("main")).to_contain_text("¥80,000.00")
    expect(agency.locator("main")).to_contain_text("熟悉本项目场地")
