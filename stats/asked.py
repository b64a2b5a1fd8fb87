"""The tables that a query string asks for: figures of what was chosen, and how concentrated its markets are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stats.forms import ChosenForm
from stats.models import Day
from stats.queries import markets
from stats.queries.report import report
from stats.rules.periods import Period, Span, period
from stats.sections import all_sections
from stats.sections import concentration as made
from stats.sections.names import read_names
from stats.tables import Section


@dataclass(frozen=True)
class Table:
    """A table with the period that it is of, if it is not of a day, and when it was last true."""

    section: Section
    period: Period | None
    at: datetime | None


def figures(asked: Any, now: datetime) -> Mapping[str, Table]:
    """The figures of P14.2 by key, in the order of their page."""
    names = read_names()
    found = report(ChosenForm(asked, names).chosen(now))
    sections = all_sections(found, names)
    return {one.key: Table(one, found.chosen.period if one.narrowed else None, found.at) for one in sections}


def concentrations(asked: Any, now: datetime) -> Mapping[str, Table]:
    """The three tables of P20.2: items in the whole province, cities, and each item in each city."""
    chosen = ChosenForm(asked, read_names()).chosen(now)
    day, year = Day.objects.first(), period(Span.YEAR, now)
    sections = {
        "items": made.by_item(markets.markets_of_items()),
        "regions": made.by_city(markets.markets_of_regions()),
        "both": made.by_both(markets.markets(chosen.item, chosen.region)),
    }
    return {key: Table(one, year, day.at if day else None) for key, one in sections.items()}
