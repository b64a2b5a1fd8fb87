"""均价 (R3): prices far from the others are dropped; who is nearest to the mean of the rest times a drawn factor wins.

Imports nothing of Django. All arithmetic is exact: fractions of fen, never floats.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from statistics import median
from typing import Any

from journal.awards import lots
from journal.awards.outcome import CaseEntry, Outcome, RecordUnfit
from journal.awards.prices import outcome, valid_prices, void_offers

# Of a normal distribution: a MAD times this is its standard deviation.
_MAD_TO_SIGMA = Fraction(14826, 10000)
_DRAW = "F"


def middle(prices: Mapping[str, int]) -> Fraction:
    """The median of the prices, in fen."""
    return _median(prices.values())


def spread(prices: Mapping[str, int]) -> Fraction:
    """The MAD: the median of the distances from the median, in fen."""
    centre = middle(prices)
    return _median(abs(price - centre) for price in prices.values())


def limit(prices: Mapping[str, int], numbers: Mapping[str, Any]) -> Fraction:
    """How far from the median a price may be to count, in fen: `outlier_mads` · 1.4826 · MAD.

    Where fewer than `keep_least` would count by that, as far as the `keep_least` nearest are.
    """
    centre = middle(prices)
    nearest = sorted(abs(price - centre) for price in prices.values())
    within = int(numbers["outlier_mads"]) * _MAD_TO_SIGMA * spread(prices)
    least = int(numbers["keep_least"])
    return max(within, nearest[min(least, len(nearest)) - 1])


def kept(prices: Mapping[str, int], numbers: Mapping[str, Any]) -> dict[str, int]:
    """The prices (fen, by label) that count for the mean; of several equally far, all or none."""
    if not prices:
        return {}
    centre, most = middle(prices), limit(prices, numbers)
    return {label: price for label, price in prices.items() if abs(price - centre) <= most}


def benchmark(kept_prices: Mapping[str, int], factor_permille: int) -> Fraction:
    """The mean of these prices times the factor, in fen."""
    return Fraction(sum(kept_prices.values()), len(kept_prices)) * factor_permille / 1000


def factor_names(numbers: Mapping[str, Any]) -> list[str]:
    """What stands in the draw's list, one ticket each, in the order of lists."""
    return sorted(str(one) for one in numbers["factors_permille"])


def factor(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> int | None:
    """The factor in thousandths that the draw `<number>-F` brought first; None before it was made.

    Raises RecordUnfit where the draw does not hold, was not made among the rule set's factors with one ticket each, or was
    not sealed before the prices were opened.
    """
    drawn = lots.drawn(entries, _DRAW)
    if drawn is None:
        return None
    if [(one.name, one.tickets) for one in drawn.listed.entries] != [(name, 1) for name in factor_names(numbers)]:
        raise RecordUnfit(f"{drawn.name} was not made among the factors of the rule set, with one ticket each")
    opened = next((entry.seq for entry in entries if entry.kind == "offers.opened"), None)
    if opened is None or drawn.sealed_in > opened:
        raise RecordUnfit(f"{drawn.name} was not sealed before the prices were opened")
    return int(drawn.order[0])


def decide(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> Outcome:
    """The nearest price at or below the benchmark wins, else the nearest above; equal ones are drawn.

    Dropped prices cannot win. Without a drawn factor there is no result yet. The facts are exact: fractions of fen.
    """
    way = numbers["average"]
    prices = valid_prices(entries)
    facts: dict[str, Any] = {"void": void_offers(entries), "valid": prices}
    if not prices:
        return Outcome(None, None, failure=lots.failure(entries, "no_bids"), facts=facts)
    permille = factor(entries, way)
    if permille is None:
        return Outcome(None, None, failure=lots.failure(entries, "not_drawn"), facts=facts)
    rest = kept(prices, way)
    mark = benchmark(rest, permille)
    facts |= {
        "median": middle(prices),
        "mad": spread(prices),
        "limit": limit(prices, way),
        "mads": way["outlier_mads"],
        "dropped": {label: price for label, price in prices.items() if label not in rest},
        "mean": Fraction(sum(rest.values()), len(rest)),
        "factor_permille": permille,
        "benchmark": mark,
    }
    keys = {label: (price > mark, abs(price - mark)) for label, price in rest.items()}
    return outcome(entries, rest, keys, **facts)


def _median(values: Iterable[int | Fraction]) -> Fraction:
    found: Fraction = median(Fraction(value) for value in values)
    return found
