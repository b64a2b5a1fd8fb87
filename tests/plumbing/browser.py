"""A real Chromium, watched: a page that breaks a promise fails its test.

`page` is a page in the first language at desktop width. A test marked `@everywhere` runs in both languages at 1280 and
360 pixels. Every page of a test reports what went wrong in it (CSP violations, console errors, uncaught errors, requests
to third parties, failed answers of our own) and the test fails at its end unless it said `watch.expect(…)` before.
"""

import inspect
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from tests.plumbing import chromium

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_LOCALES = {"zh": "zh-CN", "en": "en-US"}
_HEIGHTS = {1280: 800, 360: 740}
# How long a browser may take beside everything else that a small machine does.
_PATIENCE = 20_000
_OUR_HOSTS = ("127.0.0.1", "localhost")
# Set by the page itself, because a policy is also broken where the console does not tell.
_REPORT_VIOLATIONS = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', e =>
  console.error('CSP violation: ' + e.violatedDirective + ' ' + e.blockedURI));
"""


expect.set_options(timeout=_PATIENCE)


@dataclass(frozen=True)
class Screen:
    """How a visitor looks at the platform."""

    language: str = "zh"
    width: int = 1280

    @property
    def height(self) -> int:
        return _HEIGHTS.get(self.width, 800)

    def __str__(self) -> str:
        return f"{self.language}-{self.width}"


SCREENS = [Screen(language, width) for language in ("zh", "en") for width in (1280, 360)]
everywhere = pytest.mark.parametrize("screen", SCREENS, ids=str)


@dataclass
class Watch:
    """What went wrong in the pages of one test."""

    faults: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """This fault belongs to the test, such as the console's line on a 409."""
        self._expected.append(re.compile(pattern))

    @property
    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(known.search(fault) for known in self._expected)]

    def attend(self, context: BrowserContext) -> None:
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in _OUR_HOSTS:
            self.faults.append(f"third party: {request.url}")


NewContext = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests carry the mark, and stand in modules without coroutines, which need the event loop themselves."""
    driving = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    modules = {item.path for item in driving}
    for item in driving:
        item.add_marker(pytest.mark.browser)
    for item in items:
        if item.path in modules and inspect.iscoroutinefunction(getattr(item, "function", None)):
            raise pytest.UsageError(f"{item.nodeid} is a coroutine in a module of browser tests. Move it to its own.")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = chromium.find()
    if found is None and chromium.is_required():
        pytest.fail(f"REQUIRE_BROWSER=1, but there is {chromium.MISSING}")
    if found is None:
        pytest.skip(chromium.MISSING)
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for a module. Playwright holds the thread's event loop while it runs, so it ends with the module."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The tests' own queries are synchronous, whatever Playwright's loop looks like to Django.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = playwright.chromium.launch(executable_path=chromium_path, args=list(_FLAGS))
        yield running
        running.close()


@pytest.fixture
def screen() -> Screen:
    """How `page` is looked at; `@everywhere` gives each of four."""
    return Screen()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test at its end if anything unexpected went wrong in a page."""
    watching = Watch()
    yield watching
    assert not watching.unexpected, "\n".join(watching.unexpected)


@pytest.fixture
def new_context(browser: Browser, watch: Watch, screen: Screen) -> Iterator[NewContext]:
    """A visitor of its own, with its own cookies: `new_context().new_page()`."""
    opened: list[BrowserContext] = []

    def make(look: Screen = screen, **options: Any) -> BrowserContext:
        context = browser.new_context(
            locale=_LOCALES[look.language],
            viewport={"width": look.width, "height": look.height},
            timezone_id="Asia/Shanghai",
            # Tests steer what a page asks for; a worker would ask in its place.
            **{"has_touch": look.width < 600, "reduced_motion": "reduce", "service_workers": "block", **options},
        )
        context.set_default_timeout(_PATIENCE)
        watch.attend(context)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page of a visitor who is not signed in."""
    return new_context().new_page()


def look_again(page: Page, shown: Locator, *, address: str = "", within: float = 60) -> None:
    """Load the page (or `address`) anew until it shows what a clock elsewhere brings about; seconds."""
    give_up = time.monotonic() + within
    if address:
        page.goto(address)
    while not shown.count() and time.monotonic() < give_up:
        page.wait_for_timeout(300)
        page.reload()
    expect(shown).not_to_have_count(0)
