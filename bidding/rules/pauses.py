"""What pauses a live auction, and how it goes on (R5.7). Plain values in, verdict out; doors and clocks ask the same.

Signs from before `live_since`, the moment since which the auction runs without a break, do not count: each is answered once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from bidding.models import PauseCause
from core.clock import BEIJING
from core.errors import Refused
from core.workdays import Calendar
from marketplace.rulesets import Pause

SILENT_PROCESS = timedelta(seconds=5)  # a process that says nothing for so long has lost its sockets
STEP = timedelta(milliseconds=500)
PROPOSAL_STANDS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the database says about clocks and itself. `beat_at` is None where no clock has ever run.

    `gap_from` and `gap_to` are the ends of the newest silence of all clocks; `stepped_at` is when the database's clock
    jumped; `server_since` when the server started that answers, `timeline` the one it writes.
    """

    server_since: datetime
    timeline: str
    beat_at: datetime | None = None
    gap_from: datetime | None = None
    gap_to: datetime | None = None
    stepped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A bidder's sockets in one process; `lost_at` is None while there is one."""

    bidder: int
    lost_at: datetime | None


@dataclass(frozen=True, slots=True)
class Onward:
    """When a paused auction goes on, and the times it has then."""

    opens_again_at: datetime
    closes_at: datetime
    hard_end: datetime


def why_paused(
    signs: Signs, live_since: datetime, timeline: str, numbers: Pause, now: datetime
) -> tuple[PauseCause, datetime] | None:
    """What pauses the auction by the platform's own fault, and since when nobody could rely on it; None if nothing does."""
    if signs.server_since > live_since:
        return PauseCause.FAILOVER, _last_sign_of_life(signs, live_since)
    if timeline and signs.timeline != timeline:
        silent = signs.gap_from if signs.gap_from and signs.gap_from > live_since else now
        return PauseCause.FAILOVER, silent
    if signs.stepped_at is not None and signs.stepped_at > live_since:
        return PauseCause.CLOCK_STEP, min(signs.stepped_at, now)
    patience = timedelta(seconds=numbers.heartbeat_seconds)
    if silent_now(signs, numbers, now):
        assert signs.beat_at is not None
        return PauseCause.HEARTBEAT, max(live_since, signs.beat_at + patience)
    if signs.gap_from and signs.gap_to and signs.gap_to > live_since and signs.gap_to - signs.gap_from > patience:
        return PauseCause.HEARTBEAT, max(live_since, signs.gap_from + patience)
    return None


def silent_now(signs: Signs, numbers: Pause, now: datetime) -> bool:
    """Have all clocks been silent for too long, and are they still?"""
    return signs.beat_at is not None and now - signs.beat_at > timedelta(seconds=numbers.heartbeat_seconds)


def sockets_lost(
    seats: Iterable[Seat], live_since: datetime, closes_at: datetime, numbers: Pause, now: datetime
) -> datetime | None:
    """Since when too many bidders at once have lost their lines, if they have.

    Who comes back soon has lost nothing; at the close there is no time to wait for that.
    """
    by_bidder: dict[int, list[datetime | None]] = {}
    for seat in seats:
        by_bidder.setdefault(seat.bidder, []).append(seat.lost_at)
    judged_at = min(now, closes_at)
    there = [who for who, lost in by_bidder.items() if None in lost or max(at for at in lost if at) >= closes_at]
    left = {who: max(at for at in lost if at) for who, lost in by_bidder.items() if who not in there}
    back_within = timedelta(seconds=0 if now >= closes_at else numbers.sockets_back_within_seconds)
    window = timedelta(seconds=numbers.sockets_lost_within_seconds) + back_within
    gone = [at for at in left.values() if live_since < at and judged_at - window < at <= judged_at - back_within]
    if len(gone) < numbers.sockets_lost_least:
        return None
    enough = len(gone) * 100 >= numbers.sockets_lost_percent * (len(there) + len(gone))
    return min(gone) if enough else None


def goes_on(
    paused_at: datetime,
    closes_at: datetime,
    hard_end: datetime,
    opens_at: datetime,
    paused_before: timedelta,
    numbers: Pause,
    now: datetime,
    calendar: Calendar,
) -> Onward:
    """When the auction goes on if that is announced now: with what was left, and at least the set time.

    More than the set minutes of pauses on one day, `paused_before` included: on the next working day at the same second.
    """
    again = now + timedelta(seconds=numbers.announce_seconds)
    if paused_before + (again - paused_at) > timedelta(minutes=numbers.next_day_after_minutes):
        day = calendar.after(now.astimezone(BEIJING).date(), 1).date
        again = datetime.combine(day, opens_at.astimezone(BEIJING).timetz()).astimezone(now.tzinfo)
    least = timedelta(seconds=numbers.resume_least_seconds)
    rest = max(closes_at - paused_at, least)
    return Onward(again, again + rest, again + max(hard_end - paused_at, rest))


def next_day_due(paused_at: datetime, paused_before: timedelta, numbers: Pause) -> datetime:
    """When a pause of which nobody says how it ends has lasted so long that the auction goes to the next working day."""
    left = timedelta(minutes=numbers.next_day_after_minutes) - paused_before
    return max(paused_at, paused_at + left - timedelta(seconds=numbers.announce_seconds) + timedelta(milliseconds=1))


def _last_sign_of_life(signs: Signs, live_since: datetime) -> datetime:
    """The newest moment before the server's start at which it is known to have lived."""
    known = [at for at in (signs.beat_at, signs.gap_from) if at is not None and at < signs.server_since]
    return max([live_since, *known])


class NotAnOfficer(Refused):
    """Only regulators and the platform's operators pause an auction."""

    code = "E_MAY_NOT_PAUSE"
    basis = ("R5.7",)
    message = _("只有监管人员和平台运行人员可以暂停竞价")


class NothingToPause(Refused):
    """Only a live auction is paused."""

    code = "E_NOTHING_TO_PAUSE"
    basis = ("R5.7",)
    message = _("竞价不在进行中，不能暂停")


class PauseReasonMissing(Refused):
    """A pause by officers has a public reason."""

    code = "E_PAUSE_REASON"
    basis = ("R5.7",)
    field = "reason"
    message = _("请写明暂停理由，理由将公开")


class PauseProposedBefore(Refused):
    """One proposal at a time: confirm it or let it lapse."""

    code = "E_PAUSE_PROPOSED"
    basis = ("R5.7",)
    message = _("已有人提议暂停，等待另一人确认")
    fix = _("由另一名人员确认，或等待提议失效")


class NoPauseProposed(Refused):
    """There is no proposal to confirm; perhaps it has lapsed or somebody was faster."""

    code = "E_NO_PAUSE_PROPOSED"
    basis = ("R5.7",)
    message = _("没有待确认的暂停提议，可能已失效或已由他人办理")
    fix = _("刷新页面查看最新状态")


class PartyPauses(Refused):
    """Whoever belongs to the buyer or to a bidder has no part in pausing the auction, whatever else he is (I9)."""

    code = "E_PARTY_PAUSES"
    basis = ("R5.7", "I9")
    message = _("您是采购人或竞价人的成员，不得办理本次竞价的暂停与恢复")
    fix = _("由其他监管人员或平台人员办理")


class ConfirmsOwnProposal(Refused):
    """Two officers, not one twice."""

    code = "E_OWN_PAUSE"
    basis = ("R5.7", "I9")
    message = _("不能确认自己提出的暂停")
    fix = _("由另一名人员确认")


class NotPausedByOfficers(Refused):
    """What officers end is a pause of officers that has no date yet; all others end by themselves."""

    code = "E_NOT_THEIR_PAUSE"
    basis = ("R5.7",)
    message = _("竞价没有因人员决定而暂停，或恢复时间已公告")
