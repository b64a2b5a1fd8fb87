"""Judge a bid (R5.4) and the soft close (R5.5). Plain values in, verdict out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from django.utils.translation import gettext_lazy as _

from bidding.models import AuctionStatus, PauseCause
from core import clock
from core.errors import Refused
from core.money import in_words, shown, wire


@dataclass(frozen=True)
class Terms:
    """An auction as a bid meets it. Money in fen; all times whole milliseconds."""

    status: AuctionStatus
    ceiling: int
    step: int
    best: int | None
    leader: int | None
    ready_at: datetime
    opens_at: datetime
    closes_at: datetime
    hard_end: datetime
    confirm_percent: int
    window: timedelta
    extension: timedelta
    extensions: int = 0
    paused_because: str = ""
    opens_again_at: datetime | None = None

    @property
    def highest_allowed(self) -> int:
        """The highest price that would pass now."""
        return self.ceiling if self.best is None else self.best - self.step


class BiddingNotOpen(Refused):
    """The live phase has not begun."""

    code = "E_NOT_OPEN"
    message = _("竞价尚未开始，%(opens_at)s 开始")
    basis = ("R5.3",)
    fix = _("请等待竞价开始后出价")


class BiddingPaused(Refused):
    """The auction is paused."""

    code = "E_PAUSED"
    message = _("竞价已暂停（%(reason)s），%(goes_on)s")
    basis = ("R5.7",)
    fix = _("恢复后再出价，已有报价均保留")


class InTieOut(Refused):
    """The open bidding is over; those within reach of the lead send one sealed price each."""

    code = "E_TIE_OUT"
    message = _("公开竞价已结束，正在进行加试报价")
    basis = ("R5.5",)
    fix = _("有资格的竞价人请在加试栏提交一次密封报价")


class BiddingClosed(Refused):
    """The database's clock had reached the close when the bid was judged (I6)."""

    code = "E_CLOSED"
    message = _("竞价已于 %(closed_at)s 截止，服务器收到报价的时间是 %(now)s")
    basis = ("I6", "R5.4")


class YouLead(Refused):
    """The leader may not bid against itself."""

    code = "E_LEADING"
    message = _("您已是当前最低报价 %(best_shown)s，无需再报")
    basis = ("R5.4",)


class NotPositive(Refused):
    """A price must be above zero."""

    code = "E_NOT_POSITIVE"
    message = _("报价必须大于 0")
    basis = ("R5.4",)


class BidTooHigh(Refused):
    """The price is above the leading price less one step (or above the ceiling)."""

    code = "E_TOO_HIGH"
    message = _("报价过高，当前最高可报 %(limit_shown)s")
    basis = ("R5.4",)
    fix = _("改报 %(limit_shown)s 或更低")


class UndercutNotConfirmed(Refused):
    """An undercut of more than the set share must be confirmed."""

    code = "E_CONFIRM_UNDERCUT"
    message = _("该报价比当前价低 %(percent)s%%，请确认金额：%(amount_shown)s（%(words)s）")
    basis = ("R5.4",)
    fix = _("核对金额后确认，或修改报价")


def judge_bid(amount: int, bidder: int, terms: Terms, now: datetime, *, confirmed: bool = False) -> None:
    """Raise Refused unless `amount` (fen) by the enrolment `bidder` may stand as the next bid at `now` (I6, R5.4)."""
    _judge_time(terms, now)
    if terms.leader == bidder:
        raise YouLead(best=wire(terms.best or 0), best_shown=shown(terms.best or 0))
    if amount <= 0:
        raise NotPositive()
    limit = terms.highest_allowed
    if amount > limit:
        raise BidTooHigh(limit=wire(limit), limit_shown=shown(limit))
    base = terms.ceiling if terms.best is None else terms.best
    if not confirmed and (base - amount) * 100 > base * terms.confirm_percent:
        raise UndercutNotConfirmed(
            amount=wire(amount),
            amount_shown=shown(amount),
            words=in_words(amount),
            percent=f"{(base - amount) * 100 / base:.1f}",
        )


def stand(amount: int, bidder: int, terms: Terms, now: datetime) -> tuple[Terms, bool]:
    """The terms after an accepted bid, and whether it moved the close.

    R5.5: with less than the window left, a change of lead sets the close to now + extension, never after the hard end.
    """
    closes_at = terms.closes_at
    if terms.closes_at - now < terms.window:
        closes_at = max(terms.closes_at, min(now + terms.extension, terms.hard_end))
    moved = closes_at > terms.closes_at
    after = replace(terms, best=amount, leader=bidder, closes_at=closes_at, extensions=terms.extensions + int(moved))
    return after, moved


def paused(terms: Terms) -> BiddingPaused:
    """Why nothing is accepted now, and when it goes on, as far as that is known."""
    again = terms.opens_again_at
    goes_on = _("%(time)s 恢复") % {"time": f"{again.astimezone(clock.BEIJING):%m-%d %H:%M:%S}"} if again else _later
    return BiddingPaused(
        because=terms.paused_because,
        reason=str(PauseCause(terms.paused_because).label),
        goes_on=str(goes_on),
        opens_again_at=clock.rfc3339(again) if again else None,
    )


_later = _("恢复前会提前公告")


def _judge_time(terms: Terms, now: datetime) -> None:
    match terms.status:
        case AuctionStatus.WAITING | AuctionStatus.READY:
            raise BiddingNotOpen(opens_at=clock.beijing(terms.opens_at))
        case AuctionStatus.PAUSED:
            raise paused(terms)
        case AuctionStatus.TIE_OUT:
            raise InTieOut()
        case AuctionStatus.REVIEW | AuctionStatus.CLOSED | AuctionStatus.FAILED:
            raise BiddingClosed(closed_at=clock.beijing(terms.closes_at), now=clock.beijing(now))
        case AuctionStatus.LIVE:
            if now < terms.opens_at:
                raise BiddingNotOpen(opens_at=clock.beijing(terms.opens_at))
            if now >= terms.closes_at:
                raise BiddingClosed(closed_at=clock.beijing(terms.closes_at), now=clock.beijing(now))
        case _:
            assert_never(terms.status)
