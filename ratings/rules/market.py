"""The figures that all credits are computed against (信用计算基准), from plain values: medians and means of each item.

Amounts in fen, means with four decimals, medians of K with one. As they are published, so they are used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from ratings.rules.conduct import DIGITS


@dataclass(frozen=True)
class ItemFigures:
    """One item's: median amount of its contracts, mean of its ratings and their number, median K of who offers it."""

    amount: int | None = None
    mean: Decimal | None = None
    ratings: int = 0
    credit: Decimal | None = None


@dataclass(frozen=True)
class Figures:
    """All of one publication; `seq` is its entry in `P`. The empty ones stand until the first are published."""

    items: Mapping[str, ItemFigures] = field(default_factory=dict)
    mean: Decimal | None = None
    credit: Decimal | None = None
    seq: int | None = None

    def of(self, item: str) -> ItemFigures:
        """An item's figures; nothing known for one without contracts."""
        return self.items.get(item, ItemFigures())


def figures(
    amounts: Mapping[str, Sequence[int]],
    ratings: Mapping[str, Sequence[Decimal]],
    credits: Mapping[str, Sequence[Decimal]],
    all_credits: Sequence[Decimal],
) -> Figures:
    """The figures that these contracts, ratings and credits make, each by item."""
    items = {
        code: ItemFigures(
            amount=median_amount(amounts.get(code, ())),
            mean=mean(ratings.get(code, ())),
            ratings=len(ratings.get(code, ())),
            credit=median_credit(credits.get(code, ())),
        )
        for code in sorted({*amounts, *ratings, *credits})
    }
    return Figures(items, mean([x for xs in ratings.values() for x in xs]), median_credit(all_credits))


def median_amount(amounts: Sequence[int]) -> int | None:
    """The middle one, or the lower half between both, in whole fen."""
    ordered = sorted(amounts)
    half = len(ordered) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2


def median_credit(credits: Sequence[Decimal]) -> Decimal | None:
    """The middle one with one decimal."""
    ordered = sorted(credits)
    half = len(ordered) // 2
    if not ordered:
        return None
    with localcontext(DIGITS):
        middle = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
        return middle.quantize(Decimal("0.1"), ROUND_HALF_UP)


def mean(values: Iterable[Decimal]) -> Decimal | None:
    """With four decimals; None of nothing."""
    known = sorted(values)
    if not known:
        return None
    with localcontext(DIGITS):
        return (sum(known, Decimal(0)) / len(known)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def as_data(found: Figures) -> dict[str, Any]:
    """As rows and entries carry them: amounts in fen, decimals as text."""
    items = {
        code: {"amount": one.amount, "mean": _text(one.mean), "ratings": one.ratings, "credit": _text(one.credit)}
        for code, one in found.items.items()
    }
    return {"items": items, "mean": _text(found.mean), "credit": _text(found.credit)}


def from_data(data: Mapping[str, Any], seq: int) -> Figures:
    """The inverse of `as_data`, with the number of the entry they stand in."""
    items = {
        code: ItemFigures(one["amount"], _decimal(one["mean"]), one["ratings"], _decimal(one["credit"]))
        for code, one in data["items"].items()
    }
    return Figures(items, _decimal(data["mean"]), _decimal(data["credit"]), seq)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
