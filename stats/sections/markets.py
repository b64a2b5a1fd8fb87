"""The figures by reason, item, city and method."""

from collections.abc import Callable, Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.models import Method
from marketplace.timeline_lots import why_failed
from stats.queries.report import By, Report
from stats.rules.figures import Figures, share
from stats.sections.names import Names
from stats.tables import Column, Row, Section, Unit, Value

_COLUMNS = (
    Column("published", gettext_lazy("公告")),
    Column("awards", gettext_lazy("中选"), bars=True),
    Column("failed", gettext_lazy("流标")),
    Column("median_days", gettext_lazy("中位天数"), Unit.NUMBER),
    Column("saving", gettext_lazy("节约率"), Unit.PERCENT),
    Column("rivals", gettext_lazy("竞争家数"), Unit.NUMBER),
    Column("outside", gettext_lazy("外省占比"), Unit.PERCENT),
    Column("amount", gettext_lazy("中选金额"), Unit.MONEY),
)


def failures(found: Report) -> Section:
    """Why selections ended without an award."""
    total = sum(found.reasons.values())
    ordered = sorted(found.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    columns = [
        Column("reason", gettext_lazy("流标原因"), Unit.TEXT),
        Column("count", gettext_lazy("次数"), bars=True),
        Column("share", gettext_lazy("占比"), Unit.PERCENT),
    ]
    return Section(
        "failures",
        _("流标原因"),
        _("选取结束而没有产生中选人的，按案卷记载的原因统计。"),
        _("占比 = 该原因的流标次数 ÷ 全部流标次数。"),
        columns,
        [Row([why_failed(reason), count, share(count, total)], code=reason) for reason, count in ordered],
    )


def items(found: Report, names: Names) -> Section:
    """One line an item."""
    columns = [Column("item", gettext_lazy("事项"), Unit.TEXT), *_COLUMNS]
    rows = _rows(found.lines[By.ITEM], names.item, lambda code: reverse("item_page", args=[code]))
    return Section(
        "items",
        _("按事项"),
        _("同一口径，按服务事项分列，中选多的在前。"),
        _("各列定义与上文相同。"),
        columns,
        rows,
    )


def regions(found: Report, names: Names) -> Section:
    """One line a city."""
    columns = [Column("region", gettext_lazy("项目所在地"), Unit.TEXT), *_COLUMNS]
    rows = _rows(found.lines[By.REGION], names.region, lambda code: f"{reverse('request_list')}?region={code}")
    return Section(
        "regions",
        _("按市州"),
        _("同一口径，按项目所在市州分列，中选多的在前。"),
        _("各列定义与上文相同。"),
        columns,
        rows,
    )


def methods(found: Report) -> Section:
    """One line a selection method."""
    columns = [Column("method", gettext_lazy("选取方式"), Unit.TEXT), *_COLUMNS]
    labels = dict(Method.choices)
    return Section(
        "methods",
        _("按选取方式"),
        _("同一口径，按选取方式分列；直接选取没有竞争，不计节约率和竞争家数。"),
        _("各列定义与上文相同。"),
        columns,
        _rows(found.lines[By.METHOD], lambda code: str(labels.get(code, code)), lambda _code: ""),
    )


def values(one: Figures) -> list[Value]:
    """What `_COLUMNS` show."""
    return [
        one.published,
        one.awards.count,
        one.failed,
        one.median,
        one.saving,
        one.rivals,
        one.outside,
        one.awards.amount,
    ]


def _rows(lines: Mapping[str, Figures], name: Callable[[str], str], href: Callable[[str], str]) -> list[Row]:
    ordered: Iterable[tuple[str, Figures]] = sorted(lines.items(), key=lambda pair: (-pair[1].awards.count, pair[0]))
    return [Row([name(code), *values(one)], code=code, href=href(code)) for code, one in ordered]
