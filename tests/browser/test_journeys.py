"""What people come for, in a real browser against the real server (UX §4 nos. 1–3, 7, 10, 11, 20–22, 25)."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import sign_in
from tests.cast import next_uscc
from tests.plumbing import world as worlds
from tests.plumbing.browser import Watch
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(live_database: Callable[..., Database], start_server: StartServer) -> LiveServer:
    return start_server(live_database(demo=True), bots=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("journeys")
    with worlds.served(folder) as (world, server):
        yield world, server


def test_the_front_page_moves_within_twenty_seconds_without_navigation(demo: LiveServer, page: Page):
    page.goto(demo.url)
    deadline = time.monotonic() + 60
    while page.get_by_test_id("live-price").count() == 0 and time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        page.reload()
    price = page.get_by_test_id("live-price").first
    before = price.inner_text()
    expect(price).not_to_have_text(before, timeout=20_000)


@pytest.mark.clause("P19.1")
def test_an_agency_registers_says_what_it_offers_and_is_enrolled_in_the_same_minute(demo: LiveServer, page: Page):
    page.goto(f"{demo.url}/register/agency/")
    code = next_uscc()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    page.locator("[name=name]").fill("新来环境咨询有限公司")
    page.locator("[name=uscc]").fill(wrong)
    page.locator("[name=region]").select_option(label="兰州市")
    page.locator("[name=contact_name]").fill("李四")
    page.locator("[name=contact_phone]").fill("0931-5550001")
    page.locator("[name=email]").fill("new@agency.example")
    page.locator("[name=password]").fill("a long enough pass phrase")
    page.locator("[name=commitment]").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text(f"校验位应为 {code[-1]}")
    expect(page.locator("[name=name]")).to_have_value("新来环境咨询有限公司")
    page.locator("[name=uscc]").fill(code)
    page.locator("[name=password]").fill("a long enough pass phrase")
    page.locator("[name=commitment]").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/desk/"))
    page.goto(f"{demo.url}/desk/services/")
    for code_of_item in ("INV-01", "WAT-01", "ENV-01", "HEA-01", "ENE-01", "WAT-03"):
        page.locator(f"input[value='{code_of_item}']").check()
    page.locator("main form button[type=submit]").click()
    page.goto(f"{demo.url}/desk/")
    page.locator("section[aria-labelledby=matching] a").first.click()
    page.locator("form[action$='/enrol/'] button").click()
    expect(page.locator("main")).to_contain_text("代号")


@pytest.mark.clause("P20.3", "P5.1")
def test_the_form_finds_both_faults_while_typing_and_its_buttons_mend_them(demo: LiveServer, page: Page, watch: Watch):
    watch.expect("400")
    sign_in(page, demo.url, "enterprise")
    page.goto(f"{demo.url}/desk/requests/new/?starter=water")
    page.locator("[name=ceiling]").fill("128500")
    page.locator("[name=scope]").fill("编制方案并配合审查。仅限兰州市本地机构。")
    page.locator("[name=materials]").press_sequentially("项目立项文件，其他相关材料")
    fails = page.get_by_test_id("policy-fail")
    expect(fails).to_have_count(2)
    expect(fails.nth(0)).to_contain_text("第 20 项")
    expect(fails.nth(1)).to_contain_text("第 6 项")
    expect(page.locator("#policy-panel")).to_contain_text("壹拾贰万捌仟伍佰元整")
    page.locator("[name=preview]").click()
    expect(page).not_to_have_url(re.compile("/preview/"))
    for left in (1, 0):
        page.locator("[data-fix]").first.click()
        expect(fails).to_have_count(left)
    assert "兰州市本地" not in page.locator("[name=scope]").input_value()
    page.locator("[name=preview]").click()
    expect(page).to_have_url(re.compile("/preview/"))
    page.get_by_test_id("publish").click()
    expect(page).to_have_url(re.compile(r"/r/GS-\d{4}-\d{6}/"))


@pytest.mark.clause("P20.6", "P20.7")
def test_a_department_finds_direct_selection_off_with_its_reason_and_itself_as_payer(demo: LiveServer, page: Page):
    sign_in(page, demo.url, "department")
    page.goto(f"{demo.url}/desk/requests/new/")
    direct = page.locator("input[name=method][value=direct]")
    expect(direct).to_be_disabled()
    expect(page.get_by_test_id("why-direct")).to_contain_text("P20.6")
    expect(page.get_by_test_id("payer")).to_contain_text("本部门")
    expect(page.locator("[name=budget_line]")).to_have_attribute("required", "")


def test_nobody_sees_who_bids_before_the_close_in_any_frame_or_page(new_context, place):
    world, server = place
    frames: list[str] = []

    def record(socket) -> None:
        socket.on("framereceived", lambda data: frames.append(str(data)))

    pages = []
    for session in (world.bidders[0].session, None):
        context = new_context()
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        page = context.new_page()
        page.on("websocket", record)
        page.goto(f"{server.url}/r/{world.number}/room/")
        expect(page.get_by_test_id("conn")).to_contain_text("良好")
        pages.append(page)
    best = world.auction()["best"] or 10_050_000
    with worlds.browser(server, world.bidders[1]) as rival:
        status, answer = rival.bid(world.number, f"{best // 100 - 500}.00")
    assert status == 200 or answer["code"] == "E_LEADING"
    shown = [page.get_by_test_id("seq").first for page in pages]
    expect(shown[1]).to_have_attribute("data-seq", shown[0].get_attribute("data-seq") or "")
    html = "".join(page.content() for page in pages)
    assert any(json.loads(frame)["type"] == "entries" for frame in frames)
    for other in world.bidders[1:]:
        assert other.uscc not in "".join(frames) + html


def test_a_bid_in_the_window_moves_the_close_and_the_page_says_because_of_which(new_context, place):
    world, server = place
    context = new_context()
    context.add_cookies([{"name": "sessionid", "value": world.bidders[2].session, "url": server.url}])
    page = context.new_page()
    world.closes_in(60)
    page.goto(f"{server.url}/r/{world.number}/room/")
    expect(page.get_by_test_id("conn")).to_contain_text("良好")
    page.get_by_test_id("amount").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("my-state")).to_contain_text(re.compile(r"已受理 #\d+"))
    number = re.search(r"#(\d+)", page.get_by_test_id("my-state").inner_text())
    assert number is not None
    expect(page.get_by_test_id("extension-reason")).to_contain_text(f"#{number[1]}")
    assert 100_000 < int(page.get_by_test_id("remaining").get_attribute("data-remaining-ms") or 0) <= 120_500


def test_an_unknown_page_says_what_happened_and_where_to_go(new_context, place, watch):
    _world, server = place
    watch.expect("404")
    page = new_context().new_page()
    for address in ("/nowhere/", "/r/GS-1999-000000/", "/a/91620100MA7DEM000D/"):
        response = page.goto(server.url + address)
        assert response is not None
        assert response.status == 404
        assert page.locator("main a").count() >= 1
