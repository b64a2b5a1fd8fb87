"""A comparison in the reader's words: rows of cells, with what differs said in text. Live and recorded ones read the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Grade, Standing
from agencies.rules import Holding
from core.exports import Column
from core.money import parse, shown
from ratings.models import Measure
from ratings.queries.comparing import share_of
from ratings.rules.comparison import BANDS, Better, Marks, marks

Agency = dict[str, Any]
_HOLDINGS: dict[str, str | Promise] = {
    Holding.HELD: gettext_lazy("具备"),
    Holding.NOT_YET: gettext_lazy("尚未生效"),
    Holding.EXPIRED: gettext_lazy("已过期"),
    Holding.REJECTED: gettext_lazy("未通过核验"),
    Holding.MISSING: gettext_lazy("不具备"),
}


@dataclass(frozen=True)
class Cell:
    """What is said of one agency in one row, and what stands out about it; empty if nothing does."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Line:
    """One row; `differ` says whether the agencies differ in it."""

    key: str
    label: str
    cells: list[Cell]
    differ: bool


def lines_of(document: dict[str, Any]) -> list[Line]:
    """The rows of a "comparison/1"."""
    agencies: list[Agency] = document["agencies"]
    found = [
        _said("region", _("所在地区"), agencies, lambda one: _region(one, document["place"])),
        _said("standing", _("状态"), agencies, lambda one: str(Standing(one["standing"]).label)),
    ]
    if document["item"]:
        found += [
            _said("offers", _("提供该事项服务"), agencies, lambda one: _("是") if one["offers"] else _("否")),
            _said("qualifications", _("该事项法定资质"), agencies, _qualifications),
        ]
    return [
        *found,
        _counted("services", _("服务事项数"), agencies, lambda one: one["services"]),
        _said("grade", _("信用等级"), agencies, lambda one: str(Grade(one["grade"]).label)),
        _counted("k", _("信用评分 K"), agencies, lambda one: _number(one["k"]), Better.HIGH),
        _counted("c", _("守信分 C"), agencies, lambda one: _number(one["c"]), Better.HIGH),
        _counted("q", _("质量分 Q"), agencies, lambda one: _number(one["q"]), Better.HIGH),
        _said("ratings", _("评价分布"), agencies, lambda one: _spread(one["ratings"])),
        _counted("awards", _("本平台中选次数"), agencies, lambda one: one["awards"]["count"]),
        _counted("median", _("中选价中位数"), agencies, lambda one: _fen(one["awards"]["median"]), Better.LOW, _money),
        _counted(
            "share",
            _("中选价占限价（中位数）"),
            agencies,
            lambda one: _number(one["awards"]["median_share"]),
            Better.LOW,
            lambda value: f"{value} %",
        ),
        _punctuality(agencies),
        _counted("running", _("在履合同"), agencies, lambda one: one["running"]),
        _counted("acts", _("计分中的失信行为"), agencies, lambda one: one["acts"], Better.LOW),
        _said("measures", _("警示、暂停、清退"), agencies, lambda one: _measures(one["measures"])),
    ]


def columns_of(document: dict[str, Any]) -> list[Column[Line]]:
    """The same as a table to take away: a column an agency."""

    def cell(place: int) -> Callable[[Line], str]:
        return lambda line: line.cells[place].text

    names = [Column[Line]("row", _("项目"), lambda line: line.label)]
    names += [
        Column[Line](one["uscc"], f"{one['name']}（{one['uscc']}）", cell(place))
        for place, one in enumerate(document["agencies"])
    ]
    return [*names, Column[Line]("differ", _("是否不同"), lambda line: line.differ)]


def _said(key: str, label: str, agencies: Sequence[Agency], say: Callable[[Agency], str]) -> Line:
    texts = [say(one) for one in agencies]
    return Line(key, label, [Cell(text) for text in texts], len(set(texts)) > 1)


def _counted(
    key: str,
    label: str,
    agencies: Sequence[Agency],
    of: Callable[[Agency], Decimal | int | None],
    better: Better | None = None,
    say: Callable[[Any], str] = str,
) -> Line:
    values = [of(one) for one in agencies]
    found = marks(values, better or Better.HIGH)
    return _line(key, label, [_("暂无") if value is None else say(value) for value in values], found, better)


def _punctuality(agencies: Sequence[Agency]) -> Line:
    """Shares are compared; how many they are of, is said."""
    texts = []
    for one in agencies:
        share, kept = share_of(one["punctuality"]), one["punctuality"]
        said = _("%(share)s %%（%(kept)s / %(due)s 期）") % {
            "share": share,
            "kept": kept["on_time"],
            "due": kept["due"],
        }
        texts.append(_("暂无") if share is None else said)
    found = marks([share_of(one["punctuality"]) for one in agencies], Better.HIGH)
    return _line("punctuality", _("按期交付"), texts, found, Better.HIGH)


def _line(key: str, label: str, texts: Sequence[str], found: Marks, better: Better | None) -> Line:
    word = {Better.HIGH: _("最高"), Better.LOW: _("最低"), None: ""}[better]
    cells = [Cell(text, word if place in found.best else "") for place, text in enumerate(texts)]
    return Line(key, label, cells, found.differ or len(set(texts)) > 1)


def _region(one: Agency, place: dict[str, str] | None) -> str:
    """The region, and how it lies to the place of work. It is information: no rule prefers anybody for it (I4)."""
    own = one["region"]
    if place is None:
        return str(own["name"])
    if own["code"] == place["code"]:
        near = _("与项目同一地区")
    elif own["code"][:2] == place["code"][:2]:
        near = _("与项目同省")
    else:
        near = _("外省")
    return _("%(region)s（%(near)s）") % {"region": own["name"], "near": near}


def _qualifications(one: Agency) -> str:
    kinds = one["qualifications"]
    if not kinds:
        return _("无资质要求")
    return _("；").join(f"{kind['name']} {_HOLDINGS[kind['holding']]}" for kind in kinds)


def _spread(counts: Sequence[int]) -> str:
    """How many ratings lie in each fifth of 0 to 1, the best first; empty fifths are left out."""
    said = [
        _("%(low)s–%(high)s：%(count)s 份") % {"low": (BANDS - 1 - n) * 20, "high": (BANDS - n) * 20, "count": count}
        for n, count in enumerate(counts)
        if count
    ]
    return _("；").join(said) or _("暂无评价")


def _measures(measures: dict[str, Any]) -> str:
    if not measures["count"]:
        return _("无")
    now = [f"{Measure(one['measure']).label} {one['number']}" for one in measures["running"]]
    said = _("共 %(count)s 件公示") % {"count": measures["count"]}
    return _("；").join([said, *now])


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _fen(text: str | None) -> int | None:
    return None if text is None else parse(text)


def _money(fen: int) -> str:
    return shown(fen)
