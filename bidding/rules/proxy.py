"""Proxy bids (R5.6): hidden floors, resolved in one pass after each event. Plain values in, verdict out.

The specification has a small reference that checks the same pass against a war of single steps; so do our tests.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bidding.models import AuctionStatus
from bidding.rules.bids import BiddingClosed, BiddingNotOpen, NotPositive, Terms
from core import clock
from core.errors import Refused
from core.money import in_words, shown, wire
from marketplace.rulesets import Proxy

OPEN_TO_FLOORS = (AuctionStatus.READY, AuctionStatus.LIVE, AuctionStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Floor:
    """How far one bidder (an enrolment) lets the platform go down for it, in fen; `seq` is the entry that set it."""

    bidder: int
    amount: int
    seq: int


def resolve(price: int, leader: int | None, floors: Iterable[Floor], step: int) -> tuple[int, int] | None:
    """The price and leader that the floors bring about, both exactly as R5.6; None where nothing changes.

    Before the first bid `price` is the ceiling plus one step, so that the first may stand at the ceiling.
    """
    standing = list(floors)
    own = next((one for one in standing if one.bidder == leader), None)
    # The leader without a floor goes no further than the price it stands at, and was there before any challenger.
    limit, since = (price, -1) if own is None else (min(own.amount, price), own.seq)
    able = sorted(
        (one.amount, one.seq, one.bidder) for one in standing if one.bidder != leader and one.amount <= price - step
    )
    if not able:
        return None
    lowest, seq, challenger = able[0]
    if (lowest, seq) < (limit, since):
        second = min([limit, *(amount for amount, _seq, _bidder in able[1:2])])
        return max(lowest, second - step), challenger
    assert leader is not None
    return min(price, max(limit, lowest - step)), leader


def answer(terms: Terms, floors: Iterable[Floor]) -> tuple[int, int] | None:
    """What the floors make of an auction's standing price: `(fen, enrolment)` of the one proxy bid, or None."""
    price = terms.ceiling + terms.step if terms.best is None else terms.best
    return resolve(price, terms.leader, floors, terms.step)


class NoFloors(Refused):
    """The rule set of this request is older than proxy bids."""

    code = "E_NO_FLOORS"
    basis = ("R5.6",)
    message = _("本次竞价适用的规则版本没有代为报价")
    fix = _("请在竞价中逐口报价")


class FloorNotLower(Refused):
    """A floor is lowered, never raised; whoever wants a higher one withdraws the old."""

    code = "E_FLOOR_NOT_LOWER"
    basis = ("R5.6",)
    message = _("最低价只能调低，现为 %(floor_shown)s")
    fix = _("改填更低的金额，或先撤回再设定")


class FloorTooHigh(Refused):
    """A floor above the highest price that would pass could never bid."""

    code = "E_FLOOR_TOO_HIGH"
    basis = ("R5.4", "R5.6")
    message = _("最低价不能高于 %(limit_shown)s")
    fix = _("改填 %(limit_shown)s 或更低")


class FloorNotConfirmed(Refused):
    """What the platform will bid in somebody's name is confirmed in words first."""

    code = "E_CONFIRM_FLOOR"
    basis = ("R5.6",)
    message = _("请确认最低价：%(amount_shown)s（%(words)s）")
    fix = _("核对金额后确认，或修改最低价")


class FloorChangedTooOften(Refused):
    """The rule set limits how many times a floor may change."""

    code = "E_FLOOR_CHANGES"
    basis = ("R5.6",)
    message = _("最低价最多更改 %(most)s 次，已用完")
    fix = _("仍可撤回，或自行逐口报价")


class NoFloorSet(Refused):
    """Only a floor that stands is withdrawn."""

    code = "E_NO_FLOOR"
    basis = ("R5.6",)
    message = _("您没有生效的最低价")


def judge_floor(
    amount: int,
    bidder: int,
    terms: Terms,
    now: datetime,
    *,
    current: int | None,
    times_set: int,
    numbers: Proxy,
    confirmed: bool,
) -> None:
    """Raise Refused unless `bidder` may set its floor to `amount` (fen) now.

    `current` is the floor that stands, `times_set` how many it has set in this auction.
    """
    judge_time(terms, now)
    if amount <= 0:
        raise NotPositive()
    if current is not None and amount >= current:
        raise FloorNotLower(floor=wire(current), floor_shown=shown(current))
    limit = terms.best if terms.best is not None and terms.leader == bidder else terms.highest_allowed
    if amount > limit:
        raise FloorTooHigh(limit=wire(max(limit, 0)), limit_shown=shown(max(limit, 0)))
    if times_set > numbers.changes_most:
        raise FloorChangedTooOften(most=numbers.changes_most)
    if not confirmed:
        raise FloorNotConfirmed(amount=wire(amount), amount_shown=shown(amount), words=in_words(amount))


def judge_time(terms: Terms, now: datetime) -> None:
    """Raise Refused unless floors may change now: from the ready phase to the close, pauses included."""
    if terms.status not in OPEN_TO_FLOORS:
        if terms.status == AuctionStatus.WAITING:
            raise BiddingNotOpen(opens_at=clock.beijing(terms.opens_at))
        raise BiddingClosed(closed_at=clock.beijing(terms.closes_at), now=clock.beijing(now))
    if terms.status == AuctionStatus.LIVE and now >= terms.closes_at:
        raise BiddingClosed(closed_at=clock.beijing(terms.closes_at), now=clock.beijing(now))
