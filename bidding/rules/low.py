"""The steps of the review of an abnormally low price (R5.8). Plain values in, verdict out."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import Refused


class NoReview(Refused):
    """There is no review of this auction's price now; perhaps its time is over."""

    code = "E_NO_LOW_REVIEW"
    basis = ("R5.8",)
    message = _("当前没有待办理的低价复核，可能期限已过")
    fix = _("刷新页面查看最新状态")


class NotTheLowBidder(Refused):
    """Who offered the price justifies it, and nobody else."""

    code = "E_NOT_THE_LOW_BIDDER"
    basis = ("R5.8",)
    message = _("只有报价被复核的竞价人可以说明价格")


class NotTheBuyer(Refused):
    """The buyer decides whether the price is justified."""

    code = "E_NOT_THE_BUYER"
    basis = ("R5.8", "P20.5")
    message = _("低价是否合理由采购人认定")


class DecidesOwnPrice(Refused):
    """Whoever belongs to the bidder does not decide whether its price is justified, for whomever he acts (I9)."""

    code = "E_OWN_LOW_PRICE"
    basis = ("R5.8", "I9")
    message = _("您也是该竞价人的成员，不得认定其价格")
    fix = _("由采购人的其他人员认定")


class JustifiedBefore(Refused):
    """The price is justified once."""

    code = "E_LOW_JUSTIFIED"
    basis = ("R5.8",)
    message = _("价格说明已提交")


class NotJustifiedYet(Refused):
    """Nobody decides before the bidder has been heard."""

    code = "E_LOW_NOT_JUSTIFIED"
    basis = ("R5.8",)
    message = _("竞价人可在 %(until)s 前说明价格，此前不能认定")


class ReasonsMissing(Refused):
    """A justification and a decision say why."""

    code = "E_LOW_REASONS"
    basis = ("R5.8",)
    field = "text"
    message = _("请写明理由，理由将公开")


def judge_justification(now: datetime, justify_until: datetime, *, justified: bool, text: str) -> None:
    """Raise Refused unless the bidder may say now why its price is honest."""
    if justified:
        raise JustifiedBefore()
    if now >= justify_until:
        raise NoReview()
    if not text:
        raise ReasonsMissing()


def judge_decision(now: datetime, justify_until: datetime, decide_until: datetime | None, *, text: str) -> None:
    """Raise Refused unless the buyer may decide now, with these reasons."""
    if decide_until is None:
        raise NotJustifiedYet(until=f"{justify_until.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}")
    if now >= decide_until:
        raise NoReview()
    if not text:
        raise ReasonsMissing()
