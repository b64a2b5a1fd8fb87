"""Abnormally low prices (R5.8), from the record alone. Imports nothing of Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.money import parse
from journal.awards.outcome import CaseEntry, barred


@dataclass(frozen=True)
class Finding:
    """Why a price is abnormally low: the codes of the rules it meets, and the figures they compare, in fen."""

    because: tuple[str, ...]
    figures: Mapping[str, int]


def openings(entries: list[CaseEntry]) -> dict[str, int]:
    """Label → its valid opening price in fen (R5.1); none where no opening offers were opened."""
    void = barred(entries)
    return {
        one["label"]: parse(one["amount"])
        for e in entries
        if e.kind == "offers.opened"
        for one in e.data["offers"]
        if one.get("amount") is not None and not one.get("void") and one["label"] not in void
    }


def find(
    label: str, amount: int, opened: Mapping[str, int], median: int | None, n: int, rule: Mapping[str, Any]
) -> Finding | None:
    """Is a final price abnormally low? `median` is that of `n` awards of the item in the months of the rule; None if none.

    `mean`: at most the set percent of the mean of the others' openings; `opening`: the own opening at most so many percent
    of the next; `median`: below so many percent of the median of enough awards.
    """
    others = [price for who, price in opened.items() if who != label]
    own = opened.get(label)
    because, figures = [], {}
    if others:
        figures["mean"] = sum(others) // len(others)
        if amount * 100 * len(others) <= rule["final_percent_of_mean"] * sum(others):
            because.append("mean")
    above = [price for price in others if own is not None and price >= own]
    if own is not None and above:
        figures["opening"], figures["next"] = own, min(above)
        if own * 100 <= rule["opening_percent_of_next"] * min(above):
            because.append("opening")
    if median is not None and n >= rule["median_least"]:
        figures["median"] = median
        if amount * 100 < rule["percent_of_median"] * median:
            because.append("median")
    return Finding(tuple(because), figures) if because else None


def rejected(entries: list[CaseEntry]) -> frozenset[str]:
    """The labels whose price was found abnormally low and not accepted."""
    return frozenset(str(e.data["label"]) for e in entries if e.kind == "low.decided" and not e.data["accepted"])
