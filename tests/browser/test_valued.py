"""均价 and 综合比选 in real browsers, from the request to the award (R3)."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.plumbing.browser import NewContext, Watch, look_again
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer
from tests.plumbing.valued import ValuedWorld, build

pytestmark = [pytest.mark.slow, pytest.mark.clause("R3")]

# Where pictures of the pages go, for whoever wants to look at them.
_SHOTS = os.environ.get("SHOTS_FOLDER")


@dataclass
class Stage:
    """The world, its server with a clock, and everybody's page."""

    world: ValuedWorld
    server: LiveServer
    new_context: NewContext
    pages: dict[str, Page] = field(default_factory=dict)

    def of(self, session: str) -> Page:
        if session not in self.pages:
            context = self.new_context(accept_downloads=True)
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.server.url}])
            self.pages[session] = context.new_page()
        return self.pages[session]

    def go(self, who: str, path: str) -> Page:
        page = self.of(self.world.sessions[who])
        page.goto(self.server.url + path)
        return page

    def agency(self, path: str) -> Page:
        """The first agency, which does everything in its browser."""
        page = self.of(self.world.agencies[0])
        page.goto(self.server.url + path)
        return page

    def until(self, number: str, shown: str) -> Page:
        """Look at the request's page until the clock has moved it on."""
        page = self.go("buyer", f"/r/{number}/")
        look_again(page, page.locator(shown))
        return page


@pytest.fixture
def stage(
    live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext
) -> Callable[[int], Stage]:
    def made(agencies: int) -> Stage:
        world = build(live_database(), agencies)
        return Stage(world, start_server(world.database), new_context)

    return made


def picture(page: Page, name: str) -> None:
    if not _SHOTS:
        return
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=Path(_SHOTS) / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
    page.set_viewport_size({"width": 1280, "height": 800})


def published(stage: Stage, method: str, **weights: str) -> str:
    page = stage.go("buyer", "/desk/requests/new/")
    page.locator("[name=item]").select_option("TST-01")
    page.locator("[name=title]").fill("灌区节水改造水土保持方案编制")
    page.locator("[name=region]").select_option(label="兰州市")
    page.locator("[name=scope]").fill("按现行规范编制水土保持方案，配合审查并修改完善。")
    page.locator("[name=deliverables]").fill("报告书纸质版六份、电子版一份。")
    page.locator("[name=term_workdays]").fill("20")
    page.locator("[name=ceiling]").fill("90000")
    page.locator(f"[name=method][value={method}]").check()
    for name, weight in weights.items():
        page.locator(f"[name=weight_{name}]").fill(weight)
    picture(page, f"form-{method}")
    page.locator("[name=preview]").click()
    page.get_by_test_id("publish").click()
    expect(page).to_have_url(re.compile(r"/r/GS-\d{4}-\d{6}/"))
    found = re.search(r"GS-\d{4}-\d{6}", page.url)
    assert found is not None
    return found[0]


def contribute(stage: Stage, number: str) -> None:
    """Buyer and regulator, each from the page where it is asked of them."""
    for who, path in (("buyer", f"/r/{number}/"), ("regulator", "/desk/draws/")):
        page = stage.go(who, path)
        with page.expect_download():
            page.get_by_role("button", name="生成并提交随机数").click()
        expect(page.get_by_text("请保存下载的文件").first).to_be_visible()


def reveal(stage: Stage, number: str) -> None:
    for who, path in (("buyer", f"/r/{number}/"), ("regulator", "/desk/draws/")):
        page = stage.go(who, path)
        assert json.loads(page.locator("[name=nonces]").input_value())
        page.get_by_role("button", name="公开随机数").click()
        expect(page.get_by_text("随机数已公开。")).to_be_visible()


def seal(stage: Stage, number: str, price: str) -> Page:
    """The first agency enrols and seals its price in the browser."""
    page = stage.agency(f"/r/{number}/")
    page.get_by_test_id("enrol").click()
    page.locator("[data-price]").fill(price)
    with page.expect_download():
        page.get_by_role("button", name="密封报价").click()
    expect(page.get_by_test_id("offer-sealed")).to_be_visible()
    return page


def opened(stage: Stage, number: str) -> None:
    """The bidder's browser gives its key by itself, the trustees their shares; the clock opens."""
    stage.agency(f"/r/{number}/")
    stage.world.share(number)


def test_by_the_mean_from_the_request_to_the_award(stage: Callable[[int], Stage]) -> None:
    at = stage(5)
    number = published(at, "average")
    contribute(at, number)
    seal(at, number, "81000")
    at.world.fill(number, ["80000.00", "82000.00", "83000.00", "20000.00"], plans=False)
    picture(at.go("buyer", f"/r/{number}/"), "average-published")
    at.world.pass_deadline(number)
    at.until(number, "[data-stage=opening]")
    opened(at, number)
    page = at.until(number, "[data-stage=drawing]")
    expect(page.get_by_test_id("opened-offers")).to_contain_text("¥81,000.00")
    reveal(at, number)
    at.until(number, ".award-name")
    page = at.go("buyer", f"/awards/{number}/")
    [drawn] = at.world.entries(number, "draw.drawn")
    expect(page.get_by_test_id("factor")).to_have_text(f"{int(drawn['order'][0]) / 1000:.2f}")
    table = page.get_by_test_id("averaged")
    expect(table).to_contain_text("¥81,500.00")
    expect(table.locator("tr", has_text="¥20,000.00")).to_contain_text("不计入")
    expect(table.locator(".award-row-winner")).to_have_count(1)
    picture(page, "average-award")


def mark(stage: Stage, code: str, number: str, points: int) -> Page:
    """An expert finds the task on the desk, opens every plan, and marks."""
    page = stage.of(stage.world.experts[code])
    page.goto(f"{stage.server.url}/desk/")
    page.get_by_test_id("expert-card").get_by_role("link").click()
    page.get_by_test_id("expert-waiting").get_by_role("link").click()
    expect(page.get_by_test_id("plan-to-mark")).to_have_count(3)
    for plan in page.get_by_test_id("plan-to-mark").all():
        with page.expect_download() as download:
            plan.get_by_role("link", name="打开方案").click()
        label = plan.get_by_role("heading").inner_text()
        assert download.value.suggested_filename.startswith(label), "the name of the file is the label"
        plan.locator("input[type=number]").fill(str(points))
        plan.locator("textarea").fill("调查布点合理，措施与分区对应，进度留有余地。")
    picture(page, "expert-marks")
    page.get_by_role("button", name="提交全部评分").click()
    expect(page.get_by_test_id("seat")).to_have_text("评分已提交")
    return page


def test_by_merit_from_the_request_to_the_award(stage: Callable[[int], Stage]) -> None:
    at = stage(3)
    number = published(at, "merit", price="45", quality="45", credit="10")
    expect(at.go("buyer", f"/r/{number}/").get_by_test_id("weights")).to_contain_text("45%")
    contribute(at, number)
    page = seal(at, number, "70000")
    plan = page.get_by_test_id("plan-form")
    named = {
        "name": "第1咨询有限公司方案.pdf",
        "mimeType": "application/pdf",
        "buffer": pdf(page, "第1咨询有限公司编制"),
    }
    plan.locator("input[type=file]").set_input_files(named)  # type: ignore[arg-type]
    plan.get_by_role("button", name="提交方案").click()
    expect(page.get_by_text("出现了“第1咨询有限公司")).to_be_visible()
    unnamed = {"name": "第1咨询有限公司方案.pdf", "mimeType": "application/pdf", "buffer": pdf(page, "实施方案")}
    page.goto(f"{at.server.url}/r/{number}/")
    plan.locator("input[type=file]").set_input_files(unnamed)  # type: ignore[arg-type]
    plan.get_by_role("button", name="提交方案").click()
    expect(page.get_by_test_id("plan-sent")).to_be_visible()
    picture(page, "merit-entrant")
    at.world.fill(number, ["60000.00", "80000.00"], plans=True)
    at.world.pass_deadline(number)
    at.until(number, "[data-testid=draw-open]")
    reveal(at, number)
    page = at.until(number, "[data-stage=scoring]")
    expect(page.get_by_test_id("offers-stage")).to_contain_text("暂不开启")
    picture(page, "merit-scoring")
    [seated] = at.world.entries(number, "experts.appointed")
    first, *others = seated["experts"]
    away = at.of(at.world.experts[first])
    away.goto(f"{at.server.url}/expert/{number}/")
    away.locator("summary", has_text="我要回避").click()
    away.get_by_role("button", name="确认回避").click()
    expect(away.get_by_text("已回避")).to_be_visible()
    picture(away, "expert-desk")
    [gone] = at.world.entries(number, "expert.recused")
    for n, code in enumerate([*others, gone["next"]]):
        mark(at, code, number, 70 + 5 * n)
        if n < 2:
            expect(at.go("buyer", f"/r/{number}/").get_by_test_id("marks-given")).to_have_text(f"{n + 1} / 3")
    page = at.until(number, "[data-testid=marks]")
    expect(page.get_by_test_id("marks")).to_contain_text("调查布点合理")
    opened(at, number)
    at.until(number, ".award-name")
    page = at.go("buyer", f"/awards/{number}/")
    scores = page.get_by_test_id("scores")
    # The same marks and credit for all: the lowest price wins, with 45 + 45 · 0.75 + 10 · 0.8.
    expect(scores.locator(".award-row-winner")).to_contain_text("¥60,000.00")
    expect(scores.locator(".award-row-winner")).to_contain_text("86.7500")
    picture(page, "merit-award")


def test_the_operator_keeps_the_pool(stage: Callable[[int], Stage], watch: Watch) -> None:
    watch.expect(r"status of 400 .*/operate/experts/")
    at = stage(1)
    page = at.go("operator", "/operate/")
    page.get_by_role("link", name="评审专家库").click()
    page.locator("[name=email]").fill("nobody@nowhere.example")
    page.get_by_role("button", name="聘任").click()
    expect(page.get_by_text("没有这样的单位成员").first).to_be_visible()
    page.locator("[name=email]").fill("wang@college.example")
    page.locator("[name=items][value='TST-01']").check()
    page.get_by_role("button", name="聘任").click()
    expect(page.get_by_text("专家编号 0005")).to_be_visible()
    picture(page, "pool")
    page.get_by_test_id("expert").filter(has_text="0005").get_by_role("button", name="退出专家库").click()
    expect(page.get_by_test_id("expert")).to_have_count(4)


def pdf(page: Page, text: str) -> bytes:
    """What a browser prints: fonts in subsets, text as glyphs with a table of characters."""
    printer = page.context.new_page()
    printer.set_content(f"<h1>方案</h1><p>{text}</p>")
    content = printer.pdf()
    printer.close()
    return content
