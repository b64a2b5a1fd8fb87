"""The stage and the steps of a removal with due process: what each person does in a browser, and what they see then."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from config.environment import ROOT
from tests.browser.pages import complaints
from tests.browser.test_contracts import file, signed_in
from tests.plumbing.browser import NewContext, look_again
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

WHY = "多次与他人报出同一价格，情节严重。"


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
    """A live platform with officers, the agency that they look at, and a visitor."""

    database: Database
    server: LiveServer
    scene: dict[str, Any]
    new_context: NewContext
    visitor: Page

    def at(self, email: str, path: str) -> Page:
        page = signed_in(self.new_context().new_page(), self.server, email)
        page.goto(self.server.url + path)
        return page

    def officer(self, number: int, path: str) -> Page:
        return self.at(self.scene["officers"][number], path)

    def sees(self, path: str) -> Locator:
        """What the visitor reads there."""
        self.visitor.goto(self.server.url + path)
        return self.visitor.locator("main")

    def days_pass(self, days: int) -> None:
        stage(self.database, "pass_days", uscc=self.scene["uscc"], days=days)


@pytest.fixture
def market(live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext) -> Market:
    database = live_database()
    scene = stage(database, "fill")
    return Market(database, start_server(database), scene, new_context, new_context().new_page())


def number_of(page: Page) -> str:
    """The number at the end of the address."""
    return page.url.rstrip("/").rpartition("/")[2]


def comes(page: Page, what: Locator) -> None:
    """The server's clock moves things on: a case within a second or two, what follows from a flag in half a minute."""
    page.reload()
    look_again(page, what, within=90)


def take(page: Page, verb: str, **fields: str) -> None:
    """Fill in a step's form and send it."""
    form = page.locator(f"form[action$='/{verb}/']")
    # The page may still be on its way; whether the form lies open is told by the page alone.
    form.wait_for(state="attached")
    if not form.is_visible():
        page.locator(f"[data-testid=verb-{verb}] summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    expect(page.locator(".error-summary")).to_have_count(0)


def open_the_flag(market: Market, officer: Page) -> str:
    """The rules raise a flag: it waits in the officer's inbox and shows its evidence. Returns its number."""
    raised: str = stage(market.database, "flag", uscc=market.scene["uscc"], other=market.scene["other"])["number"]
    officer.reload()
    waiting = officer.get_by_test_id("inbox").get_by_role("listitem").filter(has_text="不同机构报价相同")
    waiting.get_by_role("link").click()
    assert number_of(officer) == raised
    expect(officer.get_by_test_id("finding")).to_contain_text("2 次报出相同价格")
    expect(officer.get_by_test_id("evidence")).to_contain_text("¥100,000.00")
    expect(officer.get_by_test_id("innocent")).to_contain_text("整数")
    return raised


def triage(market: Market, officer: Page, raised: str) -> None:
    """The officer watches it first: it leaves the inbox, and is found again among those that are watched."""
    take(officer, "watch", reason="等待第三次同价。")
    expect(officer.get_by_test_id("flag-status")).to_have_text("观察中")
    officer.goto(f"{market.server.url}/regulator/")
    expect(officer.locator("main")).not_to_contain_text("不同机构报价相同")
    officer.get_by_test_id("console-links").get_by_role("link", name="预警", exact=True).click()
    officer.get_by_role("link", name="观察中", exact=True).click()
    officer.get_by_test_id("flags").get_by_role("link").click()
    assert number_of(officer) == raised


def open_a_case(market: Market, officer: Page, raised: str) -> str:
    """The case opens from the flag, filled in with what the rule saw. Returns its number."""
    take(officer, "case", agency=market.scene["uscc"], proposed="remove")
    facts = officer.get_by_test_id("facts")
    expect(facts).to_contain_text("2 次报出相同价格")
    expect(facts).to_contain_text(raised)
    return number_of(officer)


def may_not_decide_yet(market: Market, officer: Page, number: str) -> None:
    """Before the time to answer is over nobody can decide, whatever is sent."""
    expect(officer.get_by_test_id("verb-decide")).to_have_count(0)
    token = next(one["value"] for one in officer.context.cookies() if one["name"] == "csrftoken")
    ruling = {"csrfmiddlewaretoken": token, "measure": "remove", "months": "24", "reasons": "清退"}
    address = f"{market.server.url}/regulator/cases/{number}/decide/"
    sent = officer.request.post(address, form=ruling, headers={"Referer": officer.url})
    assert sent.status == 400
    assert "决定书" not in sent.text()


def answer_the_charge(market: Market, number: str) -> Page:
    """The agency receives the notice and answers, and may dispute its score, which nobody else may. Returns its page."""
    agency = market.at(market.scene["agency"], f"/desk/cases/{number}/")
    take(agency, "receive")
    take(agency, "defend", argument_1="两次报价均按同一定额计算。", argument_2="与对方没有联系。")
    assert not complaints(agency, english=False, width=1280)
    agency.goto(f"{market.server.url}/a/{market.scene['uscc']}/credit/")
    expect(agency.get_by_text("提出异议").first).to_be_visible()
    expect(market.sees(f"/a/{market.scene['uscc']}/credit/")).not_to_contain_text("提出异议")
    return agency


def decide(market: Market, first: Page, number: str) -> None:
    """Who opened the case cannot decide it, and who decided cannot consent: it takes a second and a third officer."""
    case = f"/regulator/cases/{number}/"
    first.goto(market.server.url + case)
    market.days_pass(40)
    comes(first, first.get_by_test_id("verb-decide"))
    expect(first.get_by_test_id("verb-decide").get_by_test_id("conflict")).to_be_visible()
    second = market.officer(1, case)
    expect(second.get_by_test_id("arguments")).to_contain_text("同一定额")
    take(second, "decide", answer_0="两家人员、设备不同，定额不能得出同价。", answer_1="不影响定性。",
         measure="remove", months="24", reasons=WHY)  # fmt: skip
    expect(second.get_by_test_id("verb-second").get_by_test_id("conflict")).to_be_visible()
    third = market.officer(2, case)
    expect(third.get_by_test_id("ruling")).to_contain_text("清退 24 个月")
    expect(third.get_by_test_id("ruling")).to_contain_text(WHY)
    take(third, "second", agrees="yes", opinion="同意。")
    assert not complaints(third, english=False, width=1280)


def is_published(market: Market, number: str) -> None:
    expect(market.sees("/exits/").get_by_test_id("exits")).to_contain_text("迅达咨询有限公司")
    expect(market.sees(f"/exits/{number}/")).to_contain_text(WHY)


def takes_effect(market: Market, agency: Page, number: str, raised: str) -> None:
    """Once in force the agency reads in requests and rooms why it cannot bid; the flag was right and becomes public."""
    market.days_pass(12)
    agency.goto(f"{market.server.url}/r/{market.scene['open']}/")
    comes(agency, agency.locator("main").get_by_text("清退"))
    agency.goto(f"{market.server.url}/r/{market.scene['live']}/room/")
    expect(agency.locator("[data-room=blocker-list]")).to_contain_text("清退")
    expect(market.sees(f"/a/{market.scene['uscc']}/")).to_contain_text(number)
    market.sees("/flags/")
    comes(market.visitor, market.visitor.locator(f"main a[href='/flags/{raised}/']"))
    expect(market.sees(f"/flags/{raised}/")).to_contain_text(number)


def repair_an_act(market: Market, agency: Page) -> None:
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
    deductions = market.sees(f"/a/{uscc}/credit/").get_by_test_id("deduction")
    expect(deductions.filter(has_text="未经同意转包分包")).to_have_count(0)
    for path in ("credit.json", "openings.json"):
        assert "subcontracted" not in market.visitor.request.get(f"{url}/a/{uscc}/{path}").text()


def comes_back_on_probation(market: Market, agency: Page, number: str) -> None:
    """After its term the agency asks to return, another officer grants it, and it enrols again."""
    market.days_pass(760)
    agency.goto(f"{market.server.url}/desk/cases/{number}/")
    take(agency, "reentry", correction="已更换负责人并建立报价复核制度。", signed="on")
    officer = market.officer(3, f"/regulator/cases/{number}/")
    take(officer, "decide_reentry", granted="yes", opinion="整改到位。")
    expect(market.sees(f"/a/{market.scene['uscc']}/")).to_contain_text("观察期")
    agency.goto(f"{market.server.url}/r/{market.scene['open']}/")
    agency.get_by_role("button", name="一键报名").click()
    expect(agency.locator(".blockers")).to_have_count(0)


def open_by_hand(market: Market, officer: Page) -> None:
    """A case can also be opened on the agency's page, with the papers that show the fact."""
    officer.goto(f"{market.server.url}/a/{market.scene['uscc']}/")
    officer.get_by_test_id("open-case").click()
    officer.locator("[name=trigger]").select_option(index=0)
    officer.locator("[name=proposed][value=warn]").check()
    officer.locator("[name=text]").fill("经核查，2026 年 9 月交付的监测报告数据系伪造。")
    officer.locator("[name=files]").set_input_files(file("核查记录.pdf"))
    officer.locator("main form button[type=submit]").click()
