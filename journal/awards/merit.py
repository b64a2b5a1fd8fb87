"""综合比选 (R3): price, experts' marks for unnamed plans, and credit, weighed as the notice said. Imports nothing of Django."""

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from statistics import median
from typing import Any

import rfc8785

from journal.awards.outcome import CaseEntry, Outcome, RecordUnfit
from journal.awards.prices import outcome, valid_prices, void_offers

MOST_POINTS = 100


def commitment(salt: bytes, marks: list[dict[str, Any]]) -> str:
    """What stands for an expert's marks until all have given theirs: `SHA-256("marks" ‖ salt ‖ JCS(marks))` in hex."""
    return hashlib.sha256(b"marks" + salt + rfc8785.dumps(marks)).hexdigest()


def weights(entries: list[CaseEntry]) -> dict[str, int]:
    """`{"price", "quality", "credit"}` in percent, from the notice; raises RecordUnfit unless they add up to 100."""
    notice = next((e for e in entries if e.kind == "request.published"), None)
    said = notice.data.get("weights") if notice else None
    if not isinstance(said, dict) or sorted(said) != ["credit", "price", "quality"] or sum(said.values()) != 100:
        raise RecordUnfit("the notice does not say how price, quality and credit weigh")
    return said


def marks_by_label(entries: list[CaseEntry]) -> dict[str, list[int]]:
    """Label → the experts' points for its plan; raises RecordUnfit for marks that do not fit their commitments."""
    shown = next((e for e in entries if e.kind == "marks.published"), None)
    if shown is None:
        return {}
    given = {e.data["expert"]: e.data["commitment"] for e in entries if e.kind == "marks.given" and e.seq < shown.seq}
    found: dict[str, list[int]] = {}
    for one in shown.data["experts"]:
        if given.get(one["expert"]) != commitment(bytes.fromhex(one["salt"]), one["marks"]):
            raise RecordUnfit(f"the marks of {one['expert']} do not fit what was committed to")
        for mark in one["marks"]:
            if not 0 <= mark["points"] <= MOST_POINTS:
                raise RecordUnfit(f"{one['expert']} gives {mark['points']} points")
            found.setdefault(mark["label"], []).append(mark["points"])
    return found


def quality(points: list[int]) -> Fraction:
    """The median of the experts' points."""
    return median(Fraction(one) for one in points)


def credit_by_label(entries: list[CaseEntry]) -> dict[str, Fraction]:
    """Label → K as noted at the close of enrolment."""
    noted = next((e for e in entries if e.kind == "credit.noted"), None)
    return {one["label"]: Fraction(one["k"]) for one in noted.data["scores"]} if noted else {}


def score(price: int, lowest: int, points: Fraction, k: Fraction, weigh: Mapping[str, int]) -> Fraction:
    """100 · (wp · Pmin/P + wq · median/100 + wc · K/100); prices in fen, weights in percent."""
    return Fraction(lowest, price) * weigh["price"] + points * weigh["quality"] / 100 + k * weigh["credit"] / 100


def decide(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> Outcome:
    """The highest score wins; equal ones: the lower price, then a draw. A price without marked plan cannot win.

    Raises RecordUnfit where prices were opened before the marks were published, or too few experts gave them.
    """
    way = numbers["merit"]
    facts: dict[str, Any] = {"void": void_offers(entries)}
    marks = marks_by_label(entries)
    _check_order(entries)
    prices = {label: price for label, price in valid_prices(entries).items() if label in marks}
    if not prices:
        return Outcome(None, None, failure="no_bids", facts=facts)
    if any(len(points) < way["experts_least"] for points in marks.values()):
        raise RecordUnfit(f"a plan has fewer than {way['experts_least']} marks")
    weigh, k, lowest = weights(entries), credit_by_label(entries), min(prices.values())
    parts = {
        label: score(price, lowest, quality(marks[label]), k.get(label, Fraction(0)), weigh)
        for label, price in prices.items()
    }
    facts |= {
        "weights": weigh,
        "lowest": lowest,
        "quality": {label: quality(marks[label]) for label in prices},
        "credit": {label: k.get(label, Fraction(0)) for label in prices},
        "scores": parts,
    }
    keys = {label: (-parts[label], price) for label, price in prices.items()}
    return outcome(entries, prices, keys, **facts)


def _check_order(entries: list[CaseEntry]) -> None:
    """R3: the experts see unnamed plans before prices open."""
    at = {e.kind: e.seq for e in entries if e.kind in ("marks.published", "offers.opened")}
    if "offers.opened" in at and at["offers.opened"] < at.get("marks.published", at["offers.opened"] + 1):
        raise RecordUnfit("prices were opened before the experts' marks were published")
