"""What time does to a request and its auction: state × time → the move that is due. Correctness never waits for the clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bidding.models import AuctionStatus
from marketplace.models import Method, RequestStatus
from marketplace.rulesets import RuleSet


class Move(Enum):
    """A move that time makes."""

    CLOSE_ENROLMENT = auto()
    GET_READY = auto()
    OPEN = auto()
    CLOSE = auto()
    ANNOUNCE = auto()
    REOPEN = auto()
    CLOSE_TIE_OUT = auto()
    END_REVIEW_STEP = auto()
    GO_ON = auto()
    END_STANDSTILL = auto()


@dataclass(frozen=True)
class Moment:
    """A request and its auction, or other selection, as time meets them; a time is None where there is none.

    `goes_on_at`: when a selection without an auction makes its next move; `due_at`: when the phase of an auction that is
    neither waiting nor live ends by time.
    """

    request: RequestStatus
    enrol_until: datetime | None = None
    auction: AuctionStatus | None = None
    ready_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    standstill_until: datetime | None = None
    complaint_pending: bool = False
    objections_until: datetime | None = None
    goes_on_at: datetime | None = None
    opens_again_at: datetime | None = None
    due_at: datetime | None = None


def move_due(state: Moment, now: datetime) -> Move | None:
    """The next move that `now` makes due, or None. Ask again after making it."""
    pending = next_move(state)
    if pending is None:
        return None
    move, at = pending
    return move if now >= at else None


def next_move(state: Moment) -> tuple[Move, datetime] | None:
    """The move that comes next by time alone, and when."""
    if state.request == RequestStatus.PUBLISHED and state.enrol_until:
        return Move.CLOSE_ENROLMENT, state.enrol_until
    if state.request == RequestStatus.STANDSTILL and state.standstill_until:
        if state.complaint_pending:
            return None
        return Move.END_STANDSTILL, max(state.standstill_until, state.objections_until or state.standstill_until)
    if state.request != RequestStatus.SELECTING:
        return None
    if state.auction is None:
        return (Move.GO_ON, state.goes_on_at) if state.goes_on_at else None
    steps = {
        AuctionStatus.WAITING: (Move.GET_READY, state.ready_at),
        AuctionStatus.READY: (Move.OPEN, state.opens_at),
        AuctionStatus.LIVE: (Move.CLOSE, state.closes_at),
        AuctionStatus.PAUSED: (Move.REOPEN, state.opens_again_at)
        if state.opens_again_at
        else (Move.ANNOUNCE, state.due_at),
        AuctionStatus.TIE_OUT: (Move.CLOSE_TIE_OUT, state.due_at),
        AuctionStatus.REVIEW: (Move.END_REVIEW_STEP, state.due_at),
    }
    move, at = steps.get(state.auction, (None, None))
    return (move, at) if move and at else None


class Turnout(Enum):
    """What follows from how many have enrolled at the deadline (R3)."""

    ENOUGH = auto()
    EXTEND = auto()
    GO_ON_WITH_A_NOTE = auto()
    TOO_FEW = auto()


def judge_turnout(entrants: int, numbers: RuleSet, method: Method, *, government: bool, extended: bool) -> Turnout:
    """Too few: extended once; after that public money may go on with two and a note, else it fails.

    A mean of two prices is none: there nobody goes on with fewer than the method asks for. Where the notice names the
    agency nobody enrols.
    """
    if method == Method.DIRECT:
        return Turnout.ENOUGH
    if entrants >= numbers.way(method).entrants(government=government):
        return Turnout.ENOUGH
    if not extended:
        return Turnout.EXTEND
    if government and method != Method.AVERAGE and entrants >= numbers.live.government_may_go_on_with:
        return Turnout.GO_ON_WITH_A_NOTE
    return Turnout.TOO_FEW
