"""Finds a Chromium for the browser tests, or installs one. `python -m tests.plumbing.chromium` does the latter.

Asked by `make test`: what is on the machine is used; else Debian's headless Chromium and a CJK font by apt where we may, else
Playwright's own build. Without any, browser tests are skipped with one line, or fail with REQUIRE_BROWSER=1.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

REQUIRED = "REQUIRE_BROWSER"
MISSING = "no Chromium on this machine, and none could be installed: the browser tests are skipped"
# The shell without windows takes half the time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_PLACES = (
    Path("/usr/lib/chromium/chromium"),
    Path("/snap/bin/chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def find() -> str | None:
    """The path of a Chromium that can be started."""
    named = (path for path in map(shutil.which, _NAMES) if path)
    placed = (str(place) for place in _PLACES if place.exists())
    return next(named, None) or next(placed, None) or _playwrights_own()


def is_required() -> bool:
    return os.environ.get(REQUIRED) == "1"


def install() -> str | None:
    """Install a Chromium in the first way that works; its path."""
    print("no Chromium here: trying to install one")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt("chromium-headless-shell", "fonts-noto-cjk")
        if not find():
            _apt("chromium", "fonts-noto-cjk")
    if not find():
        _try([sys.executable, "-m", "playwright", "install", "chromium"])
    return find()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _apt(*packages: str) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    _try(["apt-get", "update", "-qq"], **quiet)
    _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet)


def _try(command: list[str], **environment: str) -> None:
    subprocess.run(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )


def main() -> int:
    found = find() or install()
    print(f"browser tests use {found}" if found else MISSING)
    return 1 if is_required() and not found else 0


if __name__ == "__main__":
    sys.exit(main())
