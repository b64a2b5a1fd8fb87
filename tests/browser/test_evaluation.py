"""Two parties and a department evaluate a finished contract in a real browser: two presses and a reason (UX §2.13)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import complaints
from tests.browser.test_contracts import signed_in
from tests.contracts.theatre import Theatre
from tests.plumbing.browser import NewContext, Screen, Watch
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer
from tests.plumbing.standin import Standin

pytestmark = pytest.mark.slow


@dataclass
class Round:
    """A finished contract, and whoever looks at it."""

    server: LiveServer
    scene: dict[str, Any]
    open_page: Callable[[], Page]

    @property
    def address(self) -> str:
        return f"{self.server.url}/r/{self.scene['number']}/evaluation/"

    def at(self, who: str) -> Page:
        page = signed_in(self.open_page(), self.server, self.scene[who])
        page.goto(self.address)
        return page


@pytest.fixture
def evaluated(
    live_database: Callable[..., Database],
    start_server: StartServer,
    stripe_standin: Standin,
    monkeypatch: pytest.MonkeyPatch,
    new_context: NewContext,
    screen: Screen,
) -> Round:
    theatre = Theatre(live_database(), stripe_standin, {})
    for name, value in theatre.settings.items():
        monkeypatch.setenv(name, value)
    scene = theatre.run("finish")
    server = start_server(theatre.database)

    def open_page() -> Page:
        context = new_context()
        language = "en" if screen.language == "en" else "zh-hans"
        context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
        return context.new_page()

    return Round(server, scene, open_page)


def sound(page: Page, screen: Screen) -> None:
    """Nothing too wide, too small or hard to use; the policy of scripts held is seen to by `watch`."""
    assert not complaints(page, english=screen.language == "en", width=screen.width)


def submit(page: Page) -> None:
    page.locator("form[action$='/rate/'] button[type=submit]").click()


@pytest.mark.clause("P19.5")
@pytest.mark.parametrize("screen", [Screen("zh", 1280), Screen("en", 360)], ids=str)
def test_both_sides_evaluate_and_everybody_reads_it(evaluated: Round, screen: Screen, watch: Watch) -> None:
    watch.expect("status of 400")
    buyer = evaluated.at("buyer")
    sound(buyer, screen)
    buyer.locator("[data-preset='4']").click()
    assert buyer.url.endswith("/evaluation/"), "a preset fills the form in place"
    assert buyer.locator("input[type=radio][value='4']:checked").count() == 4
    buyer.locator("input[value='quality.sound']").check()
    submit(buyer)
    expect(buyer.get_by_test_id("mark-buyer")).to_be_visible()
    sound(buyer, screen)

    department = evaluated.at("department")
    department.locator("input[value=passed]").check()
    department.locator("[name=document]").fill("兰水许可〔2026〕18 号")
    submit(department)
    expect(department.get_by_test_id("waiting")).to_be_visible()
    department.goto(f"{evaluated.server.url}/desk/outcomes/")
    expect(department.get_by_test_id("outcomes").locator(".badge-ok")).to_be_visible()
    sound(department, screen)

    agency = evaluated.at("agency")
    expect(agency.get_by_test_id("mark-buyer")).to_have_count(0)
    agency.locator("[data-preset='5']").focus()
    agency.keyboard.press("Space")
    submit(agency)
    expect(agency.locator(".error-summary")).to_be_visible()
    assert agency.locator("input[type=radio][value='5']:checked").count() == 3
    agency.locator("input[value='payment.in_time']").check()
    submit(agency)

    visitor = evaluated.open_page()
    visitor.goto(evaluated.address)
    expect(visitor.get_by_test_id("x")).to_have_text("0.8750")
    expect(visitor.get_by_test_id("mark-buyer").locator(".badge-ok")).to_be_visible()
    sound(visitor, screen)
    visitor.goto(f"{evaluated.server.url}/b/{evaluated.scene['uscc']}/")
    expect(visitor.get_by_test_id("score")).to_contain_text("3")
    sound(visitor, screen)
    expect(visitor.locator("[data-term=marks]")).to_contain_text(re.compile("20"))
