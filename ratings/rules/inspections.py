"""Random inspections judged from plain values (P21.1, R2, R4): how many, who may inspect whom, what a report needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Refused


class PlanStep(Refused):
    """The plan is past this step, or not yet there."""

    code = "E_PLAN_STEP"
    basis = ("R4", "P21.1")
    message = _("该抽查目前为“%(status)s”，不能进行此操作")
    fix = _("刷新页面查看最新进展")


class PoolTooSmall(Refused):
    """Somebody has to be left to draw from."""

    code = "E_POOL_TOO_SMALL"
    basis = ("P21.1",)
    field = "agencies_wanted"
    message = _("范围内可抽取的机构共 %(there)s 家，不能抽取 %(wanted)s 家")
    fix = _("扩大范围，或减少抽取家数")


class TooFewInspectors(Refused):
    """Two inspectors go together at least, none of them with an interest."""

    code = "E_TOO_FEW_INSPECTORS"
    basis = ("P21.1",)
    field = "inspectors_wanted"
    message = _("检查人员名录中共有 %(there)s 人，每家需要 %(wanted)s 人")
    fix = _("请先补充检查人员名录")


class NotTheInspector(Refused):
    """Who was drawn inspects, nobody else."""

    code = "E_NOT_THE_INSPECTOR"
    basis = ("P21.1", "I9")
    message = _("只有抽中的检查人员可以填报或确认检查结果")


class SameInspector(Refused):
    """Who reported does not confirm."""

    code = "E_SAME_INSPECTOR"
    basis = ("P21.1", "I1")
    message = _("检查结果须由另一名检查人员确认")


class NothingReported(Refused):
    """There is nothing to confirm yet, or it has changed since it was read."""

    code = "E_NOTHING_REPORTED"
    basis = ("P21.1",)
    message = _("检查结果尚未填报，或在您阅读后已修改")
    fix = _("请重新阅读后确认")


class ReportedBefore(Refused):
    """What is public stays."""

    code = "E_INSPECTION_PUBLISHED"
    basis = ("P21.1",)
    message = _("该检查结果已公开，不能更改")


class SheetIncomplete(Refused):
    """Every check has a result, what is not in order is explained, and what was found is told in public."""

    code = "E_SHEET_INCOMPLETE"
    basis = ("P21.1",)
    field = "summary"
    message = _("请逐项填写检查情况，对不符合的事项说明情况，并写明公开的检查结果")


class CertificateTaken(Refused):
    """A certificate belongs to one inspector, and an inspector has one."""

    code = "E_CERTIFICATE_TAKEN"
    basis = ("P21.1",)
    field = "certificate"
    message = _("该人员或执法证号已在检查人员名录中")


@dataclass(frozen=True)
class Tie:
    """What keeps an inspector, by certificate, from an agency, by USCC."""

    inspector: str
    agency: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    """What was found: a line for each check, and the sum of it for the public."""

    lines: Sequence[Mapping[str, Any]]
    finding: str
    summary: str


def previous_month(day: date) -> date:
    """The first day of the month before the day's."""
    return date(day.year - (day.month == 1), 12 if day.month == 1 else day.month - 1, 1)


def next_month(month: date) -> date:
    """The first day of the month after it."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def share_of(there: int, percent: int) -> int:
    """So many per cent of the pool, rounded up: one at least where there is anybody."""
    return -(-there * percent // 100)


def judge_plan(pool: int, wanted: int, inspectors: int, each: int) -> None:
    """Raise PoolTooSmall or TooFewInspectors unless so many can be drawn."""
    if not 1 <= wanted <= pool:
        raise PoolTooSmall(there=pool, wanted=wanted)
    if not 2 <= each <= inspectors:
        raise TooFewInspectors(there=inspectors, wanted=each)


def without_inspectors(pool: Iterable[str], inspectors: Collection[str], ties: Iterable[Tie], each: int) -> set[str]:
    """The agencies that too few inspectors may inspect; they are left out of the draw on record."""
    tied: dict[str, set[str]] = {}
    for tie in ties:
        tied.setdefault(tie.agency, set()).add(tie.inspector)
    return {uscc for uscc in pool if len(set(inspectors) - tied.get(uscc, set())) < each}


def assign(agencies: Sequence[str], inspectors: Sequence[str], ties: Iterable[Tie], each: int) -> dict[str, list[str]]:
    """Inspectors for each drawn agency: the next free ones of the drawn order, who then go to its end.

    Anybody can recompute it from the two published draws and the sealed ties.
    """
    tied = {(tie.agency, tie.inspector) for tie in ties}
    queue, found = list(inspectors), {}
    for uscc in agencies:
        chosen = [one for one in queue if (uscc, one) not in tied][:each]
        queue = [one for one in queue if one not in chosen] + chosen
        found[uscc] = chosen
    return found


def judge_sheet(sheet: Sheet, checks: Sequence[str], findings: Collection[str]) -> None:
    """Raise SheetIncomplete unless every check is answered, whatever is not in order explained, and the sum told."""
    answered = [line["check"] for line in sheet.lines] == list(checks)
    explained = all(line["ok"] is True or (line["ok"] is False and line["note"]) for line in sheet.lines)
    if not (answered and explained and sheet.finding in findings and sheet.summary):
        raise SheetIncomplete()


def judge_confirming(user: int, reported_by: int | None, read: str, now_there: str) -> None:
    """Raise NothingReported or SameInspector unless this inspector may confirm what was read."""
    if reported_by is None or read != now_there:
        raise NothingReported()
    if user == reported_by:
        raise SameInspector()
