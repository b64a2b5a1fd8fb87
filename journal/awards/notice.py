"""What the newest notice of a request announced, from its case file alone (R3). Nothing of Django, as all of this package."""

from collections.abc import Iterable
from typing import Any

from journal.awards.outcome import CaseEntry

PUBLISHED, CHANGED, PROLONGED = "request.published", "request.changed", "request.extended"


def announced(entries: Iterable[CaseEntry]) -> dict[str, Any]:
    """The notice as it stands after every change of it (R3); empty for a case file without one."""
    found: dict[str, Any] = {}
    for entry in entries:
        if entry.kind == PUBLISHED and not found:
            found = dict(entry.data)
        elif entry.kind == CHANGED:
            found |= {one["field"]: one["new"] for one in entry.data["changes"]}
    return found
