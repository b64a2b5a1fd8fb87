"""Credit of buyers (R7), free of the framework: paid on time 40, accepted on time 20, rejections upheld against them 20,
agencies' marks 20; and as the public document "buyer-credit/1", from which `python -m ratings.recompute` computes it again.

Each term is the mean of what happened, weighed, times what the term is worth. A term of which nothing is known yet is left
out and the others stand for the whole: no data is neither praise nor blame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ratings.rules.publication import moment, time_text
from ratings.rulesets import BuyerRules

FORMAT = "buyer-credit/1"
_PLACES = Decimal("0.1")


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


def published(credit: BuyerCredit) -> dict[str, Any]:
    """The numbers of the document, every line with all that it was computed from."""
    return {
        "contracts": credit.contracts,
        "least_contracts": credit.least_contracts,
        "score": None if credit.score is None else str(credit.score),
        "points": str(credit.points),
        "most": str(credit.most),
        "terms": [
            {
                "name": term.name,
                "most": str(term.most),
                "points": None if term.points is None else str(term.points),
                "evidence": [_evidence(one) for one in term.evidence],
            }
            for term in credit.terms
        ],
    }


def again(document: Mapping[str, Any], rules: BuyerRules) -> BuyerCredit:
    """The credit of a document's evidence; raises KeyError, TypeError or ValueError if malformed."""
    happened = {term["name"]: [_happened(one) for one in term["evidence"]] for term in document["terms"]}
    return buyer_credit(int(document["contracts"]), happened, rules)


def _evidence(one: Happened) -> dict[str, Any]:
    milestone = {} if one.milestone is None else {"milestone": one.milestone}
    said = {"at": time_text(one.at), "value": str(one.value), "weight": str(one.weight)}
    return {"request": one.number, **milestone, **said}


def _happened(one: Mapping[str, Any]) -> Happened:
    value, weight = Decimal(one["value"]), Decimal(one["weight"])
    if not 0 <= value <= 1 or not 0 <= weight <= 1:
        raise ValueError(f"{one['request']}: value and weight lie between 0 and 1")
    return Happened(one["request"], moment(one["at"]), value, weight, one.get("milestone"))


def _term(name: str, most: Decimal, evidence: Sequence[Happened]) -> Term:
    weight = sum((one.weight for one in evidence), Decimal(0))
    if not weight:
        return Term(name, most, evidence, None)
    mean = sum((one.weight * one.value for one in evidence), Decimal(0)) / weight
    return Term(name, most, evidence, (most * mean).quantize(_PLACES, ROUND_HALF_UP))
