"""综合比选 (R3): price, experts' marks for unnamed plans, and credit, weighed as the notice said. Imports nothing of Django."""

from collections.abc import Mapping
from fractions import Fraction
from statistics import median
from typing import Any

from journal.awards import experts, lots
from journal.awards.outcome import CaseEntry, Outcome, RecordUnfit
from journal.awards.prices import outcome, valid_prices, void_offers

PARTS = ("price", "quality", "credit")


def fitting(weigh: Mapping[str, Any], numbers: Mapping[str, Any], *, government: bool) -> bool:
    """May a notice weigh like that? Percents of `PARTS` within the bounds of the rule set's section, 100 together."""
    if sorted(weigh) != sorted(PARTS) or any(type(one) is not int or one < 0 for one in weigh.values()):
        return False
    price_least = numbers["government_price_percent_least"] if government else 0
    within = weigh["price"] >= price_least and weigh["credit"] <= numbers["credit_percent_most"]
    return bool(within and sum(weigh.values()) == 100)


def weights(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> dict[str, int]:
    """`{"price", "quality", "credit"}` in percent, from the notice; raises RecordUnfit for what the rule set forbids."""
    notice = lots.notice(entries)
    said, buyer = notice.get("weights"), notice.get("buyer", {})
    government = bool(notice.get("public_funds")) or buyer.get("kind") == "department"
    if not isinstance(said, dict) or not fitting(said, numbers, government=government):
        raise RecordUnfit("the notice does not say how price, quality and credit weigh, or not within the bounds")
    return said


def quality(points: list[int]) -> Fraction:
    """The median of the experts' points."""
    found: Fraction = median(Fraction(one) for one in points)
    return found


def credit_by_label(entries: list[CaseEntry]) -> dict[str, Fraction]:
    """Label → K as noted at the close of enrolment; raises RecordUnfit without it."""
    noted = next((e for e in entries if e.kind == "credit.noted"), None)
    if noted is None:
        raise RecordUnfit("no credit was noted when enrolment closed")
    return {str(one["label"]): Fraction(one["k"]) for one in noted.data["scores"]}


def parts(price: int, lowest: int, points: Fraction, k: Fraction, weigh: Mapping[str, int]) -> dict[str, Fraction]:
    """The three addends of 100 · (wp · Pmin/P + wq · median/100 + wc · K/100); prices in fen, weights in percent."""
    return {
        "price": Fraction(lowest, price) * weigh["price"],
        "quality": points * weigh["quality"] / 100,
        "credit": k * weigh["credit"] / 100,
    }


def decide(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> Outcome:
    """The highest score wins; equal ones: the lower price, then a draw. A price without marked plan cannot win.

    Pmin is the lowest price that can win. Raises RecordUnfit where the experts or their marks are not as they have to be
    (`journal.awards.experts`), or the notice weighs beyond the rule set's bounds.
    """
    way = numbers["merit"]
    marks = experts.marks_by_label(entries, way)
    valid = valid_prices(entries)
    prices = {label: price for label, price in valid.items() if label in marks}
    facts: dict[str, Any] = {"void": void_offers(entries), "unmarked": sorted(set(valid) - set(prices))}
    if not prices:
        return Outcome(None, None, failure=lots.failure(entries, "no_bids"), facts=facts)
    weigh, k, lowest = weights(entries, way), credit_by_label(entries), min(prices.values())
    if missing := sorted(set(prices) - set(k)):
        raise RecordUnfit(f"no credit was noted of {', '.join(missing)}")
    middle = {label: quality(marks[label]) for label in prices}
    found = {label: parts(price, lowest, middle[label], k[label], weigh) for label, price in prices.items()}
    scores = {label: sum(one.values(), Fraction(0)) for label, one in found.items()}
    facts |= {
        "weights": weigh,
        "lowest": lowest,
        "marks": {label: marks[label] for label in prices},
        "quality": middle,
        "credit": {label: k[label] for label in prices},
        "parts": found,
        "scores": scores,
    }
    keys = {label: (-scores[label], price) for label, price in prices.items()}
    return outcome(entries, prices, keys, **facts)
