"""The few statistics that the rules need, exact where that is cheap."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist, fmean, pstdev, stdev


def variation(values: Sequence[float]) -> float:
    """The sample's standard deviation over its mean; of at least two positive values."""
    return stdev(values) / fmean(values)


def skewness(values: Sequence[float]) -> float:
    """The third standardised moment (population); 0 where all values are the same."""
    mean, deviation = fmean(values), pstdev(values)
    return 0.0 if not deviation else fmean(((one - mean) / deviation) ** 3 for one in values)


def spread(values: Sequence[float]) -> float:
    """(max − min) / min of positive values."""
    return (max(values) - min(values)) / min(values)


def too_many_runs(sequence: Sequence[str]) -> float:
    """The one-sided p of a runs test: how likely chance alternates at least as much between these kinds.

    Wald and Wolfowitz's test for any number of kinds, by its normal approximation with a correction for continuity; 1.0
    for a sequence too short or of one kind.
    """
    counts = list(Counter(sequence).values())
    n = len(sequence)
    if n < 2 or len(counts) < 2:
        return 1.0
    runs = 1 + sum(one != other for one, other in pairwise(sequence))
    squares, cubes = sum(k**2 for k in counts), sum(k**3 for k in counts)
    expected = n + 1 - squares / n
    variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3) / (n**2 * (n - 1))
    if variance <= 0:
        return 1.0
    return 1 - NormalDist().cdf((runs - 0.5 - expected) / math.sqrt(variance))


def fisher(hits: int, of: int, other_hits: int, other_of: int) -> float:
    """The one-sided p of Fisher's exact test: chance gives the first group at least so many of all hits."""
    drawn, total = hits + other_hits, of + other_of
    most = min(drawn, of)
    ways = sum(math.comb(of, k) * math.comb(other_of, drawn - k) for k in range(hits, most + 1))
    return ways / math.comb(total, drawn)
