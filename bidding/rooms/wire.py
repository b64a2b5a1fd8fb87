"""Every shape that travels over `/ws/requests/<number>/`, both ways (docs/protocol.md)."""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bidding.actions import Answer
from core.clock import rfc3339
from core.money import parse

LARGEST_FRAME = 4096


@dataclass(frozen=True, slots=True)
class BidMessage:
    """`{"type":"bid","key":uuid,"amount":"100150.00"}`, with `"confirmed":true` for a big undercut confirmed."""

    key: UUID
    amount: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class FloorMessage:
    """`{"type":"floor","key":uuid,"amount":"98000.00","confirmed":true}` sets or lowers; `"amount":null` withdraws."""

    key: UUID
    amount: int | None
    confirmed: bool

    def __repr__(self) -> str:
        return f"FloorMessage({self.key})"


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """`{"type":"sealed","key":uuid,"amount":"97500.00","confirmed":true}`: the one sealed price of a tie-out."""

    key: UUID
    amount: int
    confirmed: bool

    def __repr__(self) -> str:
        return f"SealedMessage({self.key})"


@dataclass(frozen=True, slots=True)
class ResumeMessage:
    """`{"type":"resume","seq":30}`: send me what comes after."""

    seq: int


@dataclass(frozen=True, slots=True)
class PingMessage:
    """`{"type":"ping","seq":30,"t":1234.5}`: `t` comes back as it is."""

    seq: int
    t: float


Message = BidMessage | FloorMessage | SealedMessage | ResumeMessage | PingMessage


class Malformed(Exception):
    """The frame is none of the shapes; `code` says in what way."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    @property
    def text(self) -> str:
        """What to tell the sender."""
        return {
            "E_TOO_LARGE": _("消息超过 4 KB"),
            "E_NOT_TEXT": _("只接受文本消息"),
            "E_NOT_JSON": _("消息不是有效的 JSON 对象"),
            "E_UNKNOWN_TYPE": _("未知的消息类型"),
            "E_BAD_FIELD": _("消息字段缺失或格式不对"),
            "E_TOO_FAST": _("消息过于频繁，请稍候"),
            "E_BUSY": _("报价排队已满，请稍候重发"),
        }[self.code]


def read(frame: dict[str, Any]) -> Message:
    """The message in an ASGI `websocket.receive` event; raises Malformed."""
    text = frame.get("text")
    if text is None:
        raise Malformed("E_NOT_TEXT")
    if len(text) > LARGEST_FRAME or len(text.encode("utf-8", "replace")) > LARGEST_FRAME:
        raise Malformed("E_TOO_LARGE")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("E_NOT_JSON") from error
    if not isinstance(message, dict):
        raise Malformed("E_NOT_JSON")
    try:
        return _shape(message)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Malformed("E_BAD_FIELD") from error


def _shape(message: dict[str, Any]) -> Message:
    match message.get("type"):
        case "bid":
            return bid_message(message["key"], message["amount"], message.get("confirmed", False))
        case "floor":
            withdrawn = message["amount"] is None
            bid = bid_message(
                message["key"], "0.00" if withdrawn else message["amount"], message.get("confirmed", False)
            )
            return FloorMessage(bid.key, None if withdrawn else bid.amount, bid.confirmed)
        case "sealed":
            bid = bid_message(message["key"], message["amount"], message.get("confirmed", False))
            return SealedMessage(bid.key, bid.amount, bid.confirmed)
        case "resume":
            return ResumeMessage(_whole(message["seq"]))
        case "ping":
            t = message["t"]
            if isinstance(t, bool) or not isinstance(t, int | float) or not math.isfinite(t):
                raise TypeError("t")
            return PingMessage(_whole(message.get("seq", 0)), t)
        case _:
            raise Malformed("E_UNKNOWN_TYPE")


def bid_message(key: Any, amount: Any, confirmed: Any) -> BidMessage:
    """A bid from its fields, the same for sockets and forms; raises TypeError or ValueError."""
    if not isinstance(key, str) or not isinstance(amount, str) or not isinstance(confirmed, bool):
        raise TypeError("bid")
    return BidMessage(UUID(key), parse(amount), confirmed)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise TypeError("seq")
    return value


def entries(lines: list[bytes]) -> str:
    """`{"type":"entries","entries":[…]}` from wire lines, encoded once for everybody."""
    return (b'{"type":"entries","entries":[' + b",".join(lines) + b"]}").decode()


def answer(outcome: Answer) -> str:
    """`accepted` or `refused`, to the bidder alone."""
    key = str(outcome.key)
    if outcome.refusal is None:
        return _text({"type": "accepted", "key": key, "seq": outcome.seq, "at": rfc3339(outcome.at)})
    return _text({"type": "refused", "key": key, **outcome.refusal})


def pong(t: float, now: datetime, seq: int) -> str:
    return _text({"type": "pong", "t": t, "now": rfc3339(now), "seq": seq})


def watchers(count: int) -> str:
    return _text({"type": "watchers", "watchers": count})


def error(problem: Malformed) -> str:
    return _text({"type": "error", "code": problem.code, "message": problem.text})


def state(public: dict[str, Any], you: dict[str, Any] | None, now: datetime, watching: int) -> str:
    """The first message, and a full refresh at any time."""
    return _text({"type": "state", **public, "now": rfc3339(now), "you": you, "watchers": watching})


def _text(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
