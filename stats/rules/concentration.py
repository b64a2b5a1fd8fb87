"""Concentration of a market (P20.2), from what each agency won in it, in fen: CR4 and the Herfindahl–Hirschman index.

Both are exact integers until the last division, so that the order of the agencies cannot matter.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

_FEW = 4
_WHOLE = 10_000
_PERCENT = 100
# Above the second line regulators are alerted (R10, B9); the first is its usual companion, where concentration begins.
MODERATE_FROM = Decimal(1500)
HIGH_FROM = Decimal(2500)


class Level(Enum):
    """How concentrated a market is by its HHI."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


def cr4(shares: Sequence[int]) -> Decimal:
    """The share of the four largest in per cent, 0.0–100.0; `shares` are amounts in fen per agency. 0.0 of nothing."""
    _refuse_negative(shares)
    return _divided(_PERCENT * sum(sorted(shares, reverse=True)[:_FEW]), sum(shares), Decimal("0.1"))


def hhi(shares: Sequence[int]) -> Decimal:
    """The sum of the squared shares in per cent, 0–10000 whole points; `shares` are amounts in fen per agency. 0 of nothing."""
    _refuse_negative(shares)
    return _divided(_WHOLE * sum(one * one for one in shares), sum(shares) ** 2, Decimal(1))


def level(index: Decimal, agencies: int) -> Level:
    """What an HHI says of a market with so many agencies that won; nothing of an empty one."""
    if not agencies:
        return Level.NONE
    if index > HIGH_FROM:
        return Level.HIGH
    return Level.MODERATE if index >= MODERATE_FROM else Level.LOW


def _refuse_negative(shares: Sequence[int]) -> None:
    if any(one < 0 for one in shares):
        raise ValueError("a share of a market is never negative")


def _divided(above: int, below: int, places: Decimal) -> Decimal:
    """Half up at `places`, from integers of any size."""
    if not below:
        return Decimal(0).quantize(places)
    scale = int(1 / places)
    return (Decimal((2 * above * scale + below) // (2 * below)) * places).quantize(places, ROUND_HALF_UP)
