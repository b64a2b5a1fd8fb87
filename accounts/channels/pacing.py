"""When a notice goes out on each channel (UX §2.20): pure, from what is wished and the moment it happened.

Times of day are Beijing time.
"""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from accounts.events import Channel, Event, Pace
from core.clock import BEIJING

MORNING = time(8, 30)
OFFICE = (time(9), time(14))
_MONDAY = 0
_A_DAY = timedelta(days=1)
# What happens together comes together.
GATHER = timedelta(minutes=10)
# At most one mail of the daily kind in this time.
EVERY = timedelta(hours=24)
HURRY = timedelta(hours=24)

# A try that failed: the first pause, and the longest.
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
_JITTER = 0.25
# What no server takes by then stays in the inbox on the site.
MOST_TRIES = 20


@dataclass(frozen=True)
class Quiet:
    """Hours in which nothing goes out but what cannot wait; over midnight if `until` is not after `since`."""

    since: time
    until: time

    def covers(self, moment: time) -> bool:
        """Is it quiet at this time of day? `until` itself is not."""
        if self.since < self.until:
            return self.since <= moment < self.until
        return moment >= self.since or moment < self.until


@dataclass(frozen=True)
class Wishes:
    """What somebody chose. Events not in `chosen` go where the matrix says; `able` are the channels there are."""

    chosen: Mapping[str, Collection[str]] = field(default_factory=dict)
    quiet: Quiet | None = None
    able: Collection[Channel] = (Channel.BELL, Channel.MAIL)

    def wants(self, event: Event, channel: Channel) -> bool:
        """Does this event go there?"""
        chosen = self.chosen.get(event.code, event.channels)
        return channel in self.able and channel in chosen


def due_at(
    event: Event, wishes: Wishes, happened_at: datetime, *, before: datetime | None = None
) -> dict[Channel, datetime | None]:
    """For every channel the moment at which it goes out, or None where it does not.

    `before` is the deadline that the notice is about, if it has one: with less than a day left, nothing waits for the
    morning. The bell rings at once. That a mail of the daily kind goes out once a day only, whoever gathers sees to.
    """
    at = _moment(event.pace, wishes.quiet, happened_at, before)
    return {
        channel: (happened_at if channel is Channel.BELL else at) if wishes.wants(event, channel) else None
        for channel in Channel
    }


def back_off(tries: int, chance: float | None = None) -> timedelta:
    """How long to wait after the `tries`-th failure: doubling, at most an hour, a quarter more or less at random.

    `chance` in [0, 1) decides the quarter; drawn unless given.
    """
    doubled: int = 2 ** min(tries - 1, 20)
    pause = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    # Spreads the load; nothing secret is drawn.
    drawn = random.random() if chance is None else chance  # noqa: S311
    return pause * (1 - _JITTER + 2 * _JITTER * drawn)


def _moment(pace: Pace, quiet: Quiet | None, happened_at: datetime, before: datetime | None) -> datetime:
    match pace:
        case Pace.NOW:
            return happened_at
        case Pace.SOON:
            at = happened_at
        case Pace.DAILY:
            at = happened_at + GATHER
        case Pace.MORNING if before is not None and before - happened_at < HURRY:
            at = happened_at
        case Pace.MORNING:
            at = _next(happened_at, MORNING)
        case Pace.OFFICE:
            at = _next(happened_at, *OFFICE)
        case Pace.WEEKLY:
            at = _next(happened_at, MORNING, weekday=_MONDAY)
    return _after_quiet(at, quiet)


def _next(after: datetime, *slots: time, weekday: int | None = None) -> datetime:
    """The first moment after `after` at one of these times of day, on that day of the week if one is named."""
    local = after.astimezone(BEIJING)
    days = (local.date() + timedelta(days=n) for n in range(9))
    moments = (datetime.combine(day, slot, BEIJING) for day in days for slot in sorted(slots))
    return next(one for one in moments if one > after and weekday in (None, one.weekday())).astimezone(after.tzinfo)


def _after_quiet(at: datetime, quiet: Quiet | None) -> datetime:
    local = at.astimezone(BEIJING)
    if quiet is None or not quiet.covers(local.time()):
        return at
    over = datetime.combine(local.date(), quiet.until, BEIJING)
    return (over if over > local else over + _A_DAY).astimezone(at.tzinfo)
