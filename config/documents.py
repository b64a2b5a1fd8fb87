"""The parts of docs/protocol.md that the code knows best: entry kinds and refusal codes, kept true by a test."""

import importlib
import inspect
from enum import StrEnum
from importlib.util import find_spec

from django.conf import settings
from django.utils import translation

from config.environment import ROOT
from core.errors import every_refusal

PROTOCOL = ROOT / "docs" / "protocol.md"
_PACKAGES = (
    "journal",
    "accounts",
    "draws",
    "agencies",
    "marketplace",
    "bidding",
    "contracts",
    "ratings",
    "stats",
    "opendata",
    "flags",
    "api",
)


def protocol() -> str:
    """docs/protocol.md as it should be: its own words, with both tables made anew."""
    text = PROTOCOL.read_text()
    text = _between(text, "entry kinds", _kinds_table())
    return _between(text, "refusal codes", _refusals_table())


def entry_kinds() -> dict[str, str]:
    """Every kind that can stand in a case file, with the package that appends it."""
    kinds: dict[str, str] = {}
    for package in _PACKAGES:
        if find_spec(f"{package}.entries") is None:
            continue
        module = importlib.import_module(f"{package}.entries")
        for _name, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, StrEnum) and found.__module__ == module.__name__:
                kinds |= {kind.value: package for kind in found}
    return dict(sorted(kinds.items()))


def _kinds_table() -> str:
    rows = [f"| `{kind}` | {package} |" for kind, package in entry_kinds().items()]
    return "\n".join(["| kind | appended by |", "|---|---|", *rows])


def _refusals_table() -> str:
    load_every_package()
    with translation.override(settings.LANGUAGE_CODE):
        rows = [
            f"| `{kind.code}` | {_first_line(kind.__doc__)} | {kind.message} | {', '.join(kind.basis)} |"
            for kind in every_refusal()
        ]
    return "\n".join(["| code | why | 提示 | basis |", "|---|---|---|---|", *rows])


def load_every_package() -> None:
    """Refusals are defined beside what raises them; the doors import it all."""
    importlib.import_module("config.urls")
    importlib.import_module("config.asgi")


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().split("\n")[0]


def _between(text: str, name: str, content: str) -> str:
    start, end = f"<!-- {name}: made by manage.py document -->", f"<!-- end of {name} -->"
    before, rest = text.split(start)
    _old, after = rest.split(end)
    return f"{before}{start}\n\n{content}\n\n{end}{after}"
