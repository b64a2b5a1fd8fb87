"""Pages for all in a real browser (UX §4 nos. 21, 22, 25): large type, no line, structured data, nothing of the demo."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import complaints, complaints_when_narrow
from tests.plumbing import identity
from tests.plumbing.browser import Screen

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory):
    """Outside the demo's mode."""
    with identity.place(tmp_path_factory.mktemp("for-all"), {}) as made:
        yield made


ROOT_SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


def test_large_type_is_at_least_20_pixels_and_remembered_without_scripts(new_context, place):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(place.url)
    page.get_by_role("button", name="关怀版").click()
    expect(page.get_by_role("button", name="标准版")).to_be_visible()
    assert page.evaluate(ROOT_SIZE) >= 20
    page.close()
    later = context.new_page()
    later.goto(f"{place.url}/requests/")
    assert later.evaluate(ROOT_SIZE) >= 20
    later.set_viewport_size({"width": 360, "height": 740})
    assert later.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    later.get_by_role("button", name="标准版").click()
    expect(later.get_by_role("button", name="关怀版")).to_be_visible()
    assert later.evaluate(ROOT_SIZE) < 20


def test_without_a_line_the_offline_page_offers_what_next_and_comes_back(new_context, place, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource")
    context = new_context(service_workers="allow")
    page = context.new_page()
    page.goto(f"{place.url}/help/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(500)
    context.set_offline(True)
    page.goto(f"{place.url}/awards/")
    expect(page.get_by_role("heading", level=1)).to_have_text("暂时无法连接")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.button-primary')).backgroundColor")
        != "rgba(0, 0, 0, 0)"
    )
    kept = page.evaluate(
        "caches.keys().then(async names => (await (await caches.open(names[0])).keys()).map(r => r.url))"
    )
    assert {address.removeprefix(place.url).split("/")[1] for address in kept} == {"offline", "static"}
    context.set_offline(False)
    page.get_by_role("link", name="重试").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("暂时无法连接")


def test_structured_data_breaks_no_policy(new_context, place):
    page = new_context().new_page()
    page.goto(place.url)
    assert page.locator("script[type='application/ld+json']").count() == 1


@pytest.mark.parametrize("path", ["as/agency/", "outbox/", "pay/x/"])
def test_outside_the_demo_nothing_of_it_is_there_and_the_page_says_where_to_go(new_context, place, watch, path):
    watch.expect("404")
    page = new_context().new_page()
    answer = page.goto(f"{place.url}/demo/{path}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("link", name="回到首页")).to_be_visible()
    expect(page.locator("main code")).to_have_text(answer.headers["x-request-id"])


@pytest.mark.parametrize("screen", [Screen("zh"), Screen("en")], ids=str)
@pytest.mark.parametrize("care", [False, True], ids=["standard", "large"])
def test_pages_for_all_fit_read_and_are_accessible_in_both_sizes_of_type(new_context, place, screen, care):
    english = screen.language == "en"
    context = new_context()
    cookies = {"django_language": "en" if english else "zh-hans", **({"care": "1"} if care else {})}
    context.add_cookies([{"name": name, "value": value, "url": place.url} for name, value in cookies.items()])
    page = context.new_page()
    wrong: list[str] = []
    for path in (
        "/",
        "/help/",
        "/embed/",
        "/embed/live/",
        "/accounts/login/",
        "/requests/",
        "/agencies/",
        "/register/agency/",
    ):
        page.set_viewport_size({"width": screen.width, "height": screen.height})
        page.goto(f"{place.url}{path}")
        found = complaints(page, english=english, width=screen.width) + complaints_when_narrow(page, 360, 740)
        wrong += [f"{path}: {one}" for one in found]
    assert not wrong, "\n".join(wrong)
