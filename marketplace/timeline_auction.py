"""How a live auction pauses, is reviewed and fails, in the reader's words."""

from typing import Any

from django.utils.translation import gettext as _

from core.money import parse, shown


def of_auction(kind: str, data: dict[str, Any]) -> str:
    """The detail of an entry; empty for those that are about something else."""
    match kind:
        case "auction.paused":
            return str(data.get("reason", ""))
        case "auction.low":
            return f"{data['label']} {shown(parse(data['amount']))}"
        case "low.justified":
            return f"{data['label']} · {data['text']}"
        case "low.decided":
            verdict = _("接受") if data["accepted"] else _("不接受")
            return f"{verdict} · {data['reasons'] or _silence(data['because'])}"
        case "auction.failed":
            return _failure(str(data["reason"]))
        case _:
            return ""


def _failure(reason: str) -> str:
    reasons = {
        "no_bids": _("没有有效报价"),
        "too_few_entrants": _("报名机构不足"),
        "low_rejected": _("低价未被接受，且无人递补"),
        "award_declined": _("中选人放弃，无人递补"),
        "award_voided": _("中选被撤销，无人递补"),
    }
    return reasons.get(reason, reason)


def _silence(because: str) -> str:
    """What followed where a side of a low price's review stayed silent."""
    silences = {
        "not_justified": _("竞价人逾期未说明，视为放弃"),
        "not_decided": _("采购人逾期未认定，视为接受"),
        "barred": _("竞价人已退出"),
    }
    return silences.get(because, because)
