"""What the bots of WeCom, DingTalk and Feishu groups are sent, and what their answers mean. Pure.

Plain text in all three: a title that somebody wrote shall be no markup, and mention nobody.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from accounts.models import BotKind

# Each group's bot may speak 20, 20 and 100 times a minute: with some room for tries that are repeated.
SPACING = {
    BotKind.WECOM: timedelta(seconds=4),
    BotKind.DINGTALK: timedelta(seconds=4),
    BotKind.FEISHU: timedelta(seconds=1),
}
# Bytes of UTF-8 that a text may have, with some room.
ROOM = {BotKind.WECOM: 2000, BotKind.DINGTALK: 16000, BotKind.FEISHU: 16000}

_OK = 200
_TOO_MANY = 429
_SERVER = 500
_MOVED = range(300, 400)
# "Too often" and "busy", as each of them numbers it.
_LATER = {-1, 45009, 45033, 130101, 410100, 11232, 11233}
_LONGEST_WORD = 120


class Fate(StrEnum):
    """What became of a message."""

    ARRIVED = "arrived"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """The fate, and for what did not arrive the reason as the platform there gave it."""

    fate: Fate
    said: str = ""


@dataclass(frozen=True)
class Post:
    """One POST: the address with whatever must be signed into it, and the JSON body."""

    address: str
    body: bytes


def compose(kind: BotKind, heading: str, lines: Sequence[str], more: str) -> str:
    """The text: as many of `lines` as there is room for, and if some have none, `more` with their number put into it."""
    lines = [_tame(line) for line in lines]
    for count in range(len(lines), -1, -1):
        left = len(lines) - count
        text = "\n".join([_tame(heading), *lines[:count], *([more % {"n": left}] if left else [])])
        if len(text.encode()) <= ROOM[kind]:
            return text
    raise ValueError("a heading alone has no room")


def post(kind: BotKind, address: str, secret: str, text: str, now: datetime) -> Post:
    """What is sent where. `secret` may be empty; DingTalk signs the address with it, Feishu the body."""
    match kind:
        case BotKind.WECOM:
            return Post(address, _json({"msgtype": "text", "text": {"content": text}}))
        case BotKind.DINGTALK:
            body = _json({"msgtype": "text", "text": {"content": text}})
            return Post(_signed(address, secret, now) if secret else address, body)
        case BotKind.FEISHU:
            content: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
            if secret:
                stamp = str(int(now.timestamp()))
                key = f"{stamp}\n{secret}".encode()
                content |= {"timestamp": stamp, "sign": _b64(hmac.digest(key, b"", hashlib.sha256))}
            return Post(address, _json(content))


def read(status: int, body: bytes) -> Verdict:
    """What the answer means. All three say 200 with a code of their own, 0 for done."""
    if status == _TOO_MANY or status >= _SERVER:
        return Verdict(Fate.LATER, f"HTTP {status}")
    if status != _OK:
        return Verdict(Fate.REFUSED, f"HTTP {status}")
    try:
        answer = json.loads(body)
        code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
    except (ValueError, AttributeError):
        return Verdict(Fate.REFUSED, "HTTP 200, no JSON")
    if code == 0:
        return Verdict(Fate.ARRIVED)
    said = f"{code} {answer.get('errmsg') or answer.get('msg') or ''}".strip()[:_LONGEST_WORD]
    return Verdict(Fate.LATER if code in _LATER else Fate.REFUSED, said)


def _signed(address: str, secret: str, now: datetime) -> str:
    stamp = str(int(now.timestamp() * 1000))
    sign = _b64(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256))
    return f"{address}&{urlencode({'timestamp': stamp, 'sign': sign})}"


def _tame(text: str) -> str:
    """Angle brackets would be mentions at Feishu and WeCom."""
    return text.replace("<", "＜").replace(">", "＞")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
