"""Concentration as tables: CR4 and HHI of items, of cities, and of each item in each city."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stats.charts import Chart, columns
from stats.models import Market
from stats.rules.concentration import level
from stats.rules.figures import share
from stats.tables import Column, Row, Section, Unit, Value
from stats.wording import level_label

_COLUMNS = (
    Column("awards", gettext_lazy("中选")),
    Column("agencies", gettext_lazy("中选家数")),
    Column("amount", gettext_lazy("中选金额"), Unit.MONEY),
    Column("largest", gettext_lazy("最大一家占比"), Unit.PERCENT),
    Column("cr4", "CR4", Unit.PERCENT),
    Column("hhi", "HHI", Unit.COUNT, bars=True),
    Column("level", gettext_lazy("集中程度"), Unit.TEXT),
)
_MEDIAN = Column("median", gettext_lazy("中位价"), Unit.MONEY)


def by_item(markets: Iterable[Market]) -> Section:
    """Each item in the whole province, the most concentrated first."""
    found = _most_concentrated(markets)
    rows = [
        Row(
            [one.item.name if one.item else "", *_values(one), one.median],
            code=one.item_id or "",
            href=reverse("item_page", args=[one.item_id]),
        )
        for one in found
    ]
    made = _section(
        "items",
        _("各事项（全省）"),
        [Column("item", gettext_lazy("事项"), Unit.TEXT), *_COLUMNS, _MEDIAN],
        rows,
    )
    return replace(made, chart=_spread([one.hhi for one in found]), folded=False)


def by_city(markets: Iterable[Market]) -> Section:
    """Each city with all items."""
    rows = [
        Row(
            [one.region.name if one.region else "", *_values(one)],
            code=one.region_id or "",
            href=f"{reverse('request_list')}?region={one.region_id}",
        )
        for one in _most_concentrated(markets)
    ]
    return _section(
        "regions", _("各市州（全部事项）"), [Column("region", gettext_lazy("市州"), Unit.TEXT), *_COLUMNS], rows
    )


def by_both(markets: Iterable[Market]) -> Section:
    """Each item in each city, in the order given."""
    rows = [
        Row(
            [
                f"{one.item.name} · {one.region.name}" if one.item and one.region else "",
                *_values(one),
                one.median,
            ],
            code=f"{one.item_id}/{one.region_id}",
            href=f"{reverse('request_list')}?item={one.item_id}&region={one.region_id}",
        )
        for one in markets
    ]
    return _section(
        "both",
        _("各事项 × 市州"),
        [Column("market", gettext_lazy("事项与市州"), Unit.TEXT), *_COLUMNS, _MEDIAN],
        rows,
    )


def _section(key: str, title: str, headings: list[Column], rows: list[Row]) -> Section:
    return Section(
        key,
        title,
        _("近 12 个月中选金额在机构之间如何分布；一家独占时 CR4 为 100%、HHI 为 10000。"),
        _("CR4 = 前四家中选金额之和 ÷ 全部中选金额；HHI = 各家占比（%）的平方和。"),
        headings,
        rows,
    )


def _spread(indices: Sequence[Decimal]) -> Chart:
    """How many markets there are in each band of HHI; the lines of the levels are among its borders."""
    borders = [1000, 1500, 2500, 5000, 10001]
    names = ["<1000", "1000+", "1500+", "2500+", "5000+"]
    counts = [
        sum(low <= index < high for index in indices) for low, high in zip([0, *borders[:-1]], borders, strict=True)
    ]
    return columns(_("各 HHI 区间的事项数"), names, counts)


def _most_concentrated(markets: Iterable[Market]) -> list[Market]:
    return sorted(markets, key=lambda one: (-one.hhi, -one.amount))


def _values(one: Market) -> list[Value]:
    return [
        one.awards,
        one.agencies,
        one.amount,
        share(one.largest, one.amount),
        one.cr4,
        one.hhi,
        level_label(level(one.hhi, one.agencies)),
    ]
