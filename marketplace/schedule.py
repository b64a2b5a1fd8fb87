"""When a request's enrolment ends and its selection begins (R3, R5.10). Pure: anyone can recompute both from the notice."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from core.clock import BEIJING
from core.workdays import Calendar, Deadline
from marketplace.models import Method
from marketplace.rulesets import Live, RuleSet

CLOSING_HOUR = dt.time(18, 0)
HALF_HOUR = 1800


def notice(now: dt.datetime, method: str, ceiling: int, numbers: RuleSet, calendar: Calendar) -> Deadline:
    """The working day that ends the notice for a method and a ceiling (fen), with the reasoning to show."""
    return calendar.after(now.astimezone(BEIJING).date(), numbers.way(method).notice_wd(ceiling))


def plan(
    seed: str,
    now: dt.datetime,
    method: str,
    ceiling: int,
    numbers: RuleSet,
    calendar: Calendar,
    taken: Mapping[dt.datetime, int] | None = None,
) -> tuple[dt.datetime, dt.datetime]:
    """`(enrol_until, selects_at)` of a request published at `now`; `taken` counts starts per half hour (R5.10).

    Only a live auction waits for a slot: every other selection begins when enrolment ends. A direct one has none.
    """
    if method == Method.DIRECT:
        return now, now
    if numbers.live.any_time_after_seconds:
        return _any_time(now, numbers.live)
    last_day = notice(now, method, ceiling, numbers, calendar).date
    return _from_last_day(seed, last_day, method, numbers, calendar, taken or {})


def extend(
    seed: str,
    now: dt.datetime,
    method: str,
    numbers: RuleSet,
    calendar: Calendar,
    taken: Mapping[dt.datetime, int] | None = None,
) -> tuple[dt.datetime, dt.datetime]:
    """The same after the one extension for too few entrants (R3)."""
    return prolong(seed, now, numbers.live.extension_wd, method, numbers, calendar, taken)


def prolong(
    seed: str,
    now: dt.datetime,
    days: int,
    method: str,
    numbers: RuleSet,
    calendar: Calendar,
    taken: Mapping[dt.datetime, int] | None = None,
) -> tuple[dt.datetime, dt.datetime]:
    """The same where enrolment lasts `days` working days from `now`."""
    if numbers.live.any_time_after_seconds:
        return _any_time(now, numbers.live)
    last_day = calendar.after(now.astimezone(BEIJING).date(), days).date
    return _from_last_day(seed, last_day, method, numbers, calendar, taken or {})


def slot(seed: str, after: dt.date, numbers: Live, calendar: Calendar, taken: Mapping[dt.datetime, int]) -> dt.datetime:
    """A second that the SHA-256 of `seed` picks from the next working day's slots, passing over full half hours."""
    day = after
    while True:
        day = calendar.after(day, 1).date
        halves = [half for half in _half_hours(day, numbers) if taken.get(half, 0) < numbers.slot_capacity]
        if halves:
            number = int.from_bytes(hashlib.sha256(f"slot/{seed}/{day}".encode()).digest()[:8], "big")
            half = halves[number % len(halves)]
            return half + dt.timedelta(seconds=number // len(halves) % HALF_HOUR)


def _any_time(now: dt.datetime, numbers: Live) -> tuple[dt.datetime, dt.datetime]:
    until = now + dt.timedelta(seconds=numbers.any_time_after_seconds)
    return until, until


def _from_last_day(
    seed: str, last_day: dt.date, method: str, numbers: RuleSet, calendar: Calendar, taken: Mapping[dt.datetime, int]
) -> tuple[dt.datetime, dt.datetime]:
    enrol_until = dt.datetime.combine(last_day, CLOSING_HOUR, BEIJING).astimezone(dt.UTC)
    if method != Method.LIVE:
        return enrol_until, enrol_until
    return enrol_until, slot(seed, last_day, numbers.live, calendar, taken)


def _half_hours(day: dt.date, numbers: Live) -> list[dt.datetime]:
    """The half hours of the day's slots, in UTC."""
    halves: list[dt.datetime] = []
    for first, last in numbers.slots:
        start = dt.datetime.combine(day, dt.time.fromisoformat(first), BEIJING).astimezone(dt.UTC)
        end = dt.datetime.combine(day, dt.time.fromisoformat(last), BEIJING).astimezone(dt.UTC)
        while start < end:
            halves.append(start)
            start += dt.timedelta(seconds=HALF_HOUR)
    return halves
