"""Quantiles and Tukey's fences, as Cardinal computes them: the median-unbiased estimate (type 8 of Hyndman and Fan, 1996)."""

import math
from collections.abc import Sequence

_REACH = 1.5
_THIRD = 1 / 3


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of them lie; raises ValueError for none.

    With n values in order, the place is h = (n + 1/3)·share + 1/3, between the two neighbours in proportion.
    """
    if not values:
        raise ValueError("no values have no quantile")
    ordered = sorted(values)
    place = (len(ordered) + _THIRD) * share + _THIRD
    whole = math.floor(place)
    if whole <= 0 or share <= 0:
        return ordered[0]
    if whole >= len(ordered) or share >= 1:
        return ordered[-1]
    below, above = ordered[whole - 1], ordered[whole]
    return below + (place - whole) * (above - below)


def low_fence(values: Sequence[float]) -> float:
    """Q1 − 1.5·IQR."""
    first, third = quantile(values, 0.25), quantile(values, 0.75)
    return first - _REACH * (third - first)


def high_fence(values: Sequence[float], reach: float = _REACH) -> float:
    """Q3 + 1.5·IQR, or `reach` times as far."""
    first, third = quantile(values, 0.25), quantile(values, 0.75)
    return third + reach * (third - first)
