"""A request's case file in the reader's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.money import parse, shown
from journal.models import Entry
from journal.queries import entries_of

SHOWN = 60


@dataclass(frozen=True)
class Event:
    """One entry as the timeline shows it."""

    seq: int
    at: datetime
    kind: str
    label: str
    detail: str
    hash: str


def timeline(number: str) -> list[Event]:
    """The newest entries of a request's case file, newest first."""
    return [_event(entry) for entry in entries_of(number).order_by("-seq")[:SHOWN]]


def _event(entry: Entry) -> Event:
    data = entry.data
    return Event(
        entry.seq, entry.at, entry.kind, label_of(entry.kind), _detail(entry.kind, data), bytes(entry.hash).hex()
    )


def label_of(kind: str) -> str:
    """What an entry of a request's case file is called on pages; one of a later release keeps its bare kind."""
    return labels().get(kind, kind)


def labels() -> dict[str, str]:
    """Kind of entry → what pages call it, in the reader's language."""
    return {
        "request.published": _("发布采购公告"),
        "request.cancelled": _("采购人撤回需求"),
        "request.enrolled": _("机构报名"),
        "request.left": _("机构撤回报名"),
        "request.extended": _("报名不足，延长报名"),
        "request.noted": _("继续选取并提示监管部门"),
        "auction.ready": _("进入竞价准备"),
        "auction.opened": _("竞价开始"),
        "bid.placed": _("报价"),
        "auction.extended": _("竞价延时"),
        "auction.paused": _("竞价暂停"),
        "auction.resumed": _("竞价恢复"),
        "auction.closed": _("竞价结束，公开竞价人身份"),
        "auction.failed": _("流标"),
        "award.published": _("公布中选结果"),
        "award.final": _("公示期满，中选生效"),
        "award.declined": _("中选人放弃"),
        "award.voided": _("撤销中选"),
        "objection.filed": _("提出异议"),
        "objection.answered": _("答复异议"),
        "objection.complained": _("提出投诉"),
        "objection.extended": _("延长投诉处理期限"),
        "objection.decided": _("作出投诉处理决定"),
        "objection.closed": _("异议办结"),
    }


def _detail(kind: str, data: dict[str, Any]) -> str:
    match kind:
        case "bid.placed":
            return f"{data['label']} {shown(parse(data['amount']))}"
        case "request.enrolled" | "request.left":
            return str(data["label"])
        case "award.published":
            return f"{data['winner']['name']} {shown(parse(data['amount']))}"
        case "auction.closed":
            return f"{data['winner']} {shown(parse(data['amount']))}"
        case "auction.failed":
            reasons = {"no_bids": _("没有有效报价"), "too_few_entrants": _("报名机构不足")}
            return reasons.get(data["reason"], str(data["reason"]))
        case "request.cancelled":
            return str(data["reason"])
        case _:
            return ""
