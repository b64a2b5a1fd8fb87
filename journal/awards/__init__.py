"""Recompute an award from rule set and case file (I8). Imports nothing of Django: verifiers use it alone.

One module a selection method (R3), each with `decide(entries, numbers) -> Outcome`, where `numbers` is the rule set's file as
read from TOML.
"""

from collections.abc import Callable, Mapping
from typing import Any

from journal.awards import average, credit_draw, direct, draw, live, merit, sealed
from journal.awards.outcome import CaseEntry, Outcome, RecordUnfit

Decide = Callable[[list[CaseEntry], Mapping[str, Any]], Outcome]

METHODS: dict[str, Decide] = {
    "live": live.decide,
    "sealed": sealed.decide,
    "average": average.decide,
    "merit": merit.decide,
    "draw": draw.decide,
    "credit_draw": credit_draw.decide,
    "direct": direct.decide,
}


def decide(method: str, entries: list[CaseEntry], numbers: Mapping[str, Any]) -> Outcome:
    """The outcome that follows from the entries under the rule set; raises RecordUnfit for an unknown method."""
    if method not in METHODS:
        raise RecordUnfit(f"no rule is known for the method {method}")
    return METHODS[method](entries, numbers)
