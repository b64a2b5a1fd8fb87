"""The kinds of entry that evaluation, credit and exit append to case files, one list a noun, and how they are called.

In `A-<USCC>` unless it says otherwise; in public: organisations, grades, points, dates, reasons, hashes; never a person.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EvaluationEntry(StrEnum):
    """In the request's case file; the revealed rating also enters the agency's (CreditEntry.RATED)."""

    OPENED = "evaluation.opened"
    GIVEN = "evaluation.given"
    REVEALED = "evaluation.revealed"
    REPLIED = "evaluation.replied"
    DISPUTED = "evaluation.disputed"
    DISPUTE_DECIDED = "evaluation.dispute_decided"
    RECTIFICATION = "evaluation.rectification"


class CreditEntry(StrEnum):
    """The two ledgers; MARKET stands in `P`."""

    NOTED = "conduct.noted"
    OBJECTED = "conduct.objected"
    UPHELD = "conduct.upheld"
    STRUCK = "conduct.struck"
    REPAIRED = "conduct.repaired"
    RATED = "quality.rated"
    WEIGHED = "quality.weighed"
    MARKET = "credit.market_figures"


class ExitEntry(StrEnum):
    """R8. Before the decision only commitments; STANDING says what an agency is from now on."""

    OPENED = "exit.opened"
    STEPPED = "exit.stepped"
    CLOSED = "exit.closed"
    LAPSED = "exit.lapsed"
    DECIDED = "exit.decided"
    INTERIM = "exit.interim"
    APPEALED = "exit.appealed"
    APPEAL_DECIDED = "exit.appeal_decided"
    IN_FORCE = "exit.in_force"
    ENDED = "exit.ended"
    REENTERED = "exit.reentered"
    CHECKED = "exit.result_checked"
    STANDING = "agency.standing"


class ComplaintEntry(StrEnum):
    """In the agency's or the request's case file, else in `P`. Until upheld: number, kind, dates and a commitment only."""

    FILED = "complaint.filed"
    ACCEPTED = "complaint.accepted"
    NOT_ACCEPTED = "complaint.not_accepted"
    EXTENDED = "complaint.extended"
    OVERDUE = "complaint.overdue"
    UPHELD = "complaint.upheld"
    DISMISSED = "complaint.dismissed"


class ListEntry(StrEnum):
    """Imported lists of dishonest parties: IMPORTED in `P`, the others in the agency's case file."""

    IMPORTED = "list.imported"
    LISTED = "list.listed"
    ENDED = "list.ended"


class InspectionEntry(StrEnum):
    """In the plan's own case file, beside the steps of its two draws."""

    PLANNED = "inspection.planned"
    CONFLICTS = "inspection.conflicts"
    ASSIGNED = "inspection.assigned"
    REPORTED = "inspection.reported"
    PUBLISHED = "inspection.published"


class ChoiceEntry(StrEnum):
    """In the request's case file: whom its buyer chose freely, after comparing whom, and why; the comparison by its SHA-256."""

    RECORDED = "choice.recorded"


LABELS: dict[str, str | Promise] = {
    ChoiceEntry.RECORDED: _("记录选择理由"),
    EvaluationEntry.OPENED: _("开始评价"),
    EvaluationEntry.GIVEN: _("一方已评价（公开前保密）"),
    EvaluationEntry.REVEALED: _("评价公开"),
    EvaluationEntry.REPLIED: _("被评价方回应"),
    EvaluationEntry.DISPUTED: _("对评价提出争议"),
    EvaluationEntry.DISPUTE_DECIDED: _("评价争议已裁定"),
    EvaluationEntry.RECTIFICATION: _("整改"),
    CreditEntry.NOTED: _("记录扣分行为"),
    CreditEntry.OBJECTED: _("机构对扣分提出异议"),
    CreditEntry.UPHELD: _("扣分维持"),
    CreditEntry.STRUCK: _("扣分撤销"),
    CreditEntry.REPAIRED: _("信用修复"),
    CreditEntry.RATED: _("计入一份评价"),
    CreditEntry.WEIGHED: _("评价权重变更"),
    CreditEntry.MARKET: _("公布信用计算基准"),
    ExitEntry.OPENED: _("退出程序立案"),
    ExitEntry.STEPPED: _("退出程序进展"),
    ExitEntry.CLOSED: _("退出程序终结，不予处理"),
    ExitEntry.LAPSED: _("退出程序逾期自动终结"),
    ExitEntry.DECIDED: _("处理决定"),
    ExitEntry.INTERIM: _("暂时停止"),
    ExitEntry.APPEALED: _("机构申诉"),
    ExitEntry.APPEAL_DECIDED: _("申诉决定"),
    ExitEntry.IN_FORCE: _("处理生效"),
    ExitEntry.ENDED: _("处理结束"),
    ExitEntry.REENTERED: _("重新入驻，进入观察期"),
    ExitEntry.CHECKED: _("观察期成果核验"),
    ExitEntry.STANDING: _("机构状态变更"),
    ComplaintEntry.FILED: _("收到投诉"),
    ComplaintEntry.ACCEPTED: _("投诉已受理"),
    ComplaintEntry.NOT_ACCEPTED: _("投诉不予受理"),
    ComplaintEntry.EXTENDED: _("投诉调查延期"),
    ComplaintEntry.OVERDUE: _("投诉办理逾期"),
    ComplaintEntry.UPHELD: _("投诉成立"),
    ComplaintEntry.DISMISSED: _("投诉不成立"),
    ListEntry.IMPORTED: _("导入失信名单"),
    ListEntry.LISTED: _("列入名单"),
    ListEntry.ENDED: _("移出名单"),
    InspectionEntry.PLANNED: _("制定抽查计划"),
    InspectionEntry.CONFLICTS: _("封存回避名单"),
    InspectionEntry.ASSIGNED: _("分派检查人员"),
    InspectionEntry.REPORTED: _("填报检查结果"),
    InspectionEntry.PUBLISHED: _("公开检查结果"),
}
