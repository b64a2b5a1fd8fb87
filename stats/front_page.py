"""The front page's figures and maps, from the same sums as the statistics page: one definition of each."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from stats.queries.report import By, Chosen, Report, report
from stats.rules.figures import share
from stats.rules.periods import Span, period
from stats.sections.names import Names, read_names
from stats.sections.standing import by_province, from_outside
from stats.tiles import TileMap, tile_map


@dataclass(frozen=True)
class Headline:
    """One of the four figures, with what it counts and where it is explained."""

    key: str
    label: str
    value: str
    unit: str
    note: str


@dataclass(frozen=True)
class Overview:
    """Figures and maps of the last twelve months; `at` is when they were last brought up to date, None before the first."""

    headlines: list[Headline]
    requests: TileMap
    agencies: TileMap
    at: datetime | None


def overview(now: datetime) -> Overview:
    """Five queries."""
    found, names = report(Chosen(period(Span.YEAR, now))), read_names()
    agencies = found.day.stock["agencies"] if found.day else {}
    return Overview(headlines(found, agencies), _requests(found, names), _agencies(agencies, names), found.at)


def headlines(found: Report, agencies: dict[str, int]) -> list[Headline]:
    """公告到中选中位天数 · 平均节约率 · 平均竞争家数 · 外省机构占比 (UX §2.1)."""
    total = found.total
    outside, everyone = from_outside(agencies)
    of_awards = total.outside if total.outside is not None else "—"
    counted = _("近 12 个月 %(count)s 次中选") % {"count": f"{total.awards.count:,}"}
    home = _("按注册地；其中选占 %(share)s%%") % {"share": of_awards}
    return [
        _headline("wait", _("公告到中选中位天数"), total.median, _("个工作日"), counted),
        _headline("saving", _("平均节约率"), total.saving, "%", _("中选价较最高限价")),
        _headline("rivals", _("平均竞争家数"), total.rivals, _("家"), _("每个中选项目参加的机构")),
        _headline("provinces", _("外省机构占比"), share(outside, everyone), "%", home),
    ]


def _headline(key: str, label: str, value: Decimal | None, unit: str, note: str) -> Headline:
    """A dash, and no unit, where there is nothing to speak of."""
    return Headline(key, label, "—" if value is None else str(value), "" if value is None else unit, note)


def _requests(found: Report, names: Names) -> TileMap:
    published = {code: one.published for code, one in found.lines[By.REGION].items()}
    there = reverse("request_list")
    return tile_map("gansu", published, names.region, lambda code: f"{there}?region={code}")


def _agencies(agencies: dict[str, int], names: Names) -> TileMap:
    there = reverse("agency_list")
    return tile_map("china", by_province(agencies), names.region, lambda code: f"{there}?region={code}0000")
