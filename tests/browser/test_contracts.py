"""From a final award to paid, by bank and online, in a real browser against the real server and the stand-in (UX §2.13, §2.18)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.contracts.troupe import QuickTheatre, venue
from tests.plumbing.browser import NewContext, look_again
from tests.plumbing.live import LiveServer

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ACCOUNT = "62001234567890123"


@dataclass
class Stage:
    """The two parties at their screens."""

    server: LiveServer
    number: str
    buyer: Page
    agency: Page

    @property
    def address(self) -> str:
        return f"{self.server.url}/r/{self.number}/contract/"

    def door(self, page: Page, action: str) -> Locator:
        """The form of a door on the contract's page, opened if it was folded."""
        page.goto(self.address)
        form = page.locator(f"form[action$='{action}']").first
        expect(form).to_be_attached()
        form.evaluate(
            "form => { for (let e = form; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true }"
        )
        return form


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[QuickTheatre, LiveServer]]:
    """Server, clock and stand-in for the whole module."""
    with venue(tmp_path_factory.mktemp("contracts")) as (theatre, server):
        theatre.standin.send_webhooks_to(server.url + "/webhooks/stripe/")
        yield theatre, server


@pytest.fixture
def stage(place: tuple[QuickTheatre, LiveServer], new_context: NewContext) -> Stage:
    theatre, server = place
    scene = theatre.run("another_award")
    pages = [signed_in(new_context().new_page(), server, scene[who]) for who in ("buyer", "agency")]
    return Stage(server, scene["number"], *pages)


def signed_in(page: Page, server: LiveServer, email: str) -> Page:
    page.goto(f"{server.url}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill("correct horse battery")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/desk/"))
    return page


def file(name: str) -> Any:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF + name.encode()}


def submit(form: Locator) -> None:
    form.locator("button[type=submit]").last.click()


def sign(stage: Stage) -> None:
    """The agency says where to pay, the buyer divides the job in two, the agency confirms."""
    stage.agency.goto(f"{stage.server.url}/desk/account/")
    stage.agency.locator("[name=bank]").fill("中国建设银行兰州城关支行")
    stage.agency.locator("[name=number]").fill(ACCOUNT)
    submit(stage.agency.locator("main form").first)
    stage.buyer.goto(f"{stage.server.url}/awards/{stage.number}/")
    stage.buyer.locator("main a[href$='/contract/']").first.click()
    form = stage.door(stage.buyer, "/propose/")
    for at, (name, amount, days) in enumerate((("初稿", "30000", "10"), ("报告书", "60000", "20"))):
        form.locator("[name=stage_name]").nth(at).fill(name)
        form.locator("[name=stage_amount]").nth(at).fill(amount)
        form.locator("[name=stage_due_wd]").nth(at).fill(days)
    submit(form)
    form = stage.door(stage.agency, "/confirm/")
    form.locator("[name=read]").check()
    submit(form)
    expect(stage.agency.get_by_test_id("status")).to_have_text("履约中")


def work(stage: Stage, n: int) -> None:
    """Milestone `n` is delivered, accepted and invoiced."""
    form = stage.door(stage.agency, f"/milestones/{n}/deliver/")
    form.locator("[name=files]").set_input_files([file(f"第{n}期成果.pdf")])
    submit(form)
    form = stage.door(stage.buyer, f"/milestones/{n}/decide/")
    form.locator("[name=verdict][value=accepted]").check()
    submit(form)
    form = stage.door(stage.agency, "/invoice/")
    form.locator("[name=invoice_number]").fill(f"266220000000123456{n:02d}")
    submit(form)


@pytest.mark.clause("P19.4", "P10.1")
def test_from_the_award_to_paid_by_bank_and_online(stage: Stage, new_context: NewContext) -> None:
    sign(stage)
    work(stage, 1)
    form = stage.door(stage.buyer, "/transfer/")
    pay = stage.buyer.get_by_test_id("pay").first
    expect(pay).to_contain_text(ACCOUNT)
    expect(pay).to_contain_text(re.compile("ZF[0-9A-Z]{8}"))
    form.locator("[name=receipt]").set_input_files([file("回单.pdf")])
    submit(form)
    expect(stage.buyer.get_by_test_id("payment").first).to_contain_text("等待到账")
    submit(stage.door(stage.agency, "/confirm/"))
    expect(stage.agency.get_by_test_id("payment").first).to_contain_text("已到账")

    work(stage, 2)
    submit(stage.door(stage.buyer, "/online/"))
    expect(stage.buyer.get_by_test_id("stand-in")).to_be_visible()
    stage.buyer.get_by_test_id("challenge").click()
    stage.buyer.get_by_test_id("complete").click()
    expect(stage.buyer).to_have_url(re.compile("/contract/"))
    expect(stage.buyer.get_by_test_id("status")).to_have_text("已完成")

    visitor = new_context().new_page()
    visitor.goto(stage.address)
    expect(visitor.get_by_test_id("status")).to_have_text("已完成")
    shown = visitor.content()
    for private in (ACCOUNT, "0931-5550000", "回单.pdf"):
        assert private not in shown
    expect(visitor.locator("main")).to_contain_text("第1期成果.pdf")
    expect(visitor.get_by_test_id("annex")).to_have_count(0)


def test_a_card_that_is_declined_and_a_checkout_given_up_cost_nothing(stage: Stage) -> None:
    sign(stage)
    work(stage, 1)
    submit(stage.door(stage.buyer, "/online/"))
    stage.buyer.get_by_test_id("decline").click()
    expect(stage.buyer.get_by_test_id("notice")).to_be_visible()
    stage.buyer.get_by_test_id("back").click()
    expect(stage.buyer).to_have_url(re.compile("/contract/"))
    payment = stage.buyer.get_by_test_id("payment").first
    expect(payment).to_contain_text("等待到账")
    submit(stage.door(stage.buyer, "/cancel/"))
    expect(stage.buyer.get_by_test_id("payment").first).to_contain_text("未成")
    expect(stage.buyer.locator("form[action$='/online/']")).to_have_count(1)


def test_a_method_that_confirms_later_shows_as_pending_until_its_webhook_comes(stage: Stage) -> None:
    sign(stage)
    work(stage, 1)
    submit(stage.door(stage.buyer, "/online/"))
    stage.buyer.get_by_test_id("method-alipay").check()
    stage.buyer.get_by_test_id("later-succeed").click()
    expect(stage.buyer).to_have_url(re.compile("/contract/"))
    look_again(stage.buyer, stage.buyer.get_by_test_id("payment").first.filter(has_text="已到账"))
