"""Who may not take part any more, and what becomes of a live auction then (R8, effect). Plain values in, verdict out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from agencies.models import Standing
from bidding.models import AuctionStatus
from bidding.rules.bids import Terms
from bidding.rulesets import Probation


class Because(StrEnum):
    """Why an agency may not take part any more, as entries name it."""

    SUSPENDED = "suspended"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    ITEM_LOCKED = "item_locked"
    PROBATION_LIMIT = "probation_limit"


@dataclass(frozen=True)
class Entrant:
    """An agency as one request meets it.

    `awards` are the other requests that it has been awarded or contracted for and not completed; only asked for where
    it is on probation.
    """

    standing: Standing
    item_locked: bool = False
    awards: int = 0
    ceiling: int = 0


def why_barred(entrant: Entrant, probation: Probation) -> Because | None:
    """Why this agency may not be selected here; None if it may. A standing weighs more than a lock, a lock than a limit."""
    match entrant.standing:
        case Standing.SUSPENDED:
            return Because.SUSPENDED
        case Standing.REMOVED:
            return Because.REMOVED
        case Standing.WITHDRAWN:
            return Because.WITHDRAWN
        case Standing.ACTIVE | Standing.WARNED | Standing.PROBATION:
            if entrant.item_locked:
                return Because.ITEM_LOCKED
            return Because.PROBATION_LIMIT if over_limit(entrant, probation) else None
        case _:
            assert_never(entrant.standing)


def over_limit(entrant: Entrant, probation: Probation) -> bool:
    """Is the agency on probation, and one more award of this size more than it may have?"""
    if entrant.standing is not Standing.PROBATION:
        return False
    return entrant.awards >= probation.awards_most or entrant.ceiling > probation.ceiling_most


def strike(terms: Terms, barred: int, standing: Iterable[tuple[int, int]], now: datetime) -> Terms:
    """The auction after the bids of the enrolment `barred` are struck.

    `standing` are (enrolment, fen) of all bids not struck before. The best that is left leads. If the barred one led,
    the others get the extension of the soft close to answer (R5.5), never beyond the hard end; the clock never turns back.
    """
    if terms.leader != barred:
        return terms
    left = [(amount, enrolment) for enrolment, amount in standing if enrolment != barred]
    best, leader = min(left, default=(None, None))
    closes_at = terms.closes_at
    if terms.status == AuctionStatus.LIVE:
        closes_at = max(closes_at, min(now + terms.extension, terms.hard_end))
    return replace(terms, best=best, leader=leader, closes_at=closes_at)
