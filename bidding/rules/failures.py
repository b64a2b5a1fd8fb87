"""Why a selection ended without an award, and what happens next, in the reader's words (流标, UX §2.9)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.models import Method
from marketplace.rulesets import Notice, RuleSet
from marketplace.timeline_lots import why_failed


@dataclass(frozen=True)
class Failure:
    """`why` it failed and what comes `next`; each a sentence, or more than one."""

    reason: str
    why: str
    next: str


def failure(reason: str, numbers: RuleSet, method: Method, *, government: bool) -> Failure:
    """The failure that an entry's `reason` names; one of a method's own keeps to what holds for all."""
    return Failure(reason, _why(reason, numbers, method, government=government), _next(reason))


def _why(reason: str, numbers: RuleSet, method: Method, *, government: bool) -> str:
    least = numbers.way(method).entrants(government=government)
    match reason:
        case "too_few_entrants":
            return _("报名截止并延长一次后，报名机构仍少于该选取方式要求的 %(least)s 家（R3）。") % {"least": least}
        case "no_bids":
            return _("截止时没有有效报价（R5）。")
        case "question_unanswered":
            most = numbers.of(Notice).holds_most
            return _(
                "有问题在报名截止前提出，采购人在报名顺延 %(most)s 次后仍未答复；问题未答复不得开始选取（R3）。"
            ) % {"most": most}
        case "award_declined":
            percent = numbers.standstill.next_in_rank_percent
            return _("中选人放弃，且没有价格在中选价 %(percent)s%% 以内的次序人可以递补（R5.9）。") % {
                "percent": percent
            }
        case "award_voided":
            return _("中选被撤销，且没有符合条件的次序人可以递补（R5.9）。")
        case _:
            return _("按规则没有产生中选人（R3）：%(why)s。") % {"why": why_failed(reason)}


def _next(reason: str) -> str:
    again = _("采购人可以一键重新发布，新公告与本次相互链接；已入驻机构不需重复提交资料，一键报名。")
    match reason:
        case "question_unanswered":
            return _("本次不计入竞争选取失败次数，已提示监管部门。") + again
        case "too_few_entrants" | "no_bids":
            return _("重新发布前宜核对限价、工期和要求是否合理。") + again
        case _:
            return again
