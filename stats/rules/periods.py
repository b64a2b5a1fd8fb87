"""The spans of time that figures speak of: whole months of Beijing's, up to the day on which one reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from core.clock import BEIJING

# The first of all months is before every notice there can be.
_BEGINNING = date(2018, 1, 1)
YEAR = 12


class Span(Enum):
    """How far back one looks."""

    YEAR = "12m"
    QUARTER = "3m"
    CALENDAR = "year"
    ALL = "all"


@dataclass(frozen=True)
class Period:
    """From the first of month `since` to the end of month `last`, which may still run."""

    since: date
    last: date

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return _midnight(self.since)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return _midnight(months_before(self.last, -1))

    def months(self) -> list[date]:
        """Every month in it, the earliest first."""
        count = (self.last.year - self.since.year) * 12 + self.last.month - self.since.month
        return [months_before(self.last, back) for back in range(count, -1, -1)]


def month_of(moment: datetime) -> date:
    """The first day of the month in Beijing."""
    return moment.astimezone(BEIJING).date().replace(day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month so many months before; after it where `count` is negative."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def period(span: Span, now: datetime) -> Period:
    """What `span` means at `now`; every one of them includes the month that runs."""
    this = month_of(now)
    begins: dict[Span, Callable[[], date]] = {
        Span.YEAR: lambda: months_before(this, YEAR - 1),
        Span.QUARTER: lambda: months_before(this, 2),
        Span.CALENDAR: lambda: date(this.year, 1, 1),
        Span.ALL: lambda: _BEGINNING,
    }
    return Period(begins[span](), this)


def last_day(period: Period, now: datetime) -> date:
    """The last day that the figures cover."""
    end = months_before(period.last, -1) - timedelta(days=1)
    return min(end, now.astimezone(BEIJING).date())


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING).astimezone(UTC)
