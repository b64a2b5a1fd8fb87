"""The other ways to make one number of ratings, to hold quality Q of R7 against; in floats, each as its paper or use has it."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from ratings.rules.quality import RatingFact

_PRIOR, _PRIOR_MEAN, _HALF_LIFE = 5.0, 0.75, 365.0
_SECONDS_A_DAY = 86_400
_WINDOW, _SHARE, _LEAST, _MOST = 365, 0.25, 0.25, 2.0

Facts = Sequence[RatingFact]
Measure = Callable[[Facts, datetime], float]


class Order(StrEnum):
    """From which end the ratings of one group of buyers are ranked. Q ranks the largest first, of equal ones the oldest."""

    LARGEST = "largest first"
    OLDEST = "oldest first"
    NEWEST = "newest first"


def arithmetic(facts: Facts, _now: datetime) -> float:
    """What shops show. Nothing is 0."""
    return sum(float(fact.x) for fact in facts) / len(facts) if facts else 0.0


def bayesian(facts: Facts, _now: datetime) -> float:
    """The mean with five average ratings added."""
    return (_PRIOR * _PRIOR_MEAN + sum(float(fact.x) for fact in facts)) / (_PRIOR + len(facts))


def wilson(facts: Facts, _now: datetime) -> float:
    """Wilson's lower bound (1927) at z = 1, the x taken as shares of successes."""
    if not facts:
        return 0.0
    n, p = len(facts), arithmetic(facts, _now)
    return (p + 1 / (2 * n) - math.sqrt(p * (1 - p) / n + 1 / (4 * n * n))) / (1 + 1 / n)


def decayed_beta(facts: Facts, now: datetime) -> float:
    """The beta reputation with forgetting (Jøsang and Ismail 2002): every rating counts 2^(-age/365)."""
    weights = [decay(fact, now) for fact in facts]
    good = sum(weight * float(fact.x) for weight, fact in zip(weights, facts, strict=True))
    return (_PRIOR * _PRIOR_MEAN + good) / (_PRIOR + sum(weights))


def decay(fact: RatingFact, now: datetime) -> float:
    """A rating loses half its weight in a year."""
    return math.pow(0.5, age(fact, now) / _HALF_LIFE)


def age(fact: RatingFact, now: datetime) -> float:
    """Days since the rating."""
    return (now - fact.at).total_seconds() / _SECONDS_A_DAY


def plain_quality(facts: Facts, now: datetime, order: Order = Order.LARGEST, prior_mean: float = _PRIOR_MEAN) -> float:
    """Q once more, in floats and written apart from ratings/rules/quality.py: to try other orders, and to check that one."""
    alone = [decay(fact, now) * _value(fact) * float(fact.relation) for fact in facts]
    raw = [weight / (1 + _before(fact, facts, order)) for fact, weight in zip(facts, alone, strict=True)]
    total = _PRIOR + sum(raw)
    factor = {
        group: min(1.0, _SHARE * total / share) if share else 1.0 for group, share in _by_group(facts, raw).items()
    }
    weights = [weight * factor[fact.group] for weight, fact in zip(raw, facts, strict=True)]
    n = _PRIOR + sum(weights)
    good = sum(weight * float(fact.x) for weight, fact in zip(weights, facts, strict=True))
    mean = (_PRIOR * prior_mean + good) / n
    return mean - math.sqrt(mean * (1 - mean) / (n + 1))


def _value(fact: RatingFact) -> float:
    return min(max(math.sqrt(fact.amount / fact.median), _LEAST), _MOST)


def _before(this: RatingFact, facts: Facts, order: Order) -> int:
    """How many ratings of the same group within a year, that count at all, come before this one in that order."""
    own = _position(order, this)
    return sum(
        abs((this.at - other.at).total_seconds()) <= _WINDOW * _SECONDS_A_DAY and _position(order, other) < own
        for other in facts
        if other.group == this.group and other.relation > 0
    )


def _position(order: Order, fact: RatingFact) -> tuple[float, ...]:
    match order:
        case Order.OLDEST:
            return (fact.at.timestamp(), fact.seq)
        case Order.NEWEST:
            return (-fact.at.timestamp(), -fact.seq)
        case Order.LARGEST:
            return (-_value(fact), fact.at.timestamp(), fact.seq)


def _by_group(facts: Facts, raw: Sequence[float]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for fact, weight in zip(facts, raw, strict=True):
        shares[fact.group] = shares.get(fact.group, 0.0) + weight
    return shares


MEASURES: dict[str, Measure] = {
    "mean": arithmetic,
    "Bayesian": bayesian,
    "Wilson": wilson,
    "beta": decayed_beta,
}
