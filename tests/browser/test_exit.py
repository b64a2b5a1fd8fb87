"""From a flag over a case to a removal, and back on probation, in a real browser (UX §4 nos. 13 and 16)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.environment import ROOT
from journal.verify import verify
from ratings.recompute import recompute
from tests.browser.pages import complaints
from tests.browser.test_contracts import file, signed_in
from tests.plumbing.browser import NewContext, Watch
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

pytestmark = pytest.mark.slow


def stage(database: Database, verb: str, *, as_owner: bool = False, **given: Any) -> dict[str, Any]:
    address = database.owner_url if as_owner else database.url
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": address}
    command = [sys.executable, "-m", "tests.ratings.stage", verb, json.dumps(given)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@dataclass
class Market:
    """A live platform with four officers and the agency that they look at."""

    database: Database
    server: LiveServer
    scene: dict[str, Any]
    new_context: NewContext

    def at(self, email: str, path: str) -> Page:
        page = signed_in(self.new_context().new_page(), self.server, email)
        page.goto(self.server.url + path)
        return page

    def officer(self, number: int, path: str) -> Page:
        return self.at(self.scene["officers"][number], path)

    def days_pass(self, days: int) -> None:
        stage(self.database, "pass_days", uscc=self.scene["uscc"], days=days)


@pytest.fixture
def market(live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext) -> Market:
    database = live_database()
    scene = stage(database, "fill")
    return Market(database, start_server(database), scene, new_context)


def shows(page: Page, testid: str) -> None:
    """The server's clock moves cases on within a second or two: look again until it has."""
    for _ in range(20):
        page.reload()
        if page.get_by_test_id(testid).count():
            return
        page.wait_for_timeout(300)
    raise AssertionError(f"{testid} never came: {page.locator('main').inner_text()[:600]}")


def take(page: Page, verb: str, **fields: str) -> None:
    """Fill in a step's form and send it."""
    form = page.locator(f"form[action$='/{verb}/']")
    if not form.is_visible():
        page.locator(f"[data-testid=verb-{verb}] summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    expect(page.locator(".error-summary")).to_have_count(0)


@pytest.mark.clause("P20.9")
def test_flag_evidence_case_defence_two_officers_removal_repair_and_back_on_probation(
    market: Market, watch: Watch
) -> None:
    watch.expect("status of 400")
    scene = market.scene
    first = market.officer(0, f"/a/{scene['uscc']}/")
    first.get_by_test_id("open-case").click()
    first.locator("[name=trigger]").select_option(index=0)
    first.locator("[name=proposed][value=remove]").check()
    first.locator("[name=text]").fill("经核查，2026 年 9 月交付的监测报告数据系伪造。")
    first.locator("[name=files]").set_input_files(file("核查记录.pdf"))
    first.locator("main form button[type=submit]").click()
    expect(first.get_by_test_id("facts")).to_contain_text("数据系伪造")
    expect(first.get_by_test_id("facts")).to_contain_text("核查记录.pdf")
    case = first.url.removeprefix(market.server.url)
    number = case.split("/")[-2]
    take(first, "notice", reasons="事实清楚，证据确凿。")

    # Before the time to answer is over nobody can decide, whatever is sent.
    expect(first.get_by_test_id("verb-decide")).to_have_count(0)
    token = next(one["value"] for one in first.context.cookies() if one["name"] == "csrftoken")
    ruling = {"csrfmiddlewaretoken": token, "measure": "remove", "months": "24", "reasons": "清退"}
    sent = first.request.post(f"{market.server.url}{case}decide/", form=ruling, headers={"Referer": first.url})
    assert sent.status == 400
    assert "决定书" not in sent.text()

    agency = market.at(scene["agency"], "/desk/")
    agency.goto(f"{market.server.url}/desk/cases/{number}/")
    take(agency, "receive")
    take(agency, "defend", argument_1="数据异常系仪器故障所致。", argument_2="已召回报告。")
    assert not complaints(agency, english=False, width=1280)

    agency.goto(f"{market.server.url}/a/{scene['uscc']}/credit/")
    expect(agency.get_by_text("提出异议").first).to_be_visible()
    first.goto(agency.url)
    expect(first.get_by_text("提出异议")).to_have_count(0)
    first.goto(market.server.url + case)

    market.days_pass(40)
    shows(first, "verb-decide")
    expect(first.get_by_test_id("verb-decide").get_by_test_id("conflict")).to_be_visible()
    second = market.officer(1, case)
    expect(second.get_by_test_id("arguments")).to_contain_text("仪器故障")
    take(second, "decide", answer_0="检定记录完整，不予采纳。", answer_1="不影响定性。",
         measure="remove", months="24", reasons="伪造监测数据，情节严重。")  # fmt: skip
    expect(second.get_by_test_id("verb-second").get_by_test_id("conflict")).to_be_visible()
    third = market.officer(2, case)
    expect(third.get_by_test_id("ruling")).to_contain_text("清退 24 个月")
    expect(third.get_by_test_id("ruling")).to_contain_text("伪造监测数据，情节严重。")
    take(third, "second", agrees="yes", opinion="同意。")
    assert not complaints(third, english=False, width=1280)

    visitor = market.new_context().new_page()
    visitor.goto(f"{market.server.url}/exits/")
    expect(visitor.get_by_test_id("exits")).to_contain_text("迅达咨询有限公司")
    visitor.goto(f"{market.server.url}/exits/{number}/")
    expect(visitor.locator("main")).to_contain_text("伪造监测数据，情节严重。")

    market.days_pass(12)
    agency.goto(f"{market.server.url}/r/{scene['open']}/")
    shows_reason(agency, "清退")
    agency.goto(f"{market.server.url}/r/{scene['live']}/room/")
    expect(agency.locator("[data-room=blocker-list]")).to_contain_text("清退")
    visitor.goto(f"{market.server.url}/a/{scene['uscc']}/")
    expect(visitor.locator("main")).to_contain_text(number)

    repair_the_act(market, agency, visitor)

    market.days_pass(760)
    agency.goto(f"{market.server.url}/desk/cases/{number}/")
    take(agency, "reentry", correction="已更换仪器并建立复核制度。", signed="on")
    fourth = market.officer(3, case)
    take(fourth, "decide_reentry", granted="yes", opinion="整改到位。")
    visitor.goto(f"{market.server.url}/a/{scene['uscc']}/")
    expect(visitor.locator("main")).to_contain_text("观察期")
    agency.goto(f"{market.server.url}/r/{scene['open']}/")
    agency.get_by_role("button", name="一键报名").click()
    expect(agency.locator(".blockers")).to_have_count(0)
    record = visitor.request.get(f"{market.server.url}/exits/{number}/record.json").body()
    assert verify(BytesIO(record)).case == number


def repair_the_act(market: Market, agency: Page, visitor: Page) -> None:
    """An older act is made good: asked for on the credit page, granted by an officer, gone from pages, API and files."""
    uscc, url = market.scene["uscc"], market.server.url
    act = stage(market.database, "age_act", as_owner=True, source="sub:1", days=100)["pk"]
    agency.goto(f"{url}/a/{uscc}/credit/")
    form = f"form[action='/acts/{act}/repair/']"
    agency.locator("details", has=agency.locator(form)).locator("summary").click()
    agency.locator(f"{form} textarea").fill("已终止转包并自行完成。")
    agency.locator(f"{form} button[type=submit]").click()
    officer = market.officer(3, "/regulator/")
    officer.get_by_role("link", name="审核信用修复").click()
    expect(officer.locator("main")).to_contain_text("已终止转包并自行完成。")
    officer.locator("[name=granted][value=yes]").check()
    officer.locator("[name=opinion]").fill("整改属实。")
    officer.locator("main form button[type=submit]").click()
    expect(officer.get_by_text("审核意见已记录。")).to_be_visible()
    visitor.goto(f"{url}/a/{uscc}/credit/")
    expect(visitor.get_by_test_id("deduction").filter(has_text="未经同意转包分包")).to_have_count(0)
    for path in ("credit.json", "openings.json"):
        assert "subcontracted" not in visitor.request.get(f"{url}/a/{uscc}/{path}").text()


def shows_reason(page: Page, words: str) -> None:
    for _ in range(20):
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(300)
        page.reload()
    raise AssertionError(f"{words} never came: {page.locator('main').inner_text()[:600]}")


@pytest.mark.clause("P20.8")
def test_the_credit_page_adds_up_leads_everywhere_and_recomputes(
    live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext
) -> None:
    server = start_server(live_database(demo=True))
    page = new_context().new_page()
    page.goto(f"{server.url}/exits/")
    page.get_by_test_id("exits").locator("a[href^='/a/']").first.click()
    page.get_by_test_id("credit").locator("a").first.click()
    assert re.search("/a/.*/credit/", page.url)

    def numbers(name: str) -> list[Decimal]:
        return [Decimal(one) for one in page.locator(f"[data-testid={name}]").all_inner_texts()]

    def points(name: str) -> Decimal:
        rows = page.locator(f"[data-testid={name}]").all()
        return sum((Decimal(row.get_attribute("data-points") or "") for row in rows), Decimal(0))

    [c], [q], [k] = numbers("c"), numbers("q"), numbers("k")
    assert c == max(Decimal(0), 100 - points("deduction") + points("merit")).quantize(Decimal("0.1"))
    assert k == (Decimal("0.6") * c + 40 * q).quantize(Decimal("0.1"), ROUND_HALF_UP)
    links = {link.get_attribute("href") or "" for link in page.locator("main a[href^='/']").all()}
    assert links
    for link in links:
        assert page.request.get(server.url + link).status == 200, link
    document = page.request.get(page.url.removesuffix("/credit/") + "/credit.json").json()
    again = recompute(document)
    assert (again.c, again.q, again.k) == (c, q, k)
    assert page.get_by_text("提出异议").count() == 0
