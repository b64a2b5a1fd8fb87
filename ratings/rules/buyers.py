"""Credit of buyers (R7): paid on time 40, accepted on time 20, rejections upheld against them 20, agencies' marks 20.

Each term is the mean of what happened, weighed, times what the term is worth. A term of which nothing is known yet is left
out and the others stand for the whole: no data is neither praise nor blame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ratings.models import DisputeStatus
from ratings.rulesets import BuyerRules

_PLACES = Decimal("0.1")

TERMS: Mapping[str, str | Promise] = {
    "paid_on_time": _("按时付款"),
    "accepted_on_time": _("按时验收"),
    "rejections_upheld": _("退回成果有据"),
    "marks": _("机构对采购人的评价"),
}


@dataclass(frozen=True)
class Happened:
    """One thing that counts: in which request's case, at which milestone, when, its value in [0, 1] and its weight."""

    number: str
    at: datetime
    value: Decimal
    weight: Decimal = Decimal(1)
    milestone: int | None = None


@dataclass(frozen=True)
class Term:
    """One line of the sum. `points` is None while nothing is known."""

    name: str
    most: Decimal
    evidence: Sequence[Happened]
    points: Decimal | None

    @property
    def label(self) -> str | Promise:
        return TERMS[self.name]

    @property
    def good(self) -> int:
        """How many are as they should be."""
        return sum(one.value == 1 for one in self.evidence)

    @property
    def newest(self) -> list[Happened]:
        """What a page shows: what was not as it should be first, then the newest."""
        return sorted(self.evidence, key=lambda one: (one.value == 1, -one.at.timestamp()))[:20]


@dataclass(frozen=True)
class BuyerCredit:
    """A buyer's credit: what each term gives, out of how much, and the score in 100; None before three contracts."""

    contracts: int
    terms: Sequence[Term]
    least_contracts: int

    @property
    def points(self) -> Decimal:
        """The sum of all lines."""
        return sum((term.points for term in self.terms if term.points is not None), Decimal(0))

    @property
    def most(self) -> Decimal:
        """What the lines of which something is known could give."""
        return sum((term.most for term in self.terms if term.points is not None), Decimal(0))

    @property
    def score(self) -> Decimal | None:
        if self.contracts < self.least_contracts or not self.most:
            return None
        return (100 * self.points / self.most).quantize(_PLACES, ROUND_HALF_UP)


def buyer_credit(contracts: int, happened: Mapping[str, Sequence[Happened]], rules: BuyerRules) -> BuyerCredit:
    """The credit of a buyer with so many finished contracts."""
    worth = {
        "paid_on_time": rules.paid_on_time,
        "accepted_on_time": rules.accepted_on_time,
        "rejections_upheld": rules.rejections_upheld,
        "marks": rules.marks,
    }
    terms = [_term(name, most, happened.get(name, ())) for name, most in worth.items()]
    return BuyerCredit(contracts, terms, rules.least_contracts)


def in_time(due_at: datetime, done_at: datetime | None, now: datetime) -> bool | None:
    """Was it done by its date? None while it is open and may still be."""
    if done_at is not None:
        return done_at <= due_at
    return False if now > due_at else None


def weight_of_mark(dispute: DisputeStatus | None) -> Decimal:
    """A disputed mark weighs nothing until decided, one of a related party half."""
    match dispute:
        case DisputeStatus.FILED | DisputeStatus.UPHELD:
            return Decimal(0)
        case DisputeStatus.RELATED:
            return Decimal("0.5")
        case _:
            return Decimal(1)


def _term(name: str, most: Decimal, evidence: Sequence[Happened]) -> Term:
    weight = sum((one.weight for one in evidence), Decimal(0))
    if not weight:
        return Term(name, most, evidence, None)
    mean = sum((one.weight * one.value for one in evidence), Decimal(0)) / weight
    return Term(name, most, evidence, (most * mean).quantize(_PLACES, ROUND_HALF_UP))
