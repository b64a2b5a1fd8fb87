"""Working days (工作日): Chinese public holidays with their make-up workdays, and an operator's own corrections.

A `Calendar` is plain data, so judgements stay pure; `core.queries.calendar` fills its overrides from the database.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

import holidays

from core.clock import BEIJING


@dataclass(frozen=True)
class Day:
    """One calendar day that is not what its weekday says: a holiday on a weekday, or work on a weekend."""

    date: dt.date
    works: bool
    name: str


@dataclass(frozen=True)
class Deadline:
    """Where counting `days` working days from `start` ends, and why."""

    start: dt.date
    days: int
    date: dt.date
    skipped: tuple[Day, ...]
    made_up: tuple[Day, ...]
    provisional_years: tuple[int, ...]

    def explain(self) -> str:
        """`5 个工作日：跳过 10-01 至 10-07（国庆节）；10-10 调休上班`, with a warning where the year is provisional."""
        parts = [_("%(days)s 个工作日") % {"days": self.days}]
        notes = [
            _("跳过 %(range)s（%(name)s）") % {"range": _span(run), "name": _name(run)} for run in _runs(self.skipped)
        ]
        notes += [_("%(date)s 调休上班") % {"date": f"{day.date:%m-%d}"} for day in self.made_up]
        notes += [
            _("%(year)s 年按法定节假日暂估，国务院安排发布后重算") % {"year": year} for year in self.provisional_years
        ]
        return "：".join([*parts, "；".join(notes)]) if notes else parts[0]


@dataclass(frozen=True)
class Calendar:
    """China's working days, with overrides `date → (works, name)` on top."""

    overrides: Mapping[dt.date, tuple[bool, str]] = field(default_factory=dict)

    def works(self, date: dt.date) -> bool:
        """Is `date` a working day?"""
        special = self.special(date)
        return special.works if special else date.weekday() < 5

    def special(self, date: dt.date) -> Day | None:
        """What makes `date` differ from an ordinary weekday or weekend; None if nothing does."""
        if date in self.overrides:
            works, name = self.overrides[date]
            return Day(date, works, name)
        year = _year(date.year)
        if date in year.make_up:
            return Day(date, True, year.make_up[date])
        if date in year.holidays:
            return Day(date, False, year.holidays[date])
        return None

    def provisional(self, year: int) -> bool:
        """True while no make-up workday of `year` is known: the State Council's arrangement is not out yet."""
        known = any(date.year == year and works for date, (works, _name) in self.overrides.items())
        return not known and not _year(year).make_up

    def after(self, start: dt.date, days: int) -> Deadline:
        """The day that ends `days` working days counted from the day after `start`."""
        date, left = start, days
        skipped: list[Day] = []
        made_up: list[Day] = []
        while left > 0:
            date += dt.timedelta(days=1)
            special = self.special(date)
            if self.works(date):
                left -= 1
                if special and date.weekday() >= 5:
                    made_up.append(special)
            else:
                skipped.append(special or Day(date, False, ""))
        years = tuple(y for y in range(start.year, date.year + 1) if self.provisional(y))
        return Deadline(start, days, date, _holidays(skipped), tuple(made_up), years)

    def before(self, end: dt.date, days: int) -> dt.date:
        """The working day that lies `days` working days before `end`."""
        date = end
        while days > 0:
            date -= dt.timedelta(days=1)
            days -= self.works(date)
        return date

    def between(self, start: dt.date, end: dt.date) -> int:
        """How many working days lie after `start` up to and including `end`."""
        return sum(self.works(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def add(self, moment: dt.datetime, days: int, *, at: dt.time = dt.time(18, 0)) -> dt.datetime:
        """`days` working days after `moment`, ending at `at` Beijing time, as an aware datetime in UTC."""
        date = self.after(moment.astimezone(BEIJING).date(), days).date
        return dt.datetime.combine(date, at, BEIJING).astimezone(dt.UTC)


@dataclass(frozen=True)
class _Year:
    holidays: dict[dt.date, str]
    make_up: dict[dt.date, str]


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    return _Year(dict(china), {date: "调休上班" for date in china.weekend_workdays if date.year == year})


def _holidays(off: list[Day]) -> tuple[Day, ...]:
    """The days off that belong to a holiday, with the weekends inside it, but not ordinary weekends."""
    return tuple(day for run in _runs(off) if any(day.name for day in run) for day in run)


def _runs(days: Iterable[Day]) -> list[list[Day]]:
    runs: list[list[Day]] = []
    for day in days:
        if runs and (day.date - runs[-1][-1].date).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _span(run: list[Day]) -> str:
    first, last = f"{run[0].date:%m-%d}", f"{run[-1].date:%m-%d}"
    return first if len(run) == 1 else _("%(first)s 至 %(last)s") % {"first": first, "last": last}


def _name(run: list[Day]) -> str:
    """The holiday's own name: the shortest, so 国庆节 rather than 国庆节（补假）."""
    return min((day.name for day in run if day.name), key=len)
