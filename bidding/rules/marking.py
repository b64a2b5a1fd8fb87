"""Experts judged from plain values (R3): who may be drawn, who may mark what until when, and what a mark is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.clock import beijing_minute
from core.errors import Refused
from core.text import clean
from journal.awards.experts import MOST_POINTS

MOST_WORDS = 1000


class ExpertsMissing(Refused):
    """A 综合比选 needs so many experts who know the item and are not tied to the buyer."""

    code = "E_EXPERTS_MISSING"
    basis = ("R3",)
    field = "method"
    message = _("可抽取的评审专家不足：至少需要 %(needed)s 名，目前有 %(there)s 名")
    fix = _("请平台运营方补充专家，或改用其他选取方式")


class NotAnExpertHere(Refused):
    """Only the experts drawn mark plans, and only while they sit."""

    code = "E_NOT_AN_EXPERT_HERE"
    basis = ("R3",)
    message = _("您不是该需求的评审专家，或已被替换")


class MarksGiven(Refused):
    """An expert marks once; what is sealed is not exchanged."""

    code = "E_MARKS_GIVEN"
    basis = ("R3",)
    message = _("您已于 %(at)s 提交评分，评分已封存，不能更改")


class MarksLate(Refused):
    """By the database's clock the time is over: the next of the drawn order follows, whether or not a clock has done it."""

    code = "E_MARKS_LATE"
    basis = ("R3",)
    message = _("评分已于 %(due_at)s 截止，由抽取顺序的下一位接替")


class MarksIncomplete(Refused):
    """Every plan gets points from 0 to 100, and a reason."""

    code = "E_MARKS_INCOMPLETE"
    basis = ("R3",)
    message = _("“%(label)s”的评分不完整：须为 0 至 100 的整数，并写明理由（不超过 %(most)s 字）")
    fix = _("补齐每份方案的分数和理由")


class MarksStrange(Refused):
    """Marks are for exactly the plans that were closed."""

    code = "E_MARKS_STRANGE"
    basis = ("R3",)
    message = _("提交的评分与待评方案不符")
    fix = _("刷新页面后重新填写")


@dataclass(frozen=True)
class Candidate:
    """An expert of the pool as one request meets it, with the organisations that employ them."""

    code: str
    employers: frozenset[int]


def exclusions(
    pool: Iterable[Candidate], *, buyer: int, payer: int, entrants: Iterable[int], competitors: Iterable[int]
) -> dict[str, str]:
    """Who may not be drawn, by number, and why; numbers are organisations.

    `competitors` are all who offer the item: an expert of theirs may not judge a rival, and that an entrant's own are left out
    tells nobody who the entrants are (I5).
    """
    rivals = {*entrants, *competitors}
    found = {}
    for one in pool:
        if buyer in one.employers:
            found[one.code] = "受聘于采购人"
        elif payer in one.employers:
            found[one.code] = "受聘于付款单位"
        elif one.employers & rivals:
            found[one.code] = "受聘于提供该事项服务的机构"
    return found


@dataclass(frozen=True)
class Sitting:
    """An expert's seat: until when, and what has become of it."""

    due_at: datetime
    given_at: datetime | None = None
    ended: bool = False


def judge_sitting(sitting: Sitting | None, now: datetime, *, scoring: bool) -> None:
    """Raise Refused unless this expert may give marks, or declare a conflict, at `now`."""
    if sitting is None or sitting.ended:
        raise NotAnExpertHere()
    if sitting.given_at is not None:
        raise MarksGiven(at=beijing_minute(sitting.given_at))
    if now >= sitting.due_at or not scoring:
        raise MarksLate(due_at=beijing_minute(sitting.due_at))


def read_marks(sent: Mapping[str, Mapping[str, Any]], labels: Iterable[str]) -> list[dict[str, Any]]:
    """`{"label", "points", "reason"}` in the order of labels, from `{label: {"points", "reason"}}` as text.

    Raises MarksStrange or MarksIncomplete.
    """
    wanted = sorted(labels)
    if set(sent) != set(wanted):
        raise MarksStrange()
    return [_mark(label, sent[label]) for label in wanted]


def _mark(label: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    points, reason = str(sent.get("points", "")).strip(), clean(str(sent.get("reason", "")))
    fine = points.isascii() and points.isdecimal() and len(points) < 4 and int(points) <= MOST_POINTS
    if not fine or not reason or len(reason) > MOST_WORDS:
        raise MarksIncomplete(label=label, most=MOST_WORDS)
    return {"label": label, "points": int(points), "reason": reason}


def far_off(points: int, of_all: Iterable[int], beyond: int) -> bool:
    """Is this mark more than `beyond` points from the median of all for the same plan? Then its reason matters most."""
    middle: Fraction = median(Fraction(one) for one in of_all)
    return abs(points - middle) > beyond
