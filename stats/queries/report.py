"""The figures of a selection, read from the sums: three queries, however many requests there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import connection

from stats.models import Day
from stats.rules.figures import Awards, Figures
from stats.rules.periods import Period


class By(Enum):
    """What lines are made by; the value is the column."""

    MONTH = "month"
    ITEM = "item_id"
    REGION = "region_id"
    METHOD = "method"


@dataclass(frozen=True)
class Chosen:
    """What somebody wants figures of; an empty region or item means all."""

    period: Period
    region: str = ""
    item: str = ""


@dataclass(frozen=True)
class Report:
    """The figures of all that was chosen, and of each month, item, city and method in it. `at`: when they were last true.

    `day` is the last day of which there is anything; None before the first sum.
    """

    chosen: Chosen
    total: Figures
    lines: Mapping[By, Mapping[str, Figures]]
    reasons: Mapping[str, int]
    day: Day | None

    @property
    def at(self) -> datetime | None:
        """When the figures were last brought up to date."""
        return self.day.at if self.day else None


_SETS = "GROUPING SETS ((month{more}), (item_id{more}), (region_id{more}), (method{more}))"
_CHOSEN = (
    "month BETWEEN %(since)s AND %(last)s AND (%(region)s = '' OR region_id = %(region)s)"
    " AND (%(item)s = '' OR item_id = %(item)s)"
)
_AWARDED = f"""
SELECT month, item_id, region_id, method, workdays, sum(awards), sum(amount), sum(competed), sum(ceiling), sum(paid),
       sum(saved), sum(rivals), sum(outside), sum(outside_amount)
FROM stats_awarded WHERE {_CHOSEN} GROUP BY {_SETS.format(more=", workdays")}
"""  # noqa: S608 (constants of ours)
_HAPPENED = f"""
SELECT month, item_id, region_id, method, what, reason, sum(count)
FROM stats_happened WHERE {_CHOSEN} GROUP BY {_SETS.format(more=", what, reason")}
"""  # noqa: S608


def report(chosen: Chosen) -> Report:
    """Read the figures of what was chosen."""
    awards: dict[tuple[By, str], Awards] = defaultdict(Awards)
    happened: dict[tuple[By, str], Counter[str]] = defaultdict(Counter)
    reasons: Counter[str] = Counter()
    for month, item, region, method, wait, count, *sums in _rows(_AWARDED, chosen):
        by, key = _line(month, item, region, method)
        awards[by, key] += _awards(wait, int(count), [int(one) for one in sums])
    for month, item, region, method, what, reason, count in _rows(_HAPPENED, chosen):
        by, key = _line(month, item, region, method)
        happened[by, key][what] += int(count)
        if by is By.METHOD and what == "failed":
            reasons[reason] += int(count)
    lines: dict[By, dict[str, Figures]] = {by: {} for by in By}
    for by, key in {*awards, *happened}:
        lines[by][key] = _figures(happened[by, key], awards[by, key])
    return Report(chosen, _together(lines[By.METHOD].values()), lines, reasons, Day.objects.first())


def _awards(wait: int, count: int, sums: list[int]) -> Awards:
    amount, competed, ceiling, paid, saved, rivals, outside, outside_amount = sums
    return Awards(count, amount, competed, ceiling, paid, saved, rivals, outside, outside_amount, waits={wait: count})


def _figures(happened: Mapping[str, int], awards: Awards) -> Figures:
    return Figures(happened.get("published", 0), happened.get("failed", 0), happened.get("cancelled", 0), awards)


def _together(parts: Iterable[Figures]) -> Figures:
    total = Figures()
    for one in parts:
        total = Figures(
            total.published + one.published,
            total.failed + one.failed,
            total.cancelled + one.cancelled,
            total.awards + one.awards,
        )
    return total


def _line(month: date | None, item: str | None, region: str | None, method: str | None) -> tuple[By, str]:
    """Which of the four a row is of: the others are null."""
    if month is not None:
        return By.MONTH, month.isoformat()
    if item is not None:
        return By.ITEM, item
    return (By.REGION, region) if region is not None else (By.METHOD, method or "")


def _rows(statement: str, chosen: Chosen) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "since": chosen.period.since,
        "last": chosen.period.last,
        "region": chosen.region,
        "item": chosen.item,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
