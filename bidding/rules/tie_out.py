"""Who may send a sealed price in a tie-out, and which (R5.5). Plain values in, verdict out."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bidding.models import AuctionStatus
from core import clock
from core.errors import Refused
from core.money import in_words, shown, wire


class NoTieOut(Refused):
    """There is no tie-out now."""

    code = "E_NO_TIE_OUT"
    basis = ("R5.5",)
    message = _("当前没有加试报价")


class TieOutOver(Refused):
    """The database's clock had reached the end of the tie-out."""

    code = "E_TIE_OUT_OVER"
    basis = ("I6", "R5.5")
    message = _("加试报价已于 %(closed_at)s 截止，服务器收到的时间是 %(now)s")


class NotInTieOut(Refused):
    """Only those within reach of the lead take part."""

    code = "E_NOT_IN_TIE_OUT"
    basis = ("R5.5",)
    message = _("您不在加试报价范围内：仅限与最低报价相差不超过规定比例的竞价人")


class SentBefore(Refused):
    """One sealed price each."""

    code = "E_TIE_OUT_SENT"
    basis = ("R5.5",)
    message = _("加试报价只能提交一次，您已提交")


class TieOutTooHigh(Refused):
    """A sealed price does not go above what its bidder offered in public."""

    code = "E_TIE_OUT_TOO_HIGH"
    basis = ("R5.5",)
    message = _("加试报价必须大于 0，且不高于您现有的报价 %(standing_shown)s")
    fix = _("改填 %(standing_shown)s 或更低")


class TieOutNotConfirmed(Refused):
    """What cannot be taken back is confirmed in words first."""

    code = "E_CONFIRM_TIE_OUT"
    basis = ("R5.5",)
    message = _("请确认加试报价：%(amount_shown)s（%(words)s），提交后不能更改")
    fix = _("核对金额后确认，或修改报价")


def judge_sealed_price(
    amount: int,
    status: AuctionStatus,
    closes_at: datetime | None,
    now: datetime,
    *,
    standing: int | None,
    sent: bool,
    confirmed: bool,
) -> None:
    """Raise Refused unless this sealed price (fen) counts; `standing` is the bidder's own price, None if it has no seat."""
    if status != AuctionStatus.TIE_OUT or closes_at is None:
        raise NoTieOut()
    if now >= closes_at:
        raise TieOutOver(closed_at=clock.beijing(closes_at), now=clock.beijing(now))
    if standing is None:
        raise NotInTieOut()
    if sent:
        raise SentBefore()
    if not 0 < amount <= standing:
        raise TieOutTooHigh(standing=wire(standing), standing_shown=shown(standing))
    if not confirmed:
        raise TieOutNotConfirmed(amount=wire(amount), amount_shown=shown(amount), words=in_words(amount))
