"""均价 (R3): prices far from the others are dropped; who is nearest to the mean of the rest times a drawn factor wins.

Imports nothing of Django. All arithmetic is exact: fractions of fen, never floats.
"""

from collections.abc import Mapping
from fractions import Fraction
from statistics import median
from typing import Any

from journal.awards.outcome import CaseEntry, Outcome, RecordUnfit
from journal.awards.prices import outcome, valid_prices, void_offers

# Of a normal distribution: a MAD times this is its standard deviation.
_MAD_TO_SIGMA = Fraction(14826, 10000)
_DRAW = "-F"


def kept(prices: Mapping[str, int], numbers: Mapping[str, Any]) -> dict[str, int]:
    """The prices (fen, by label) that count for the mean: none further from the median than the rule set allows.

    At least `keep_least` stay, the nearest ones; of several equally near, all.
    """
    if not prices:
        return {}
    middle = _median(prices.values())
    far = {label: abs(price - middle) for label, price in prices.items()}
    limit = numbers["outlier_mads"] * _MAD_TO_SIGMA * _median(far.values())
    nearest = sorted(far.values())
    limit = max(limit, nearest[min(numbers["keep_least"], len(nearest)) - 1])
    return {label: price for label, price in prices.items() if far[label] <= limit}


def benchmark(kept_prices: Mapping[str, int], factor_permille: int) -> Fraction:
    """The mean of these prices times the factor, in fen."""
    return Fraction(sum(kept_prices.values()), len(kept_prices)) * factor_permille / 1000


def factor(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> int | None:
    """The factor in thousandths that the draw `<number>-F` brought first; None before it was made.

    Raises RecordUnfit for one that the rule set does not have.
    """
    made = [e for e in entries if e.kind == "draw.drawn" and str(e.data["draw"]).endswith(_DRAW)]
    if not made:
        return None
    first = str(made[0].data["order"][0])
    if first not in factor_names(numbers):
        raise RecordUnfit(f"the factor {first} is none of the rule set's")
    return int(first)


def factor_names(numbers: Mapping[str, Any]) -> list[str]:
    """What stands in the draw's list, one ticket each, in the order of lists."""
    return sorted(str(one) for one in numbers["factors_permille"])


def decide(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> Outcome:
    """The nearest price at or below the benchmark wins, else the nearest above; equal ones are drawn.

    Dropped prices cannot win. Without a drawn factor there is no result yet.
    """
    way = numbers["average"]
    prices = valid_prices(entries)
    facts: dict[str, Any] = {"void": void_offers(entries)}
    if not prices:
        return Outcome(None, None, failure="no_bids", facts=facts)
    permille = factor(entries, way)
    if permille is None:
        return Outcome(None, None, failure="not_drawn", facts=facts)
    rest = kept(prices, way)
    mark = benchmark(rest, permille)
    facts |= {
        "dropped": {label: price for label, price in prices.items() if label not in rest},
        "mean": Fraction(sum(rest.values()), len(rest)),
        "factor_permille": permille,
        "benchmark": mark,
    }
    keys = {label: (price > mark, abs(price - mark)) for label, price in rest.items()}
    return outcome(entries, rest, keys, **facts)


def _median(values: Any) -> Fraction:
    return median(Fraction(value) for value in values)
