"""The figures that are told month by month (P14.2)."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stats import charts
from stats.queries.report import By, Report
from stats.rules.figures import Figures
from stats.tables import Column, Row, Section, Unit, Value

_MONTH = Column("month", gettext_lazy("月份"), Unit.TEXT)
_AWARDS = Column("awards", gettext_lazy("中选"))
_ALL = gettext_lazy("合计")


def wait(found: Report) -> Section:
    """Working days from notice to award."""
    months = _months(found)
    chart = charts.trend(
        _("各月公告到中选的工作日"),
        _labels(months),
        [one.median for _m, one in months],
        [one.first_quartile for _m, one in months],
        [one.third_quartile for _m, one in months],
        [_("中位数"), _("四分位区间")],
    )
    columns = [
        _MONTH,
        _AWARDS,
        Column("first_quartile", gettext_lazy("下四分位（天）"), Unit.NUMBER),
        Column("median", gettext_lazy("中位数（天）"), Unit.NUMBER),
        Column("third_quartile", gettext_lazy("上四分位（天）"), Unit.NUMBER),
    ]
    return Section(
        "wait",
        _("公告到中选的天数"),
        _("从公告发布之日到中选公告之日，按工作日计；当日中选计 0 天。中位数表示一半项目不超过这个天数。"),
        _("国务院公布的工作日历中，(公告日, 中选日] 内的工作日数；取中位数和四分位数。按中选月份归集。"),
        columns,
        _rows(
            found,
            months,
            lambda one: [one.awards.count, one.first_quartile, one.median, one.third_quartile],
        ),
        chart,
    )


def saving(found: Report) -> Section:
    """How far prices stay below ceilings."""
    months = _months(found)
    columns = [
        _MONTH,
        Column("competed", gettext_lazy("竞争选取的中选")),
        Column("saving", gettext_lazy("平均节约率"), Unit.PERCENT),
        Column("ceilings", gettext_lazy("最高限价合计"), Unit.MONEY),
        Column("paid", gettext_lazy("中选价合计"), Unit.MONEY),
        Column("saved", gettext_lazy("节约金额"), Unit.MONEY),
    ]
    return Section(
        "saving",
        _("节约率"),
        _("中选价比最高限价低多少；直接选取没有竞争，不计入。限价由采购人自定，节约率高也可能是限价定得高。"),
        _("节约率 = (最高限价 − 中选价) ÷ 最高限价，逐项计算后取平均；节约金额 = 最高限价合计 − 中选价合计。"),
        columns,
        _rows(
            found,
            months,
            lambda one: [one.awards.competed, one.saving, one.awards.ceiling, one.awards.paid, one.saved_amount],
        ),
        charts.columns(_("各月平均节约率（%）"), _labels(months), [one.saving for _m, one in months], "%"),
    )


def rivals(found: Report) -> Section:
    """Agencies per award."""
    months = _months(found)
    columns = [
        _MONTH,
        Column("competed", gettext_lazy("竞争选取的中选")),
        Column("entrants", gettext_lazy("参加机构（家次）")),
        Column("rivals", gettext_lazy("平均竞争家数"), Unit.NUMBER),
    ]
    return Section(
        "rivals",
        _("平均竞争家数"),
        _("每个中选项目平均有几家机构参加；退出报名或被停止参与的不算，直接选取不计入。"),
        _("平均竞争家数 = 参加机构家次 ÷ 竞争选取的中选项目数。"),
        columns,
        _rows(found, months, lambda one: [one.awards.competed, one.awards.rivals, one.rivals]),
        charts.columns(_("各月平均竞争家数"), _labels(months), [one.rivals for _m, one in months]),
    )


def outside(found: Report) -> Section:
    """Awards won from other provinces."""
    months = _months(found)
    columns = [
        _MONTH,
        _AWARDS,
        Column("outside", gettext_lazy("外省机构中选")),
        Column("share", gettext_lazy("占比"), Unit.PERCENT),
        Column("share_by_amount", gettext_lazy("按金额占比"), Unit.PERCENT),
    ]
    return Section(
        "outside",
        _("外省机构中选占比"),
        _("中选机构注册地不在甘肃省的比例；平台不限地域（P20.3），这个数字说明市场是否真正开放。"),
        _("占比 = 外省机构中选数 ÷ 全部中选数；按金额占比 = 外省机构中选金额 ÷ 全部中选金额。"),
        columns,
        _rows(
            found,
            months,
            lambda one: [one.awards.count, one.awards.outside, one.outside, one.outside_by_amount],
        ),
        charts.columns(_("各月外省机构中选占比（%）"), _labels(months), [one.outside for _m, one in months], "%"),
    )


def outcomes(found: Report) -> Section:
    """What was published, and how selections ended."""
    months = _months(found)
    chart = charts.stacked(
        _("各月选取结果"),
        _labels(months),
        [
            ("main", _("中选"), [one.awards.count for _m, one in months]),
            ("bad", _("流标"), [one.failed for _m, one in months]),
            ("quiet", _("已取消"), [one.cancelled for _m, one in months]),
        ],
    )
    columns = [
        _MONTH,
        Column("published", gettext_lazy("发布公告")),
        _AWARDS,
        Column("failed", gettext_lazy("流标")),
        Column("cancelled", gettext_lazy("已取消")),
        Column("failing", gettext_lazy("流标率"), Unit.PERCENT),
    ]
    return Section(
        "outcomes",
        _("公告与结果"),
        _("各月发布的公告，以及当月结束的选取：中选、流标或由采购人取消。"),
        _("流标率 = 流标 ÷ (中选 + 流标)。公告按发布月份归集，其余按结束月份归集，因此各列不必相加相等。"),
        columns,
        _rows(
            found,
            months,
            lambda one: [one.published, one.awards.count, one.failed, one.cancelled, one.failing],
        ),
        chart,
    )


def _months(found: Report) -> list[tuple[date, Figures]]:
    """Every month of what was chosen, from the first in which anything happened."""
    lines = found.lines[By.MONTH]
    months = found.chosen.period.months()
    first = min(lines, default=months[-1].isoformat())
    return [(m, lines.get(m.isoformat(), Figures())) for m in months if m.isoformat() >= first]


def _labels(months: list[tuple[date, Figures]]) -> list[str]:
    return [f"{month:%y-%m}" for month, _one in months]


def _rows(found: Report, months: list[tuple[date, Figures]], values: Callable[[Figures], list[Value]]) -> list[Row]:
    """The newest month first, and all of them at the end."""
    rows = [Row([f"{month:%Y-%m}", *values(one)], code=f"{month:%Y-%m}") for month, one in reversed(months)]
    return [*rows, Row([str(_ALL), *values(found.total)], code="total")]
