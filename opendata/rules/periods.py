"""Which bulk files there should be, and which of them are due. Pure; days and months are Beijing's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.clock import BEIJING

ALL = "all"
# The one file of credit.
NEWEST = "newest"
# After midnight: what was appended just before it has been committed by then.
GRACE = timedelta(minutes=10)
DAYS_KEPT = 31


@dataclass(frozen=True)
class Period:
    """A day (`2026-11-23`), a month (`2026-11`) or everything (`all`), from `begins` up to `until`."""

    name: str
    begins: datetime
    until: datetime

    @property
    def makes_files_from(self) -> datetime:
        """When nothing of it is still under way."""
        return self.until + GRACE


def periods(first: datetime, now: datetime) -> Iterator[Period]:
    """The days that are kept, all months, and everything, up to the last midnight; the newest first. `first`: the first entry."""
    today = now.astimezone(BEIJING).date()
    start = first.astimezone(BEIJING).date()
    if start >= today:
        return
    for back in range(1, DAYS_KEPT + 1):
        day = today - timedelta(days=back)
        if day >= start:
            yield Period(f"{day:%Y-%m-%d}", _midnight(day), _midnight(day + timedelta(days=1)))
    month = (today - timedelta(days=1)).replace(day=1)
    while month >= start.replace(day=1):
        following = (month + timedelta(days=31)).replace(day=1)
        yield Period(f"{month:%Y-%m}", _midnight(month), min(_midnight(following), _midnight(today)))
        month = (month - timedelta(days=1)).replace(day=1)
    yield Period(ALL, _midnight(start), _midnight(today))


def due(wanted: Iterable[Period], there: Mapping[str, datetime], now: datetime) -> Iterator[Period]:
    """Those of `wanted` that can be made and are not `there` (name → until when what is there goes)."""
    for one in wanted:
        if now >= one.makes_files_from and there.get(one.name) != one.until:
            yield one


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
