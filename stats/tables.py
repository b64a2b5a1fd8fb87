"""A figure as a table: what pages draw, and what CSV and JSON carry, from one description."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from core.errors import Text
from stats.charts import Chart

Value = int | Decimal | str | None


class Unit(Enum):
    """What a column's values are, and so how they are shown."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"


@dataclass(frozen=True)
class Column:
    """One column: its key in JSON, its heading, what it holds. Its values may be drawn as bars beside the numbers."""

    key: str
    label: Text
    unit: Unit = Unit.COUNT
    bars: bool = False


@dataclass(frozen=True)
class Row:
    """One line. The first value is its name; `code` names it for machines, `href` leads to what it counts."""

    values: Sequence[Value]
    code: str = ""
    href: str = ""
    # The name is one of China's own and stays Chinese on an English page.
    chinese: bool = False


@dataclass(frozen=True)
class Section:
    """One figure: its definition and formula, its table and, where it has one, its chart."""

    key: str
    title: Text
    definition: Text
    formula: Text
    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=list)
    chart: Chart | None = None
    # Is its table opened by hand where there is a chart?
    folded: bool = True
    # Does what was chosen (months, city, item) narrow it? What stands open on a day is always of the whole platform.
    narrowed: bool = True
    note: Text = ""
    more: tuple[str, Text] | None = None

    @property
    def empty(self) -> bool:
        """Is there nothing to count?"""
        return not any(value for row in self.rows for value in row.values[1:])
