"""The platform's pages, and what is asked of each of them in a browser."""

import re
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# name → address; after an arrow, the pattern of the link to follow from there.
VISITOR = (
    "/",
    "/requests/",
    "/requests/?q=GEO&status=failed&buyer=department",
    "/requests/?status=published -> /r/GS-",
    "/live/",
    "/live/ -> /room/",
    "/awards/",
    "/awards/ -> /awards/GS-",
    "/agencies/",
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
    ),
    "enterprise": ("/desk/", "/desk/requests/new/", "/desk/requests/new/?starter=water"),
    "department": ("/desk/", "/desk/requests/new/"),
    "regulator": ("/desk/",),
    "operator": ("/operate/", "/operate/items/", "/operate/items/ENV-01/"),
}

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
_RUN_AXE = """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))
    .violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))"""
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
    """Open a page, following one link if the address says so; returns the status."""
    start, _arrow, pattern = address.partition(" -> ")
    response = page.goto(site + start)
    if pattern:
        links: list[str] = page.locator("main a").evaluate_all("found => found.map(a => a.getAttribute('href'))")
        follow = next((link for link in links if link and re.search(pattern, link)), None)
        assert follow, f"{address}: no such link among {links}"
        response = page.goto(site + follow)
    assert response is not None
    return response.status


def complaints(page: Page, *, english: bool, width: int) -> list[str]:
    """What is wrong with the page that is open: width, language, size of targets, accessibility."""
    found: list[str] = []
    wide: Any = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        found.append(f"{wide} px too wide")
    if page.evaluate("document.documentElement.lang") != ("en" if english else "zh-Hans"):
        found.append("html[lang] is wrong")
    if english:
        found += [f"Chinese left: {text[:60]}" for text in page.evaluate(_CHINESE_LEFT)]
    if width < 600:
        found += [f"small target: {text}" for text in page.evaluate(_SMALL)]
    page.evaluate(_AXE)
    return found + list(page.evaluate(_RUN_AXE))
