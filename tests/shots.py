"""`make shots`: the demo's pages as pictures in shots/, in both languages at 1280 and 360 pixels, to be looked at."""

import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from config.environment import ROOT
from config.postgres import free_port
from tests.browser.pages import visit
from tests.plumbing import chromium, cluster

FOLDER = ROOT / "shots"

# name → address, or a pattern of the link to follow from the page named before the arrow.
VISITOR = {
    "home": "/",
    "requests": "/requests/",
    "request": "/requests/ -> /r/GS-",
    "live": "/live/",
    "room": "/live/ -> /room/",
    "awards": "/awards/",
    "award": "/awards/ -> /awards/GS-",
    "contract": "/requests/?status=contracted -> /r/GS- -> /contract/",
    "contract-completed": "/requests/?status=completed -> /r/GS- -> /contract/",
    "agencies": "/agencies/",
    "agency": "/agencies/ -> /a/",
    "credit": "/exits/ -> /a/ -> /credit/",
    "buyer-credit": "/requests/?status=completed -> /r/GS- -> /b/",
    "evaluation": "/requests/?status=completed -> /r/GS- -> /contract/ -> /evaluation/",
    "items": "/items/",
    "item": "/items/ENV-01/",
    "cancelled-items": "/cancelled-items/",
    "cancelled-item": "/cancelled-items/ -> /items/",
    "policy": "/policy/",
    "stats": "/stats/",
    "concentration": "/stats/concentration/",
    "register-agency": "/register/agency/",
    "register-enterprise": "/register/enterprise/",
    "sign-in": "/accounts/login/",
    "not-found": "/r/GS-1999-000000/",
}
ROLES = {
    "agency": {
        "desk": "/desk/",
        "room": "/live/ -> /room/",
        "request": "/requests/?status=published -> /r/GS-",
        "profile": "/desk/agency/",
        "services": "/desk/services/",
        "contract": "/desk/ -> /contract/",
        "bank": "/desk/bank/",
        "account": "/desk/account/",
        "inbox": "/desk/inbox/",
    },
    "enterprise": {"desk": "/desk/", "new-request": "/desk/requests/new/", "contract": "/desk/ -> /contract/"},
    "department": {"desk": "/desk/", "new-request": "/desk/requests/new/", "contract": "/desk/ -> /contract/"},
    "regulator": {"desk": "/desk/"},
    "operator": {"desk": "/desk/", "operate": "/operate/"},
}


def main() -> None:
    """Start the demo on a database of its own, walk through it, and stop it."""
    os.environ["DEMO_MODE"] = "1"
    os.environ.setdefault("SECRET_KEY", "a key for looking at pages only, long enough to pass every check there is")
    cluster.provide(os.environ)
    from tests.plumbing import live

    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    database = cluster.create(f"shots_{secrets.token_hex(4)}", template=live.template(demo=True))
    with tempfile.TemporaryDirectory() as logs:
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        running = live.start_demo(database, port, Path(logs))
        try:
            shutil.rmtree(FOLDER, ignore_errors=True)
            FOLDER.mkdir()
            _walk(path, site)
        finally:
            for process in running:
                process.kill()
            cluster.drop(database.name)


def _walk(chromium_path: str, site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"])
        for language, code in (("zh", "zh-hans"), ("en", "en")):
            for width, height in ((1280, 800), (360, 740)):
                for role, pages in {"visitor": VISITOR, **ROLES}.items():
                    context = browser.new_context(viewport={"width": width, "height": height})
                    context.add_cookies([{"name": "django_language", "value": code, "url": site}])
                    page = _signed_in(context, site, role)
                    for name, address in pages.items():
                        _shoot(page, site, address, FOLDER / f"{role}-{name}-{language}-{width}.png")
                    context.close()
        browser.close()


def _signed_in(context: BrowserContext, site: str, role: str) -> Page:
    page = context.new_page()
    page.goto(site)
    if role != "visitor":
        page.evaluate(
            """async role => {
                const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1]
                    ?? document.querySelector('[name=csrfmiddlewaretoken]').value;
                await fetch(`/demo/as/${role}/`, {method: 'POST', headers: {'X-CSRFToken': token}});
            }""",
            role,
        )
    return page


def _shoot(page: Page, site: str, address: str, target: Path) -> None:
    try:
        visit(page, site, address)
    except AssertionError as no_such_link:
        print(no_such_link, file=sys.stderr)
        return
    page.wait_for_timeout(1200 if "room" in page.url or page.url == site + "/" else 150)
    page.screenshot(path=target, full_page=True)
    print(target.name)


if __name__ == "__main__":
    main()
