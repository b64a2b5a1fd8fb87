"""What is shared of credit (P22.2): the shape of one change, and what changed between two states. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.clock import rfc3339
from core.errors import Refused


class SinceUnfit(Refused):
    """The number to go on from is no number."""

    code = "E_SINCE"
    basis = ("P22.2",)
    message = _("since 须为不带符号的整数")
    fix = _("从 since=0 开始，此后使用上次收到的最大序号")


@dataclass(frozen=True)
class Item:
    """Something that is shared: whose, of what kind, and what it says."""

    kind: str
    uscc: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Change:
    """`key` says `content` from now on; None: it is gone."""

    key: str
    kind: str
    uscc: str
    content: dict[str, Any] | None


def changes(known: Mapping[str, Item], now: Mapping[str, Item]) -> list[Change]:
    """From what was shared to what holds now, in the order of keys; removals first, so that nobody reads both."""
    gone = [Change(key, one.kind, one.uscc, None) for key, one in sorted(known.items()) if key not in now]
    new = [Change(key, one.kind, one.uscc, one.content) for key, one in sorted(now.items()) if known.get(key) != one]
    return gone + new


def shared(
    seq: int, key: str, kind: str, uscc: str, at: datetime, content: dict[str, Any] | None, *, newest: bool
) -> dict[str, Any]:
    """One change as the endpoint and the file give it (docs/credit-sharing.md).

    `op` is `set`, `removed` (delete the key), or `superseded` (a later number says what holds of this key).
    """
    op = "superseded" if not newest else "removed" if content is None else "set"
    said: dict[str, Any] = {"seq": seq, "op": op, "key": key, "at": rfc3339(at)}
    return said if op != "set" else {**said, "kind": kind, "uscc": uscc, "content": content}
