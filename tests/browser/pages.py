"""The platform's pages, and what is asked of each of them in a browser."""

import re
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# Addresses; after each arrow, the pattern of the link to follow from there.
VISITOR = (
    "/",
    "/requests/",
    "/requests/?q=GEO&status=failed&buyer=department",
    "/requests/?status=published -> /r/GS-",
    "/live/",
    "/live/ -> /room/",
    "/awards/",
    "/awards/ -> /awards/GS-",
    "/requests/?status=contracted -> /r/GS- -> /contract/",
    "/requests/?status=completed -> /r/GS- -> /contract/",
    "/requests/?status=completed -> /r/GS- -> /contract/ -> /evaluation/",
    "/requests/?status=completed -> /r/GS- -> /b/",
    "/verify/",
    "/exits/",
    "/exits/ -> /exits/X-",
    "/exits/ -> /a/ -> /credit/",
    "/exits/punctuality/",
    "/stats/",
    "/stats/?period=3m&region=620100",
    "/stats/concentration/",
    "/inspections/",
    "/inspections/ -> /inspections/I-",
    "/agencies/",
    "/compare/",
    "/agencies/ -> /a/",
    "/items/",
    "/items/GEO-03/",
    "/cancelled-items/",
    "/cancelled-items/ -> /items/",
    "/policy/",
    "/register/agency/",
    "/register/enterprise/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/help/",
    "/embed/",
    "/embed/live/",
)
ROLES = {
    "agency": (
        "/desk/",
        "/live/ -> /room/",
        "/requests/?status=published -> /r/GS-",
        "/desk/agency/",
        "/desk/agency/profile/",
        "/desk/agency/qualifications/",
        "/desk/agency/ties/",
        "/desk/services/",
        "/desk/members/",
        "/desk/inbox/",
        "/desk/account/",
        "/desk/bank/",
        "/desk/ -> /contract/",
        "/desk/complaints/",
        "/desk/cases/",
        "/accounts/2fa/",
    ),
    "enterprise": (
        "/desk/",
        "/desk/draws/",
        "/desk/requests/new/",
        "/desk/requests/new/?starter=water",
        "/desk/ -> /contract/",
    ),
    "department": ("/desk/", "/desk/requests/new/", "/desk/ -> /contract/", "/desk/outcomes/", "/trustee/"),
    "regulator": (
        "/desk/",
        "/requests/?status=contracted -> /r/GS- -> /contract/",
        "/regulator/",
        "/regulator/cases/",
        "/regulator/cases/?step=deciding -> /regulator/cases/X-",
        "/regulator/cases/?step=proposed -> /regulator/cases/X-",
        "/regulator/cases/?step=in_force -> /regulator/cases/X- -> /documents/",
        "/regulator/complaints/",
        "/regulator/lists/",
        "/regulator/disputes/",
        "/regulator/inspections/",
        "/desk/draws/",
        "/regulator/inspections/new/",
        "/regulator/inspectors/",
        "/regulator/ -> /regulator/inspections/I-",
        "/inspections/ -> /inspections/I-",
    ),
    "operator": ("/operate/", "/operate/trustees/", "/operate/experts/", "/operate/items/", "/operate/items/ENV-01/"),
}

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
_RUN_AXE = """async (asked) => (await axe.run(document, {runOnly: asked}))
    .violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))"""
_ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What can differ when the same page is only made narrower.
_RULES_OF_LAYOUT = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "color-contrast"]}
# And in another language.
_RULES_OF_LANGUAGE = [
    *_RULES_OF_LAYOUT["values"],
    *(
        "html-has-lang",
        "html-lang-valid",
        "valid-lang",
        "label",
        "button-name",
        "link-name",
        "image-alt",
        "select-name",
    ),
]
# Names, labels and what people wrote are Chinese in English pages too: marked with their language, or as mixed sentences,
# or standing in the fields they were typed into.
_CHINESE_LEFT = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const holder = walk.currentNode.parentElement;
        if (!holder || ['SCRIPT', 'STYLE', 'OPTION', 'TEXTAREA'].includes(holder.tagName)) continue;
        if (holder.closest('[lang^=zh]:not(html), [data-mixed]')) continue;
        if (/[\\u4e00-\\u9fff]/.test(walk.currentNode.textContent.replace('水利', ''))) found.push(walk.currentNode.textContent.trim());
    }
    for (const one of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
        for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
            if (/[\\u4e00-\\u9fff]/.test(one.getAttribute(name) ?? '') && !one.closest('[lang^=zh]:not(html)'))
                found.push(name + '=' + one.getAttribute(name));
    return found;
}"""
_SMALL = """() => [...document.querySelectorAll('main .button, main button:not(.link-button):not([data-axis])')]
    .filter(one => one.offsetParent !== null && one.getBoundingClientRect().height < 43.5)
    .map(one => one.textContent.trim() + ' ' + Math.round(one.getBoundingClientRect().height))"""


def sign_in(page: Page, site: str, role: str) -> None:
    """One click on the demo's strip."""
    page.goto(site)
    page.locator(f"form[action$='/demo/as/{role}/'] button").first.click()
    page.wait_for_load_state()


def visit(page: Page, site: str, address: str) -> int:
    """Open a page, following the links that the address tells; returns the status."""
    start, *patterns = address.split(" -> ")
    response = page.goto(site + start)
    for pattern in patterns:
        links: list[str] = page.locator("main a").evaluate_all("found => found.map(a => a.getAttribute('href'))")
        follow = next((link for link in links if link and re.search(pattern, link)), None)
        assert follow, f"{address}: no such link among {links}"
        response = page.goto(site + follow)
    assert response is not None
    return response.status


def complaints(page: Page, *, english: bool, width: int) -> list[str]:
    """What is wrong with the page that is open: width, language, size of targets, accessibility.

    An English page is the Chinese one with other words: only what words can change is looked at again.
    """
    found = _of_width(page, width)
    if page.evaluate("document.documentElement.lang") != ("en" if english else "zh-Hans"):
        found.append("html[lang] is wrong")
    if english:
        found += [f"Chinese left: {text[:60]}" for text in page.evaluate(_CHINESE_LEFT)]
    page.evaluate(_AXE)
    asked = {"type": "rule", "values": _RULES_OF_LANGUAGE} if english else _ALL_RULES
    return found + list(page.evaluate(_RUN_AXE, asked))


def complaints_when_narrow(page: Page, width: int, height: int) -> list[str]:
    """What is wrong once the page that `complaints` has seen is made so narrow."""
    page.set_viewport_size({"width": width, "height": height})
    # Drawings follow a moment later. Waiting for a function would make the page evaluate text, which its policy forbids.
    for _ in range(10):
        if not _of_width(page, width):
            break
        page.wait_for_timeout(150)
    return _of_width(page, width) + list(page.evaluate(_RUN_AXE, _RULES_OF_LAYOUT))


def _of_width(page: Page, width: int) -> list[str]:
    wide: Any = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{wide} px too wide at {width}"] if wide > 0 else []
    if width < 600:
        found += [f"small target: {text}" for text in page.evaluate(_SMALL)]
    return found
