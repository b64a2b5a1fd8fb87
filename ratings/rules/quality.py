"""Quality Q (质量分, R7): what the ratings of finished contracts say of an agency, less the doubt that is left.

    w = 2^(-age / half-life) · clamp(√(amount / median), ¼, 2) / k · r        at most 25 % of (5 + Σw) for a group of buyers
    α = 5·p₀ + Σwx    β = 5·(1 - p₀) + Σw(1 - x)    μ = α / (α + β)    Q = μ - √(μ(1 - μ) / (α + β + 1))

Decimal of 28 digits in a context of its own and a fixed order of summing, so that everybody who recomputes Q from what is
public gets the same digits. docs/credit.md says what each factor is for and what it was measured to stop.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from ratings.rulesets import QualityRules

_DIGITS = Context(prec=28, rounding=ROUND_HALF_EVEN)
_ZERO, _ONE, _TWO = Decimal(0), Decimal(1), Decimal(2)
_SECONDS_A_DAY = Decimal(86_400)
_MICROSECONDS = Decimal(1_000_000)


@dataclass(frozen=True)
class RatingFact:
    """A rating as it counts now. `key` is unique; `group` are the buyers that count as one; `amount` and the item's `median`
    are fen; `x` is from 0 to 1; `relation` is r: 1, 0.5 (flagged) or 0 (confirmed, or disputed). `seq` orders equal times.
    """

    key: str
    group: str
    item: str
    amount: int
    median: int
    x: Decimal
    at: datetime
    relation: Decimal
    seq: int


@dataclass(frozen=True)
class QualityTerm:
    """What one rating weighs, factor by factor: raw = decay · value_factor / rank · relation; `weight` is after the cap."""

    fact: RatingFact
    age_days: Decimal
    decay: Decimal
    value_factor: Decimal
    rank: int
    raw: Decimal
    weight: Decimal

    @property
    def capped(self) -> bool:
        """Whether the rating's group of buyers weighs less than its ratings would."""
        return self.weight < self.raw


@dataclass(frozen=True)
class Quality:
    """Q (`value`) with everything it is made of. `weight` is Σw after the cap; terms run from the oldest to the newest."""

    value: Decimal
    mean: Decimal
    alpha: Decimal
    beta: Decimal
    weight: Decimal
    uncertainty: Decimal
    prior_mean: Decimal
    terms: tuple[QualityTerm, ...]


def quality(facts: Iterable[RatingFact], now: datetime, prior_mean: Decimal, numbers: QualityRules) -> Quality:
    """Q at `now`. Without ratings it is the prior's: the mean of the item less the doubt about a stranger."""
    with localcontext(_DIGITS):
        return _sum(_weighed(_measured(facts, now, numbers), numbers), prior_mean, numbers)


def prior_mean(items: Iterable[tuple[Decimal, Decimal]], numbers: QualityRules) -> Decimal:
    """p₀: the mean x of the agency's items, each (mean, how much it weighs), within [0.60, 0.85]; 0.75 where none is known."""
    with localcontext(_DIGITS):
        known = sorted((mean, weight) for mean, weight in items if weight > 0)
        total = sum((weight for _, weight in known), _ZERO)
        mean = sum((mean * weight for mean, weight in known), _ZERO) / total if total else numbers.prior_mean
        return believed(mean, numbers)


@dataclass(frozen=True)
class _Measured:
    """What a rating weighs by itself, before others of its group are looked at."""

    fact: RatingFact
    age_days: Decimal
    decay: Decimal
    value_factor: Decimal

    @property
    def alone(self) -> Decimal:
        return self.decay * self.value_factor * self.fact.relation


def _measured(facts: Iterable[RatingFact], now: datetime, numbers: QualityRules) -> list[_Measured]:
    return [_measure(fact, now, numbers) for fact in in_time(facts)]


def _measure(fact: RatingFact, now: datetime, numbers: QualityRules) -> _Measured:
    age = max(days(now - fact.at), _ZERO)
    # 2^-t is 1/2^t; written with a positive power, zero age is exactly one.
    decay = _ONE / _TWO ** (age / numbers.half_life_days)
    return _Measured(fact, age, decay, value_factor(fact, numbers))


def value_factor(fact: RatingFact, numbers: QualityRules) -> Decimal:
    """√(amount / median) within bounds: a contract of four times the median counts twice, a tiny one a quarter. 1 without a median."""
    if fact.median <= 0:
        return _ONE
    return _clamp((Decimal(fact.amount) / Decimal(fact.median)).sqrt(), numbers.value_least, numbers.value_most)


def _weighed(measured: Sequence[_Measured], numbers: QualityRules) -> list[QualityTerm]:
    """The terms with rank and cap. The cap is one pass: a share of (5 + Σw) as Σw was before any group was cut."""
    order = ranks([one.fact for one in measured], [one.value_factor for one in measured], numbers)
    raw = [one.alone / rank for one, rank in zip(measured, order, strict=True)]
    of_group: dict[str, Decimal] = {}
    for one, weight in zip(measured, raw, strict=True):
        of_group[one.fact.group] = of_group.get(one.fact.group, _ZERO) + weight
    most = numbers.group_share * (numbers.prior + sum(raw, _ZERO))
    return [
        QualityTerm(
            one.fact,
            one.age_days,
            one.decay,
            one.value_factor,
            rank,
            weight,
            weight if of_group[one.fact.group] <= most else weight * most / of_group[one.fact.group],
        )
        for one, rank, weight in zip(measured, order, raw, strict=True)
    ]


def ranks(facts: Sequence[RatingFact], factors: Sequence[Decimal], numbers: QualityRules) -> list[int]:
    """k of each: one more than the ratings of its group, not more than 365 days from it either way, that come before it.

    `facts` run in time, `factors` are their value factors. The larger factor comes first, of equal ones the older; ratings
    with r = 0 are not counted. So fifty tiny contracts divide each other, and neither hide a large one that went wrong nor
    wash it away afterwards. Time never lowers a k.
    """
    window = timedelta(days=int(numbers.rank_window_days))
    found = [0] * len(facts)
    before: dict[str, list[datetime]] = {}
    # Stable: equal value factors stay in the order of time.
    for place in sorted(range(len(facts)), key=lambda place: -factors[place]):
        one = facts[place]
        times = before.setdefault(one.group, [])
        found[place] = 1 + bisect_right(times, one.at + window) - bisect_left(times, one.at - window)
        if one.relation > 0:
            insort(times, one.at)
    return found


def in_time(facts: Iterable[RatingFact]) -> list[RatingFact]:
    """From the oldest to the newest, the same for whatever order they came in."""
    return sorted(facts, key=lambda fact: (fact.at, fact.seq, fact.key))


def lower_bound(alpha: Decimal, beta: Decimal) -> tuple[Decimal, Decimal]:
    """μ of a beta distribution and its standard deviation, the doubt; in the caller's decimal context."""
    mean = alpha / (alpha + beta)
    return mean, (mean * (_ONE - mean) / (alpha + beta + _ONE)).sqrt()


def _sum(terms: Sequence[QualityTerm], prior: Decimal, numbers: QualityRules) -> Quality:
    p0 = believed(prior, numbers)
    alpha = numbers.prior * p0 + sum((term.weight * term.fact.x for term in terms), _ZERO)
    beta = numbers.prior * (_ONE - p0) + sum((term.weight * (_ONE - term.fact.x) for term in terms), _ZERO)
    mean, doubt = lower_bound(alpha, beta)
    weight = sum((term.weight for term in terms), _ZERO)
    return Quality(mean - doubt, mean, alpha, beta, weight, doubt, p0, tuple(terms))


def believed(prior: Decimal, numbers: QualityRules) -> Decimal:
    """p₀ within its bounds."""
    return _clamp(prior, numbers.prior_mean_least, numbers.prior_mean_most)


def days(age: timedelta) -> Decimal:
    """Days with their fraction to the microsecond."""
    return (Decimal(age.days) * _SECONDS_A_DAY + age.seconds + age.microseconds / _MICROSECONDS) / _SECONDS_A_DAY


def _clamp(value: Decimal, least: Decimal, most: Decimal) -> Decimal:
    return min(max(value, least), most)
