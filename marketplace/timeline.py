"""A request's case file in the reader's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.money import parse, shown
from journal.kinds import name_of
from journal.models import Entry
from journal.queries import entries_of
from marketplace import timeline_lots, timeline_notices, timeline_offers, timeline_valued
from marketplace.timeline_auction import of_auction

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
    entries = timeline_offers.uncounted(entries_of(number))
    return [_event(entry) for entry in entries.order_by("-seq")[:SHOWN]]


def _event(entry: Entry) -> Event:
    data = entry.data
    return Event(
        entry.seq, entry.at, entry.kind, label_of(entry.kind), _detail(entry.kind, data), bytes(entry.hash).hex()
    )


def label_of(kind: str) -> str:
    """What an entry of a request's case file is called on pages; one of a later release keeps its bare kind."""
    return labels().get(kind) or name_of(kind)


def labels() -> dict[str, str]:
    """Kind of entry → what pages call it, in the reader's language."""
    return {
        "request.published": _("发布采购公告"),
        "request.changed": _("公告变更"),
        "request.cancelled": _("采购人撤回需求"),
        "request.reoffered": _("重新发布"),
        "question.asked": _("提问"),
        "question.answered": _("采购人答复"),
        "request.enrolled": _("机构报名"),
        "request.left": _("机构撤回报名"),
        "request.extended": _("报名截止顺延"),
        "request.noted": _("提示监管部门"),
        "enrolment.barred": _("停止报名资格"),
        "bidder.barred": _("竞价人退出，报价作废"),
        **timeline_offers.labels(),
        "auction.ready": _("进入竞价准备"),
        "auction.opened": _("竞价开始"),
        "bid.placed": _("报价"),
        "auction.extended": _("竞价延时"),
        "auction.paused": _("竞价暂停"),
        "auction.resumes": _("公告恢复时间"),
        "auction.resumed": _("竞价恢复"),
        "proxy.set": _("设定或调低最低价"),
        "proxy.withdrawn": _("撤回最低价"),
        "tie_out.opened": _("加试报价开始"),
        "tie_out.offered": _("提交加试报价"),
        "tie_out.closed": _("加试报价统一开启"),
        "auction.low": _("报价明显偏低，进入复核"),
        "low.justified": _("说明低价"),
        "low.decided": _("认定低价"),
        "auction.closed": _("竞价结束，公开竞价人身份"),
        "auction.failed": _("流标"),
        "award.published": _("公布中选结果"),
        "award.final": _("公示期满，中选生效"),
        "award.declined": _("中选人放弃"),
        "award.voided": _("撤销中选"),
        "award.passed_over": _("递补时跳过"),
        "objection.filed": _("提出异议"),
        "objection.answered": _("答复异议"),
        "objection.complained": _("提出投诉"),
        "objection.extended": _("延长投诉处理期限"),
        "objection.decided": _("作出投诉处理决定"),
        "objection.closed": _("异议办结"),
        **timeline_lots.labels(),
        **timeline_valued.labels(),
        **_labels_of_contracts(),
        **_labels_of_evaluations(),
    }


def _labels_of_contracts() -> dict[str, str]:
    return {
        "contract.drafted": _("起草合同"),
        "contract.proposed": _("提出合同文本"),
        "contract.withdrawn": _("撤回变更"),
        "contract.refused": _("不同意变更"),
        "contract.confirmed": _("确认合同文本"),
        "contract.signed": _("合同签订并备案"),
        "contract.changed": _("合同变更"),
        "contract.sign_overdue": _("签订期限已过"),
        "contract.completed": _("合同履行完毕"),
        "contract.reopened": _("款项退回，合同恢复履行"),
        "contract.terminated": _("合同解除"),
        "delivery.made": _("交付成果"),
        "acceptance.reminded": _("提醒验收"),
        "acceptance.escalated": _("转监管部门验收"),
        "acceptance.decided": _("验收结论"),
        "extension.asked": _("申请延期"),
        "extension.answered": _("答复延期申请"),
        "payment.payable": _("产生应付款"),
        "payment.invoiced": _("登记发票"),
        "payment.started": _("发起付款"),
        "payment.failed": _("付款未完成"),
        "payment.paid": _("付款到账"),
        "payment.suspense": _("暂收待核"),
        "payment.returned": _("退回暂收款"),
        "payment.refunded": _("退款"),
        "payment.refund_failed": _("退款未成"),
        "payment.disputed": _("银行卡争议"),
        "payment.overdue": _("逾期未付"),
        "payer.refused": _("拒绝他人承担费用"),
        "budget.line_set": _("公布预算项目"),
    }


def _labels_of_evaluations() -> dict[str, str]:
    return {}


def _detail(kind: str, data: dict[str, Any]) -> str:
    match kind:
        case "bid.placed":
            return f"{data['label']} {shown(parse(data['amount']))}"
        case "request.enrolled" | "request.left" | "proxy.set" | "proxy.withdrawn" | "tie_out.offered":
            return str(data["label"])
        case "enrolment.barred" | "award.passed_over" | "award.voided":
            return _joined(str(data["label"]), _reason(data))
        case "bidder.barred":
            return _joined(str(data["label"]), _reason(data), _amount(data, "best") if data["best"] else "")
        case "award.published":
            return f"{data['winner']['name']} {shown(parse(data['amount']))}"
        case "auction.closed" | "selection.closed":
            return f"{data['winner']} {shown(parse(data['amount']))}"
        case "auction.failed" | "selection.failed":
            return timeline_lots.why_failed(str(data["reason"]))
        case "request.cancelled":
            return str(data["reason"])
        case _:
            return of_auction(kind, data) or _of_selection(kind, data) or _of_contract(kind, data)


def _of_selection(kind: str, data: dict[str, Any]) -> str:
    found = (part.detail(kind, data) for part in (timeline_notices, timeline_offers, timeline_lots, timeline_valued))
    return next((said for said in found if said), "")


def barring_reasons() -> dict[str, str]:
    """Why somebody may not take part any more, in the reader's words, by the code that entries use."""
    return {
        "suspended": _("被暂停"),
        "removed": _("被清退"),
        "withdrawn": _("自行退出平台"),
        "item_locked": _("被限制参与该事项"),
        "probation_limit": _("已达观察期限额"),
    }


def _reason(data: dict[str, Any]) -> str:
    because = str(data.get("because", ""))
    return barring_reasons().get(because, because)


def _of_contract(kind: str, data: dict[str, Any]) -> str:
    group = kind.partition(".")[0]
    if group == "contract":
        return _joined(
            _version(data), _side(data.get("by")), _amount(data, "price"), *map(_side, data.get("missing", ()))
        )
    if group in ("delivery", "acceptance", "extension"):
        return _joined(_milestone(data), *_of_work(kind, data), _side(data.get("by")))
    if group in ("payment", "budget"):
        return _joined(_milestone(data), str(data.get("line", "")), *_of_money(kind, data))
    if group == "evaluation":
        return _of_evaluation(data)
    if kind == "payer.refused":
        return _joined(data["by"]["name"], _attempts().get(data["attempt"], data["attempt"]))
    return ""


def _of_work(kind: str, data: dict[str, Any]) -> list[str]:
    match kind:
        case "delivery.made":
            files = _("%(count)s 个文件") % {"count": len(data["files"])}
            return [files, _("逾期交付") if data["late"] else ""]
        case "acceptance.decided":
            verdicts = {"accepted": _("验收通过"), "partly": _("部分通过"), "returned": _("退回修改")}
            accepted = _amount(data, "accepted") if data["verdict"] == "partly" else ""
            return [verdicts.get(data["verdict"], data["verdict"]), accepted]
        case "extension.asked":
            return [_("%(days)s 个工作日") % {"days": data["wd"]}]
        case "extension.answered":
            return [_("同意延期") if data["granted"] else _("不同意延期")]
        case _:
            return []


def _of_evaluation(data: dict[str, Any]) -> str:
    words = {
        "upheld": _("争议成立，评价不计"),
        "related": _("认定存在关联，减半计入"),
        "dismissed": _("争议不成立"),
        "open": _("待整改"),
        "reported": _("已报告，待评价方确认"),
        "confirmed": _("已整改"),
        "refused": _("评价方认为未整改"),
        "overdue": _("逾期未整改"),
    }
    code = data.get("verdict") or data.get("status") or ""
    return _joined(_side(data.get("by") or data.get("mark")), words.get(code, ""), str(data.get("x") or ""))


def _of_money(kind: str, data: dict[str, Any]) -> list[str]:
    reasons = {
        "declined": _("支付被拒绝"),
        "expired": _("支付页面已过期"),
        "not_received": _("收款机构称未到账"),
        "cancelled": _("付款单位取消"),
        "not_started": _("支付没有开始"),
        "over": _("多付"),
        "other_payer": _("付款户名不是付款单位"),
        "late": _("过期后到账"),
    }
    methods = {
        "transfer": _("对公转账"),
        "stripe": _("在线支付"),
        "pretend": _("演示支付"),
        "suspense": _("暂收款入账"),
    }
    reason = data.get("reason") or data.get("because") or ""
    won = {True: _("争议胜诉，款项返还"), False: _("争议扣回")}[data["won"]] if "won" in data else ""
    method = methods.get(data.get("method", ""), "")
    return [_amount(data, "total" if kind == "budget.line_set" else "amount"), method, reasons.get(reason, reason), won]


def _attempts() -> dict[str, str]:
    return {
        "notice": _("公告转嫁费用"),
        "form": _("表单填写了其他付款单位"),
        "terms": _("合同条款转嫁费用"),
        "online": _("他人发起在线支付"),
        "transfer": _("他人转账"),
    }


def _version(data: dict[str, Any]) -> str:
    return _("第 %(n)s 稿") % {"n": data["version"]} if "version" in data else ""


def _milestone(data: dict[str, Any]) -> str:
    return _("第 %(n)s 期") % {"n": data["milestone"]} if "milestone" in data else ""


def _amount(data: dict[str, Any], name: str) -> str:
    return shown(parse(data[name])) if name in data else ""


def _side(code: str | None) -> str:
    sides = {
        "buyer": _("采购人"),
        "agency": _("中介服务机构"),
        "regulator": _("监管部门"),
        "platform": _("平台"),
        "department": _("主管部门"),
    }
    return sides.get(code or "", "")


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
