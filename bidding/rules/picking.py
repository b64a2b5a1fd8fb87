"""Who may pick from a short list, and confirm what a buyer named, and until when (R3). Plain values in, verdict out."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bidding.models import Stage
from core.clock import beijing
from core.errors import Refused


class NotTheBuyersTurn(Refused):
    """The selection waits for no choice: it is not drawn yet, somebody has chosen, or the time is over."""

    code = "E_PICK_STEP"
    basis = ("R3",)
    message = _("本次选取目前不能择定：尚未抽出入围机构，或已由他人择定")
    fix = _("刷新页面查看最新进展")


class PickLate(Refused):
    """After its time the first drawn of the short list is selected, whether or not a clock has done it yet."""

    code = "E_PICK_LATE"
    basis = ("R3",)
    message = _("择定期限已于 %(due_at)s 结束，按抽取顺序产生中选机构")


class NotShortListed(Refused):
    """Only those drawn for the short list, and not barred since, can be picked."""

    code = "E_NOT_SHORT_LISTED"
    basis = ("R3", "R8")
    field = "label"
    message = _("“%(label)s”不在入围机构之中，或已不能参与")
    fix = _("从页面列出的入围机构中选择")


class PickUnexplained(Refused):
    """The choice is free, its reason is public."""

    code = "E_PICK_REASON"
    basis = ("R3",)
    field = "reason"
    message = _("请写明择定理由，理由随结果公开")


class NotYourPick(Refused):
    """Only the buyer itself chooses (P20.5)."""

    code = "E_NOT_YOUR_PICK"
    basis = ("P20.5",)
    message = _("只有采购人自己可以择定，任何部门不得指定或代为选择")


class NotNamed(Refused):
    """Only the agency that the notice names confirms or declines."""

    code = "E_NOT_NAMED"
    basis = ("R3",)
    message = _("只有公告选定的机构可以确认或说明不接受")


class ConfirmStep(Refused):
    """It was confirmed or declined before, or never asked."""

    code = "E_CONFIRM_STEP"
    basis = ("R3",)
    message = _("该委托目前不等待确认：可能已由贵机构其他成员办理，或期限已过")
    fix = _("刷新页面查看最新进展")


class DeclineUnexplained(Refused):
    """Declining is free and says why."""

    code = "E_DECLINE_REASON"
    basis = ("R3",)
    field = "reason"
    message = _("请写明不接受的原因，原因将公开")


def judge_pick(
    stage: str | None, due_at: datetime | None, now: datetime, *, label: str, choice: Collection[str], reason: str
) -> None:
    """Raise Refused unless the buyer may pick `label` now, with that reason. `choice`: the short list without the barred."""
    if stage != Stage.PICKING or due_at is None:
        raise NotTheBuyersTurn()
    if now >= due_at:
        raise PickLate(due_at=beijing(due_at))
    if label not in choice:
        raise NotShortListed(label=label)
    if not reason:
        raise PickUnexplained()


def judge_confirming(stage: str | None, due_at: datetime | None, now: datetime) -> None:
    """Raise ConfirmStep unless the agency named may answer now."""
    if stage != Stage.CONFIRMING or due_at is None or now >= due_at:
        raise ConfirmStep()
