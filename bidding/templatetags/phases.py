"""What a room says of floors, pauses, tie-outs and reviews (R5.5–R5.8), on the page and by its scripts."""

from typing import Any

from django.utils.translation import gettext as _

from bidding.models import PauseCause
from core.money import parse, shown


def pause_because(code: str | None) -> str:
    """What paused the auction, from the code that entries use."""
    return str(PauseCause(code).label) if code in PauseCause.values else ""


def low_because(code: str, said: dict[str, Any]) -> str:
    """Why a price is abnormally low, with the figures that the entry compares."""
    figures = {name: shown(parse(amount)) for name, amount in said["figures"].items()}
    match code:
        case "mean":
            return _("明显低于其他竞价人首次报价的平均值 %(mean)s") % figures
        case "opening":
            return _("其首次报价 %(opening)s 明显低于次低的首次报价 %(next)s") % figures
        case "median":
            return _("明显低于该事项近 12 个月成交中位价 %(median)s") % figures
        case _:
            return code


def texts_of_phases() -> dict[str, Any]:
    """The scripts' sentences about floors, pauses, tie-outs and reviews."""
    return {
        "pauseCauses": {code: str(label) for code, label in PauseCause.choices},
        "pausedRow": _("暂停：{reason}"),
        "pauseUntil": _("{time} 恢复（还有 {left}），已有报价均保留"),
        "pauseOpen": _("恢复时间将提前公告，已有报价均保留"),
        "resumesRow": _("公告于 {time} 恢复，截止 {until}"),
        "resumedRow": _("竞价恢复，截止 {until}"),
        "untilResume": _("距恢复"),
        "untilTieOut": _("加试剩余"),
        "tieOutRow": _("加试报价开始，参加者 {labels}"),
        "tieOutClosedRow": _("加试报价开启：{prices}"),
        "tieOutNone": _("加试报价无人提交"),
        "tieOutOwn": _("您的公开报价为 {amount}，密封报价不得高于它；不提交则保留它。"),
        "review": _("低价复核"),
        "lowRow": _("报价 {amount} 明显偏低，进入复核"),
        "lowAccepted": _("低价复核：价格被接受"),
        "lowRefused": _("低价复核：价格未被接受，由次低报价接续"),
        "whyTieOut": _("公开竞价已结束，正在加试报价"),
        "whyReview": _("竞价已结束，正在复核最低报价"),
        "proxy": _("代为报价"),
        "openingOffer": _("首次报价"),
        "floorNow": _("最低价 {amount}"),
        "floorNone": _("未设定"),
        "floorSet": _("最低价已生效 #{seq}"),
        "floorGone": _("最低价已撤回 #{seq}"),
        "floorTitle": _("请核对最低价"),
        "floorNote": _("平台将替您报价，最低到此金额；随时可以调低或撤回。"),
        "sealedTitle": _("请核对密封报价"),
        "sealedNote": _("每家只能提交一次，提交后不能更改。"),
        "sealedSent": _("已提交 #{seq}，截止时统一开启"),
        "hiddenSending": _("发送中"),
    }
