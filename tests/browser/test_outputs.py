"""Lists that can be shared and taken away, and agencies compared, in a real browser (UX §2.12, §4 no. 18)."""

import csv
import io
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.plumbing.browser import NewContext
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

pytestmark = pytest.mark.slow

TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "atom": "application/atom+xml",
    "ics": "text/calendar",
}
ENTRY = "{http://www.w3.org/2005/Atom}entry"


@pytest.fixture
def demo(live_database: Callable[..., Database], start_server: StartServer) -> LiveServer:
    return start_server(live_database(demo=True))


def count_on(page: Page) -> int:
    summary = page.get_by_test_id("summary")
    expect(summary).to_have_text(re.compile(r"\d\+? 个需求"))
    return int(re.sub(r"\D", "", summary.inner_text().rpartition("的")[2]))


def rows_of(kind: str, body: bytes) -> int:
    match kind:
        case "csv":
            return len(list(csv.reader(io.StringIO(body.decode().removeprefix("\ufeff"))))) - 1
        case "xlsx":
            return len(CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()) - 1
        case "json":
            return len(json.loads(body)["rows"])
        case "atom":
            return len(ElementTree.fromstring(body).findall(ENTRY))
        case _:
            return len(Calendar.from_ical(body.decode()).walk("VEVENT"))


def test_three_filters_make_an_address_that_says_the_same_everywhere_and_in_every_kind(
    demo: LiveServer, new_context: NewContext
):
    page = new_context().new_page()
    page.goto(f"{demo.url}/requests/")
    everything = count_on(page)
    page.locator("[name=region]").select_option("620000")
    page.locator("[name=status]").select_option("published")
    page.locator("main details summary").first.click()
    page.locator("[name=buyer]").select_option("enterprise")
    page.locator("form.rail button[type=submit]").click()
    expect(page).to_have_url(re.compile("status=published"))
    count = count_on(page)
    assert 0 < count < everything
    assert count <= 100  # one page of the feed
    address = page.url

    other = new_context().new_page()
    other.goto(address)
    assert count_on(other) == count
    links = other.get_by_test_id("downloads").locator("a")
    by_kind = {kind: links.locator(f"xpath=self::a[contains(@href, '.{kind}?')]") for kind in TYPES}
    bodies: dict[str, bytes] = {}
    for kind, link in by_kind.items():
        answer = other.request.get(demo.url + (link.get_attribute("href") or ""))
        assert answer.status == 200, kind
        assert answer.headers["content-type"].startswith(TYPES[kind])
        bodies[kind] = answer.body()
    document = json.loads(bodies["json"])
    open_ones = [row for row in document["rows"] if row["enrol_until"] and row["enrol_until"] > document["at"]]
    expected = {**dict.fromkeys(TYPES, count), "ics": len(open_ones)}
    assert {kind: rows_of(kind, body) for kind, body in bodies.items()} == expected
    assert open_ones

    other.get_by_role("link", name="清空").click()
    assert count_on(other) == everything
    other.go_back()
    expect(other).to_have_url(address)
    assert count_on(other) == count
    expect(other.locator("[name=region]")).to_have_value("620000")
    expect(other.locator("[name=buyer]")).to_have_value("enterprise")


def test_agencies_are_ticked_compared_and_fit_a_phone(demo: LiveServer, new_context: NewContext):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo.url}/agencies/")
    boxes = page.locator("input[form=compare-form]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="比较所选机构").click()
    expect(page.get_by_test_id("comparison").locator("thead th")).to_have_count(3)
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="从机构名录中选").click()
    page.locator("input[form=compare-form]").nth(2).check()
    page.get_by_role("button", name="比较所选机构").click()
    table = page.get_by_test_id("comparison")
    expect(table.locator("tbody tr").first.locator("td")).to_have_count(3)
    # Without scripts the page cannot be asked; the table's own box says it.
    box = table.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 360
