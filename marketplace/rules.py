"""Judgements of the marketplace besides the policy check: refusals, and when an item or request is complete."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind
from core.errors import Refused
from marketplace.models import Method, ServiceItem
from marketplace.policy import Draft, Finding, failures, why_not
from marketplace.rulesets import RuleSet

MOST_ATTACHMENTS = 10
# How many agencies a comparison sets side by side.
LEAST_COMPARED, MOST_COMPARED = 2, 4
# Prices are sealed for trustees: without any nobody could open them (R6). A live auction only has no opening offers then.
SEALED_METHODS = (Method.SEALED, Method.AVERAGE, Method.MERIT)


class ItemIncomplete(Refused):
    """An item needs its four blocks and its legal basis before it is public (P18.3)."""

    code = "E_ITEM_INCOMPLETE"
    basis = ("P18.1", "P18.3")
    message = _("以下内容尚未填写，不能公布该事项：%(missing)s")
    fix = _("补齐时限、流程、条件、收费和设定依据后再公布")


class ItemNotCancelled(Refused):
    """Only the demand for a cancelled item is reported here."""

    code = "E_ITEM_NOT_CANCELLED"
    basis = ("P18.2",)
    message = _("该事项并未取消")


class PolicyRefused(Refused):
    """The policy check found what may not stand in a request."""

    code = "E_POLICY"
    basis = ("P18.1", "P20.3", "P20.6", "P20.7", "P5.1")
    message = _("政策体检未通过，共 %(count)s 处：%(words)s")
    fix = _("按提示修改后再发布")

    @property
    def passing_the_fee_on(self) -> str:
        """The words that would let another than the department pay (P20.7); empty if none do."""
        found = [f for f in self.facts.get("findings", []) if f["code"] in ("P_FEE_PASSED_ON", "P_PAYER")]
        return "；".join(f["words"] or f["code"] for f in found)


class RequestIncomplete(Refused):
    """A draft lacks what every notice must say."""

    code = "E_REQUEST_INCOMPLETE"
    basis = ("P5.1",)
    message = _("还有必填内容未填写：%(missing)s")
    fix = _("补齐后再发布")


class AlreadyPublished(Refused):
    """The draft has been published already; its number is in the facts."""

    code = "E_ALREADY_PUBLISHED"
    basis = ("R3",)
    message = _("该需求已发布，编号 %(number)s")


class SameRequestOpen(Refused):
    """The buyer has the same request open already."""

    code = "E_SAME_REQUEST_OPEN"
    basis = ("P5.1",)
    field = "title"
    message = _("贵单位已有相同的需求在进行中：%(number)s")
    fix = _("打开已有需求，或修改项目名称以示区别")


class ReofferedAlready(Refused):
    """The request has its successor in public already; its number is in the facts."""

    code = "E_REOFFERED_ALREADY"
    basis = ("R3",)
    message = _("该需求已重新发布，编号 %(number)s")


class NotOver(Refused):
    """Only what failed or was withdrawn is offered again."""

    code = "E_NOT_OVER"
    basis = ("R3",)
    message = _("该需求没有流标，也没有撤回，不能重新发布")
    fix = _("另有需要的，另行发布需求")


class TooLateToCancel(Refused):
    """Once the selection has begun, only its rules end it."""

    code = "E_TOO_LATE_TO_CANCEL"
    basis = ("R3", "P19.4")
    message = _("选取已经开始或已经结束，不能撤回")


class TooManyAttachments(Refused):
    """A request carries at most ten files."""

    code = "E_TOO_MANY_ATTACHMENTS"
    message = _("附件最多 %(most)s 个")
    fix = _("删除不需要的附件或合并文件")


def missing_blocks(item: ServiceItem) -> list[str]:
    """The names of what an item still lacks to be public (P18.3)."""
    blocks = {
        _("办理时限"): item.time_limit_workdays,
        _("工作流程"): item.workflow_zh,
        _("申报条件"): item.conditions_zh.strip(),
        _("收费标准"): item.fee_standard_zh.strip(),
        _("设定依据"): item.legal_basis_zh.strip(),
    }
    return [str(name) for name, filled in blocks.items() if not filled]


def judge_findings(findings: Sequence[Finding]) -> None:
    """Raise PolicyRefused if any finding fails."""
    failed = failures([*findings])
    if failed:
        raise PolicyRefused(
            count=len(failed),
            words="；".join(f"{f.words or f.message}（{f.clause}）" for f in failed),
            findings=[{**f.as_entry(), "field": f.field, "message": str(f.message)} for f in failed],
        )


def judge_way(method: Method, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
    """Raise PolicyRefused where R3 does not let this buyer use the method for this ceiling (fen)."""
    kind = Kind.DEPARTMENT if government else Kind.ENTERPRISE
    against = why_not(method, Draft(kind, ceiling=ceiling, public_funds=government), numbers)
    judge_findings([against] if against else [])


def judge_complete(missing: Iterable[str]) -> None:
    """Raise RequestIncomplete if anything is missing."""
    names = [*missing]
    if names:
        raise RequestIncomplete(missing="、".join(names))
