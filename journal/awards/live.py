"""网上竞价 (R5): the lowest price that stands when the clock runs out. Imports nothing of Django."""

from collections.abc import Mapping
from typing import Any

from core.money import parse
from journal.awards.outcome import CaseEntry, Outcome, Place, barred


def decide(entries: list[CaseEntry], _numbers: Mapping[str, Any]) -> Outcome:
    """The lowest accepted bid that stands wins: those of barred bidders are void (R8).

    Each bid is lower than all that stood when it came, so there are no ties.
    """
    last: dict[str, tuple[int, int]] = {}
    void = barred(entries)
    for _at, label, amount in prices(entries):
        if label in void:
            continue
        _amount, count = last.get(label, (0, 0))
        last[label] = (amount, count + 1)
    if not last:
        return Outcome(None, None, failure="no_bids")
    order = sorted(last.items(), key=lambda item: item[1][0])
    ranking = tuple(Place(n, label, amount, bids) for n, (label, (amount, bids)) in enumerate(order, 1))
    return Outcome(ranking[0].label, ranking[0].amount, ranking)


def prices(entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
    """`(at, label, fen)` of every price in order."""
    return [(e.at, e.data["label"], parse(e.data["amount"])) for e in entries if e.kind == "bid.placed"]
