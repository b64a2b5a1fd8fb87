"""Confirming and changing a contract: both sides, one text (R9)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from contracts.models import ContractStatus, Side, VersionStatus
from contracts.rulesets import ContractRules
from core.errors import Refused


class NotAParty(Refused):
    """Only the two parties act in a contract; nobody may act for another (P20.5)."""

    code = "E_NOT_A_PARTY"
    basis = ("P20.5", "R9")
    message = _("只有合同双方可以进行此操作")


class NoContractYet(Refused):
    """A contract follows a final award."""

    code = "E_NO_CONTRACT"
    basis = ("R9", "P19.4")
    message = _("中选结果尚未生效，还不能签订合同")
    fix = _("公示期满且无未决异议后，平台自动起草合同")


class ContractStep(Refused):
    """The contract is past this step or not yet there; perhaps the other side was faster."""

    code = "E_CONTRACT_STEP"
    basis = ("R9",)
    message = _("合同目前为“%(status)s”，不能进行此操作；对方可能已先办理")
    fix = _("刷新页面查看最新进展")


class AnotherText(Refused):
    """What is confirmed is one exact text, named by its SHA-256."""

    code = "E_ANOTHER_TEXT"
    basis = ("R9",)
    message = _("合同文本已更新，您看到的不是最新一稿")
    fix = _("重新阅读最新文本后再确认")


class AlreadyConfirmed(Refused):
    """Each side confirms a text once."""

    code = "E_ALREADY_CONFIRMED"
    basis = ("R9",)
    message = _("贵单位已确认这一稿，等待对方确认")


class ReasonMissing(Refused):
    """Whoever asks for a change, or refuses one, says why."""

    code = "E_REASON_MISSING"
    basis = ("R9",)
    field = "reason"
    message = _("请写明理由")


class PriceIsTheAwards(Refused):
    """The first contract has the price that won."""

    code = "E_PRICE_OF_AWARD"
    basis = ("R9", "P19.4")
    field = "plan"
    message = _("合同价款须等于中选价 %(price)s")


class SigningNotOverdue(Refused):
    """The buyer passes to the next in rank only when the winner let the signing date pass."""

    code = "E_SIGNING_NOT_OVERDUE"
    basis = ("R9", "R5.9")
    message = _("签订期限未到，或中选机构已确认合同")


class PayerIsFixed(Refused):
    """Payer and budget line were fixed at publication; the fee is never passed to an applicant (P20.7)."""

    code = "E_PAYER_FIXED"
    basis = ("P20.7", "I2")
    message = _("付款单位和预算项目在发布公告时已经确定，不能变更；部门委托的服务费用不得转嫁给申请人")
    fix = _("由%(payer)s按公告的预算项目支付")


def judge_confirm(
    status: ContractStatus, version: VersionStatus, *, expected: str, sha256: str, confirmed: set[str], side: Side
) -> None:
    """Raise ContractStep, AnotherText or AlreadyConfirmed unless `side` may confirm this text now."""
    if status not in (ContractStatus.DRAFTED, ContractStatus.SIGNED) or version != VersionStatus.OPEN:
        raise ContractStep(status=str(status.label))
    if expected != sha256:
        raise AnotherText()
    if side in confirmed:
        raise AlreadyConfirmed()


def judge_open(status: ContractStatus, *allowed: ContractStatus) -> None:
    """Raise ContractStep unless the contract is in one of the `allowed` states."""
    if status not in allowed:
        raise ContractStep(status=str(status.label))


def judge_passing_over(status: ContractStatus, *, due_at: datetime, now: datetime, agency_confirmed: bool) -> None:
    """Raise SigningNotOverdue unless the winner has let the signing date pass without confirming."""
    if status != ContractStatus.DRAFTED or now < due_at or agency_confirmed:
        raise SigningNotOverdue()


def is_published(
    numbers: ContractRules, *, earlier_changes: int, price: tuple[int, int], time_wd: tuple[int, int]
) -> bool:
    """Must this change be published with its reason? Beyond 10 % of price or time, or from the third change on (R9).

    `price` and `time_wd` are (before, after).
    """
    if earlier_changes + 1 >= numbers.change_published_from:
        return True
    return any(abs(after - before) * 100 > before * numbers.change_percent for before, after in (price, time_wd))
