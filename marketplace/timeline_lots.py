"""Draws, choices by credit and direct selections of a request's case file, in the reader's words."""

from typing import Any

from django.utils.translation import gettext as _


def labels() -> dict[str, str]:
    """Kind of entry → what pages call it, in the reader's language."""
    return {
        "credit.noted": _("记录参与机构信用评分"),
        "shortlist.drawn": _("抽出入围机构并公布名称"),
        "shortlist.picked": _("采购人择定"),
        "shortlist.lapsed": _("逾期未择定，按抽取顺序产生"),
        "direct.asked": _("请选定机构确认"),
        "direct.confirmed": _("选定机构确认"),
        "direct.declined": _("选定机构不接受"),
        "selection.closed": _("选取结束，公开参与者身份"),
        "selection.failed": _("流标"),
    }


def detail(kind: str, data: dict[str, Any]) -> str:
    """What an entry of these kinds says besides its label; nothing for others."""
    match kind:
        case "direct.declined":
            return str(data["reason"])
        case "shortlist.drawn":
            return "、".join(one["name"] for one in data["reveals"])
        case "shortlist.picked":
            return f"{data['label']} · {data['reason']}"
        case "draw.extended":
            return "、".join(_party(one) for one in data["missing"])
        case "draw.contributed":
            return _party(data["by"])
        case "draw.revealed":
            return _party(data["of"])
        case _:
            return ""


def why_failed(code: str) -> str:
    """Why a selection ended without an award, by the code that entries use."""
    reasons = {
        "no_bids": _("没有有效报价"),
        "too_few_entrants": _("报名机构不足"),
        "question_unanswered": _("采购人未答复问题"),
        "low_rejected": _("低价说明未通过复核，无人递补"),
        "award_declined": _("中选人放弃，无人递补"),
        "award_voided": _("中选被撤销，无人递补"),
        "nobody_left": _("参加的机构均被停止参与"),
        "declined": _("选定机构不接受"),
        "unconfirmed": _("选定机构未在期限内确认"),
        "no_plans": _("没有机构同时提交方案和报价"),
        "experts_lacking": _("没有可以接替的评审专家"),
    }
    return reasons.get(code, code)


def _party(identity: str) -> str:
    """A contributor to a draw: an office by its title, everybody else by the label that stands for it."""
    return {"platform": _("平台"), "buyer": _("采购人"), "regulator": _("监管部门")}.get(identity, identity)
