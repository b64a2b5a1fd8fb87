"""Delivery (交付), acceptance (验收), return, silence and more time (R9)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from contracts.models import ContractStatus, DeliveryStatus, ExtensionStatus, MilestoneStatus, Side
from core.errors import Refused
from core.money import shown

MOST_FILES = 20


class NothingDelivered(Refused):
    """A delivery has at least one file, and not more than anybody can check."""

    code = "E_DELIVERY_FILES"
    basis = ("R9",)
    field = "files"
    message = _("请上传 1 至 %(most)s 个成果文件")


class ConfidentialWithoutReason(Refused):
    """What is kept from the public says why."""

    code = "E_CONFIDENTIAL_REASON"
    basis = ("P10.1",)
    field = "confidential_because"
    message = _("标为保密的文件须写明理由")
    fix = _("写明依据的法律或约定，例如涉及商业秘密")


class MilestoneStep(Refused):
    """The milestone is past this step or not yet there."""

    code = "E_MILESTONE_STEP"
    basis = ("R9",)
    message = _("该期目前为“%(status)s”，不能进行此操作；对方可能已先办理")
    fix = _("刷新页面查看最新进展")


class AcceptedAmount(Refused):
    """A partial acceptance takes more than nothing and less than what is left of the milestone."""

    code = "E_ACCEPTED_AMOUNT"
    basis = ("R9",)
    field = "amount"
    message = _("部分验收的金额须大于零且小于该期未验收的 %(left)s")
    fix = _("全部通过请选择“验收通过”")


class OpinionMissing(Refused):
    """Whoever returns work, or accepts only a part, says why."""

    code = "E_OPINION_MISSING"
    basis = ("R9",)
    field = "opinion"
    message = _("退回或部分验收须选择原因并写明意见")


class BuyerStillHasTime(Refused):
    """The regulator decides in the buyer's place only after reminder and silence."""

    code = "E_BUYER_HAS_TIME"
    basis = ("R9", "I9")
    message = _("采购人的验收期限未满，监管部门还不能代为决定")


class ExtensionStep(Refused):
    """One request for more time at a time, answered once."""

    code = "E_EXTENSION_STEP"
    basis = ("R9",)
    message = _("该延期申请已经办理，或该期已有待答复的申请")
    fix = _("刷新页面查看最新进展")


class ExtensionDays(Refused):
    """More time is asked for in whole working days."""

    code = "E_EXTENSION_DAYS"
    basis = ("R9",)
    field = "wd"
    message = _("请填写 1 至 %(most)s 个工作日")


MOST_EXTENSION_WD = 250


def judge_delivery(contract: ContractStatus, milestone: MilestoneStatus, *, files: int) -> None:
    """Raise MilestoneStep or NothingDelivered unless this milestone takes a delivery now."""
    if contract != ContractStatus.SIGNED or milestone != MilestoneStatus.OPEN:
        raise MilestoneStep(status=str(milestone.label))
    if not 1 <= files <= MOST_FILES:
        raise NothingDelivered(most=MOST_FILES)


def judge_verdict(
    status: DeliveryStatus, verdict: DeliveryStatus, *, left: int, amount: int, reason: str, opinion: str
) -> int:
    """The amount (fen) that `verdict` accepts, `left` being open; raises MilestoneStep, AcceptedAmount or OpinionMissing."""
    if status != DeliveryStatus.WAITING:
        raise MilestoneStep(status=str(status.label))
    if verdict != DeliveryStatus.ACCEPTED and not (reason and opinion):
        raise OpinionMissing()
    match verdict:
        case DeliveryStatus.ACCEPTED:
            return left
        case DeliveryStatus.PARTLY:
            if not 0 < amount < left:
                raise AcceptedAmount(left=shown(left))
            return amount
        case DeliveryStatus.RETURNED:
            return 0
        case DeliveryStatus.WAITING:
            raise MilestoneStep(status=str(status.label))


def judge_regulator(escalated_at: datetime | None) -> None:
    """Raise BuyerStillHasTime unless the buyer's silence has brought the delivery to the regulator."""
    if escalated_at is None:
        raise BuyerStillHasTime()


def judge_extension(contract: ContractStatus, milestone: MilestoneStatus, *, wd: int, asked: bool) -> None:
    """Raise MilestoneStep, ExtensionStep or ExtensionDays unless more time can be asked for now."""
    if contract != ContractStatus.SIGNED or milestone != MilestoneStatus.OPEN:
        raise MilestoneStep(status=str(milestone.label))
    if asked:
        raise ExtensionStep()
    if not 1 <= wd <= MOST_EXTENSION_WD:
        raise ExtensionDays(most=MOST_EXTENSION_WD)


def judge_extension_answer(status: ExtensionStatus, side: Side, *, now: datetime, answer_due_at: datetime) -> None:
    """Raise ExtensionStep or BuyerStillHasTime unless `side` may answer: the buyer, or after silence the regulator."""
    if status != ExtensionStatus.ASKED:
        raise ExtensionStep()
    if side == Side.REGULATOR and now < answer_due_at:
        raise BuyerStillHasTime()
