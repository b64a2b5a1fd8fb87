"""What of a published request may change, and how two versions differ (R3). Pure but for reading a request's fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from core.money import wire
from marketplace.models import Request

# Fixed at publication: buyer, payer, budget line, kind of money, item, selection method, rule set, forerunner.
CHANGEABLE = (
    "title",
    "region",
    "scope",
    "deliverables",
    "materials",
    "term_workdays",
    "ceiling",
    "cited_law",
)

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """A run of text that is in both versions (`same`), only in the old (`gone`) or only in the new (`new`)."""

    kind: str
    text: str


def said(request: Request) -> dict[str, Any]:
    """What may change of a request, as entries write it: texts, working days, the region's code, yuan with two decimals."""
    values = {name: getattr(request, name) for name in CHANGEABLE}
    return {**values, "region": request.region_id, "ceiling": wire(request.ceiling)}


def differences(old: Said, new: Said) -> list[dict[str, Any]]:
    """`[{"field", "old", "new"}]` of every field that differs, in the order of the form."""
    return [
        {"field": name, "old": old[name], "new": new[name]}
        for name in CHANGEABLE
        if name in new and old[name] != new[name]
    ]


def pieces(old: str, new: str) -> list[Piece]:
    """Two texts side by side, as runs of what stayed, went and came. Joined without `new` they are the old, without `gone` the new."""
    found: list[Piece] = []
    for verdict, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verdict == "equal":
            found.append(Piece("same", old[a:b]))
            continue
        found += [Piece(kind, text) for kind, text in (("gone", old[a:b]), ("new", new[c:d])) if text]
    return found
