"""How figures are shown, and the parts that lie on pages of the packages below."""

from decimal import Decimal
from typing import Any

from django import template

from core import money
from marketplace.models import ServiceItem
from stats.charts import width_of
from stats.queries.markets import market_of
from stats.rules.concentration import Level, level
from stats.tables import Column, Row, Section, Unit, Value
from stats.wording import level_label

register = template.Library()


@register.filter
def figure(value: Value, unit: Unit) -> str:
    """A value as its column wants it; a dash for nothing."""
    if value is None:
        return "—"
    match unit:
        case Unit.MONEY:
            return money.shown(int(value))
        case Unit.PERCENT:
            return f"{value}%"
        case Unit.COUNT:
            return f"{value:,}"
        case _:
            return str(value)


@register.simple_tag
def cells(section: Section, row: Row) -> list[dict[str, Any]]:
    """`{"column", "value", "bar"}` of each value after the name; a bar's length is in per cent of the column's longest."""
    return [
        {"column": column, "value": value, "bar": _bar(section, place, column, value)}
        for place, (column, value) in enumerate(zip(section.columns, row.values, strict=True))
        if place
    ]


@register.inclusion_tag("stats/_market_card.html")
def market_card(item: ServiceItem) -> dict[str, Any]:
    """Prices and concentration of an item's market (UX §2.3)."""
    market = market_of(item.code)
    said = level(market.hhi, market.agencies) if market else Level.NONE
    return {"market": market, "item": item, "level": said.value, "level_label": level_label(said)}


def _bar(section: Section, place: int, column: Column, value: Value) -> int | None:
    """None in a column without bars."""
    if not column.bars or isinstance(value, str):
        return None
    rest = [row.values[place] for row in section.rows]
    most = max((one for one in rest if isinstance(one, int | Decimal)), default=0)
    return width_of(value, most)
