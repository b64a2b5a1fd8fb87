"""Pages on paper: the text stays, what can only be pressed goes, and no table is cut at the edge of the sheet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import visit
from tests.plumbing.browser import NewContext
from tests.plumbing.cluster import Database
from tests.plumbing.live import StartServer

pytestmark = pytest.mark.slow

_PAGES = (
    "/awards/ -> /awards/GS-",
    "/requests/?status=completed -> /r/GS-",
    "/requests/?status=completed -> /r/GS- -> /contract/",
    "/exits/ -> /exits/X-",
    "/exits/ -> /a/ -> /credit/",
    "/stats/",
)
_WIDTH = 794  # A4 at 96 pixels an inch


def test_pages_on_paper_keep_their_text_and_lose_what_can_only_be_pressed(
    live_database: Callable[..., Database], start_server: StartServer, new_context: NewContext
) -> None:
    site = start_server(live_database(demo=True)).url
    page = new_context().new_page()
    page.set_viewport_size({"width": _WIDTH, "height": 1123})
    wrong: list[str] = []
    for address in _PAGES:
        page.emulate_media(media="screen")
        assert visit(page, site, address) == 200
        page.emulate_media(media="print")
        expect(page.locator("main h1")).to_be_visible()
        wrong += [f"{address}: {one}" for one in left_over(page)]
    assert not wrong, "\n".join(wrong)


def left_over(page: Page) -> list[str]:
    """What paper has no use for and still shows, and the tables that it would cut."""
    pressed = page.locator(
        ".site-nav, .figure-nav, .downloads, .site-header, .site-footer, .filter-bar, .demo-ribbon form, button, .button"
    )
    assert pressed.count()
    found = [one.evaluate("one => one.outerHTML")[:90] for one in pressed.all() if one.is_visible()]
    boxes = [one.bounding_box() for one in page.locator("main table").all()]
    return found + [f"cut: {box}" for box in boxes if box and box["x"] + box["width"] > _WIDTH]
