"""From a flag over a case to a removal, repair and probation in a real browser; and a score that adds up (UX §4 nos. 13, 16)."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import pytest
from playwright.sync_api import expect

from journal.verify import verify
from ratings.recompute import recompute
from tests.browser import removal
from tests.browser.removal import Market, market, take
from tests.plumbing.browser import NewContext, Watch
from tests.plumbing.cluster import Database
from tests.plumbing.live import StartServer

__all__ = ["market"]

pytestmark = pytest.mark.slow


@pytest.mark.clause("P20.8", "P20.9")
def test_flag_evidence_case_defence_two_officers_removal_repair_and_back_on_probation(
    market: Market, watch: Watch
) -> None:
    watch.expect("status of 400")
    watch.expect("status of 404")
    officer = market.officer(0, "/regulator/")
    raised = removal.open_the_flag(market, officer)
    removal.triage(market, officer, raised)
    number = removal.open_a_case(market, officer, raised)
    expect(market.sees(f"/flags/{raised}/")).to_contain_text("404")
    take(officer, "notice", reasons="事实清楚，证据确凿。")
    removal.may_not_decide_yet(market, officer, number)
    agency = removal.answer_the_charge(market, number)
    removal.decide(market, officer, number)
    removal.is_published(market, number)
    removal.takes_effect(market, agency, number, raised)
    removal.repair_an_act(market, agency)
    removal.comes_back_on_probation(market, agency, number)
    record = market.visitor.request.get(f"{market.server.url}/exits/{number}/record.json").body()
    assert verify(BytesIO(record)).case == number


@pytest.mark.clause("P20.9")
def test_an_officer_opens_a_case_by_hand_with_the_papers_that_show_the_fact(market: Market) -> None:
    officer = market.officer(0, "/regulator/")
    removal.open_by_hand(market, officer)
    expect(officer.get_by_test_id("facts")).to_contain_text("数据系伪造")
    expect(officer.get_by_test_id("facts")).to_contain_text("核查记录.pdf")


@pytest.mark.clause("P20.8")
def test_the_credit_page_adds_up_leads_everywhere_and_recomputes(
    live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext
) -> None:
    server = start_server(live_database(demo=True))
    page = new_context().new_page()
    page.goto(f"{server.url}/exits/")
    page.get_by_test_id("exits").locator("a[href^='/a/']").first.click()
    page.get_by_test_id("credit").locator("a").first.click()
    expect(page).to_have_url(re.compile("/a/.*/credit/"))
    expect(page.get_by_test_id("k")).to_have_count(1)

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
