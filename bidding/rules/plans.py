"""Unnamed plans judged from plain values (R3): until when they are taken, and what may not stand in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.clock import beijing_minute
from core.errors import Refused
from core.legible import DOCX, PDF, Hidden, TooMuch, squeezed, words

# Shorter names are parts of ordinary words.
_SHORTEST = 3
_ENDINGS = ("股份有限公司", "有限责任公司", "有限公司", "集团", "公司")


class TakesNoPlans(Refused):
    """Only a 综合比选 has plans."""

    code = "E_NO_PLANS"
    basis = ("R3",)
    message = _("该需求的选取方式不收方案")


class PlansClosed(Refused):
    """By the database's clock the deadline has passed: no plan is sent, replaced or withdrawn any more."""

    code = "E_PLANS_CLOSED"
    basis = ("R3",)
    message = _("方案已于 %(closed_at)s 截止，不能再提交、替换或撤回")


class NoPlan(Refused):
    """There is no plan of this agency in force."""

    code = "E_NO_PLAN"
    basis = ("R3",)
    message = _("贵机构在该需求中没有提交方案")


class PlanKind(Refused):
    """Only what can be searched for names is taken."""

    code = "E_PLAN_KIND"
    basis = ("R3",)
    field = "plan"
    message = _("方案只接受 PDF 或 DOCX：其他格式无法检查其中是否出现机构名称")
    fix = _("另存为 PDF 后重新上传")


class PlanUnreadable(Refused):
    """What cannot be looked into cannot be shown to be unnamed."""

    code = "E_PLAN_UNREADABLE"
    basis = ("R3",)
    field = "plan"
    message = _("无法读取该文件（已加密、已损坏，或展开后过大），不能检查其中是否出现机构名称")
    fix = _("取消加密、压缩图片后另存为 PDF，再重新上传")


class PlanNames(Refused):
    """The experts mark plans without knowing whose they are."""

    code = "E_PLAN_NAMES"
    basis = ("R3", "I5")
    field = "plan"
    message = _("方案的正文或文档属性中出现了“%(words)s”，专家会由此知道是哪家机构")
    fix = _("删去机构名称、代码、人员姓名、电话，并清除文档属性中的作者和单位，再重新上传")


@dataclass(frozen=True)
class PlanCourse:
    """Where a request's plans are: taken at all, until when, and whether the close is on record."""

    takes: bool
    open: bool
    deadline: datetime | None


def judge_plan(course: PlanCourse, now: datetime) -> None:
    """Raise TakesNoPlans or PlansClosed unless a plan may be sent, replaced or withdrawn at `now`."""
    if not course.takes or course.deadline is None:
        raise TakesNoPlans()
    if not course.open or now >= course.deadline:
        raise PlansClosed(closed_at=beijing_minute(course.deadline))


def judge_unnamed(content: bytes, media_type: str, names: Iterable[str]) -> None:
    """Raise PlanKind, PlanUnreadable or PlanNames unless nothing that can be read of the file gives its sender away.

    `names`: what would, such as the agency's name, code, people and telephone.
    """
    if media_type not in (PDF, DOCX):
        raise PlanKind()
    try:
        text = words(content, media_type)
    except (Hidden, TooMuch) as error:
        raise PlanUnreadable() from error
    if found := named_in(text, names):
        raise PlanNames(words="、".join(found))


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of the names stand in the text (`core.legible.words`), as they are written there."""
    return [name for name in telling(names) if squeezed(name) in text]


def telling(names: Iterable[str]) -> list[str]:
    """The names to look for, each once: as they are, and a company's without what every company is called."""
    found: dict[str, None] = {}
    for name in names:
        stem = next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
        for one in (name, stem):
            if len(squeezed(one)) >= _SHORTEST:
                found[one] = None
    return list(found)
