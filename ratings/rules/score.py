"""Credit K and grade from conduct and quality (R7), free of the framework: pages, clock and `python -m ratings.recompute` use it.

C is published with one decimal, Q with three, Σw with four, and K and the grade are judged by the published numbers: what
a page shows adds up to the digit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

from ratings.rules.conduct import DIGITS, ActFact, Conduct, FinishedContract, conduct
from ratings.rules.quality import Quality, RatingFact, prior_mean, quality
from ratings.rulesets import CreditBounds, CreditRules

_TENTH, _THOUSANDTH, _TEN_THOUSANDTH = Decimal("0.1"), Decimal("0.001"), Decimal("0.0001")
_EIGHTEEN = Decimal(1).scaleb(-18)
NEW = "N"


@dataclass(frozen=True)
class ItemMean:
    """The market's mean rating of one item, and how many ratings the agency has there; None while nobody knows the mean."""

    item: str
    mean: Decimal | None
    ratings: int


@dataclass(frozen=True)
class CreditFacts:
    """All that an agency's credit is computed from. `floor` holds C up while it is on probation after re-entry."""

    registered_at: datetime
    acts: tuple[ActFact, ...] = ()
    contracts: tuple[FinishedContract, ...] = ()
    ratings: tuple[RatingFact, ...] = ()
    means: tuple[ItemMean, ...] = ()
    floor: Decimal | None = None


@dataclass(frozen=True)
class Scored:
    """Credit at one moment as published, without what it is made of. `q` is None without any rating, `k` while new (N)."""

    at: datetime
    c: Decimal
    q: Decimal | None
    weight: Decimal
    k: Decimal | None
    grade: str


@dataclass(frozen=True)
class Credit:
    """Credit at one moment: C, Q, Σw and K as published, the grade's letter, and what they are made of.

    `q` is None without any rating; `k` is None while the agency is new (N).
    """

    at: datetime
    conduct: Conduct
    quality: Quality
    floor: Decimal | None
    c: Decimal
    q: Decimal | None
    weight: Decimal
    k: Decimal | None
    grade: str


def compute(facts: CreditFacts, now: datetime, rules: CreditRules) -> Credit:
    """The credit that the facts make at `now` under a rule set."""
    behaved = conduct(facts.acts, facts.contracts, facts.registered_at, now, rules.conduct)
    served = quality(facts.ratings, now, mean_before(facts.means, rules), rules.quality)
    value = served.value if served.terms else None
    found = scored(now, behaved.value, facts.floor, value, served.weight, rules)
    return Credit(now, behaved, served, facts.floor, found.c, found.q, found.weight, found.k, found.grade)


def scored(
    now: datetime, conduct: Decimal, floor: Decimal | None, quality: Decimal | None, weight: Decimal, rules: CreditRules
) -> Scored:
    """The numbers as published, of exact ones; `floor` holds C up, `quality` is None without any rating."""
    c = _rounded(conduct if floor is None else max(conduct, floor), _TENTH)
    q = None if quality is None else _rounded(quality, _THOUSANDTH)
    heavy = _rounded(weight, _TEN_THOUSANDTH)
    grade, k = judge(c, q, heavy, rules.credit, rules.quality.least_weight)
    return Scored(now, c, q, heavy, k, grade)


def _rounded(value: Decimal, places: Decimal) -> Decimal:
    """Half up, of eighteen places: what was summed in another order rounds the same, even from the very middle."""
    with localcontext(DIGITS):
        return value.quantize(_EIGHTEEN).quantize(places, ROUND_HALF_UP)


def judge(
    c: Decimal, q: Decimal | None, weight: Decimal, bounds: CreditBounds, least_weight: Decimal
) -> tuple[str, Decimal | None]:
    """The grade's letter and K. While Σw is below 3, or nothing says anything about quality: N and no K."""
    if q is None or weight < least_weight:
        return NEW, None
    with localcontext(DIGITS):
        k = (bounds.conduct_share * c + bounds.quality_share * q).quantize(_TENTH, ROUND_HALF_UP)
    if c >= bounds.a_conduct and q >= bounds.a_quality:
        return "A", k
    if c >= bounds.b_conduct:
        return "B", k
    return "C" if c >= bounds.c_conduct else "D", k


def mean_before(means: Iterable[ItemMean], rules: CreditRules) -> Decimal:
    """p₀ of the items that the agency was rated for, each as often as it was."""
    known = [(one.mean, Decimal(one.ratings)) for one in means if one.mean is not None]
    return prior_mean(known, rules.quality)


def without(facts: CreditFacts, *, act: str = "", rating: str = "") -> CreditFacts:
    """The facts without one act or rating, by its key: what would be."""
    return replace(
        facts,
        acts=tuple(one for one in facts.acts if one.key != act),
        ratings=tuple(one for one in facts.ratings if one.key != rating),
    )
