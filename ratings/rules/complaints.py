"""How complaints are judged: who may decide, when, and what may be made public. Pure.

Nobody decides who filed it, belongs to its subject or to who complained, or acted on another side of it (I9).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.text import clean

_SHORTEST_NAME = 2


class ComplaintStep(Refused):
    """A complaint goes from filed to accepted to its outcome, each step once."""

    code = "E_COMPLAINT_STEP"
    basis = ("P10.1",)
    message = _("该投诉目前为“%(status)s”，不能进行此操作；可能他人已先办理")
    fix = _("刷新页面查看最新进展")


class ComplaintEmpty(Refused):
    """What happened is said in words."""

    code = "E_COMPLAINT_EMPTY"
    basis = ("P10.1",)
    field = "text"
    message = _("请写明事实经过")


class TooMuchEvidence(Refused):
    """Up to ten files."""

    code = "E_COMPLAINT_EVIDENCE"
    basis = ("P10.1",)
    field = "files"
    message = _("证据材料最多 %(most)s 个，现有 %(count)s 个")
    fix = _("合并为一份 PDF 后重新提交")


class ConflictOfInterest(Refused):
    """Nobody handles a complaint that he filed, whose subject or complainer he belongs to, or that he acted in before (I9)."""

    code = "E_COMPLAINT_CONFLICT"
    basis = ("I9", "P20.9")
    message = _("您%(why)s，不得办理")
    fix = _("请由其他工作人员办理")


class NotTheHandler(Refused):
    """Who complained, and the evidence, are for the officer who handles it."""

    code = "E_COMPLAINT_CONFIDENTIAL"
    basis = ("P10.1",)
    message = _("投诉人身份和证据只有承办人可以查看")
    fix = _("先接办此件，查看将被记录")


class NotHeard(Refused):
    """Nothing is upheld before its subject could answer."""

    code = "E_COMPLAINT_NOT_HEARD"
    basis = ("P20.9",)
    message = _("认定成立前，须先将事项告知被投诉方并听取说明")
    fix = _("发出说明通知；对方已说明或说明期限届满后可以认定")


class StatementOver(Refused):
    """The subject answers once, within its time."""

    code = "E_COMPLAINT_STATEMENT_OVER"
    basis = ("P20.9",)
    message = _("说明期限已届满，或已提交过说明")


class NamesComplainer(Refused):
    """Whatever leaves the officers' desk does not say who complained."""

    code = "E_COMPLAINT_NAMES"
    basis = ("P10.1",)
    message = _("“%(words)s”会暴露投诉人，不能写入将要送达或公开的文字")
    fix = _("删去该处，或改用“投诉人”“有关单位”等称呼")


class ExtendedAlready(Refused):
    """More time is taken once, before the date."""

    code = "E_COMPLAINT_EXTENDED"
    basis = ("R8",)
    message = _("调查期限只能在期满前延长一次")


class SummaryMissing(Refused):
    """An upheld complaint says in public what was found."""

    code = "E_COMPLAINT_SUMMARY"
    basis = ("P10.1",)
    field = "summary"
    message = _("认定成立须写明公开摘要")


class ActUnknown(Refused):
    """An agency's ledger takes acts of the rule set only."""

    code = "E_COMPLAINT_ACT"
    basis = ("R7",)
    field = "act"
    message = _("没有这一类失信行为：%(code)s")


@dataclass(frozen=True)
class Sides:
    """Who stands where: users and organisations by their ids."""

    filed_by: int
    stated_by: int | None = None
    # Whoever decided before on what is complained about, such as a delivery in a silent buyer's stead.
    decided_before: int | None = None
    subject: Collection[int] = ()
    complainer: Collection[int] = ()


def conflict(user: int, organisations: Collection[int], sides: Sides) -> str | Promise | None:
    """Why this officer must not handle the complaint; None if he may. It never tells on whose side a colleague stands."""
    if user == sides.filed_by:
        return _("是投诉人")
    if user == sides.stated_by:
        return _("曾代表被投诉方作出说明")
    if user == sides.decided_before:
        return _("曾就所投诉的事项作出过决定")
    if set(organisations) & {*sides.subject, *sides.complainer}:
        return _("与本件当事人有利害关系")
    return None


def judge_conflict(user: int, organisations: Collection[int], sides: Sides) -> None:
    """Raise ConflictOfInterest unless this officer may handle the complaint."""
    if why := conflict(user, organisations, sides):
        raise ConflictOfInterest(why=str(why))


def judge_status(status: Any, *wanted: Any) -> None:
    """Raise ComplaintStep unless the complaint is where the step begins."""
    if status not in wanted:
        raise ComplaintStep(status=str(status.label))


def judge_filing(text: str, files: int, *, most: int) -> None:
    """Raise ComplaintEmpty or TooMuchEvidence."""
    if not clean(text):
        raise ComplaintEmpty()
    if files > most:
        raise TooMuchEvidence(most=most, count=files)


def judge_heard(put_at: datetime | None, stated_at: datetime | None, until: datetime | None, now: datetime) -> None:
    """Raise NotHeard unless the subject has answered, or its time to answer is over."""
    if put_at is None or (stated_at is None and (until is None or now < until)):
        raise NotHeard()


def judge_statement(stated_at: datetime | None, until: datetime | None, now: datetime) -> None:
    """Raise StatementOver unless the subject may answer now."""
    if stated_at is not None or until is None or now >= until:
        raise StatementOver()


def judge_extension(due_at: datetime, now: datetime, *, extended: bool) -> None:
    """Raise ExtendedAlready unless the time may be extended."""
    if extended or now >= due_at:
        raise ExtendedAlready()


def judge_words(texts: Iterable[str], secrets: Iterable[str]) -> None:
    """Raise NamesComplainer if one of the texts holds a name, address or number of who complained."""
    squeezed = ["".join(text.split()).casefold() for text in texts]
    for secret in secrets:
        wanted = "".join(secret.split()).casefold()
        if len(wanted) >= _SHORTEST_NAME and any(wanted in text for text in squeezed):
            raise NamesComplainer(words=secret)
