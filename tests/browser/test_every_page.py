"""Every page of the demo, in both languages, at 1280 and 360 pixels (UX §4 nos. 22–25).

The `watch` fixture fails the test for any CSP violation, console error or request to a third party.
"""

import time
import urllib.request
from collections.abc import Callable

import pytest

from tests.browser.pages import ROLES, VISITOR, complaints, complaints_when_narrow, sign_in, visit
from tests.plumbing.browser import Screen
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartServer

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(live_database: Callable[..., Database], start_server: StartServer) -> LiveServer:
    server = start_server(live_database(demo=True), bots=True)
    give_up = time.monotonic() + 60
    while b"/room/" not in urllib.request.urlopen(f"{server.url}/live/").read():
        assert time.monotonic() < give_up, "the bots brought no auction to life"
        time.sleep(0.5)
    return server


@pytest.mark.clause("P14.1")
@pytest.mark.parametrize("screen", [Screen("zh"), Screen("en")], ids=str)
def test_every_page_opens_fits_reads_and_is_accessible(demo: LiveServer, new_context, screen: Screen):
    english, narrow = screen.language == "en", Screen(screen.language, 360)
    wrong: list[str] = []
    for role, addresses in {"visitor": VISITOR, **ROLES}.items():
        context = new_context()
        context.add_cookies([{"name": "django_language", "value": "en" if english else "zh-hans", "url": demo.url}])
        page = context.new_page()
        if role != "visitor":
            sign_in(page, demo.url, role)
        for address in addresses:
            page.set_viewport_size({"width": screen.width, "height": screen.height})
            status = visit(page, demo.url, address)
            here = [f"status {status}"] if status != 200 else []
            here += complaints(page, english=english, width=screen.width)
            here += complaints_when_narrow(page, narrow.width, narrow.height)
            wrong += [f"{role} {address}: {one}" for one in here]
    assert not wrong, "\n" + "\n".join(wrong)
