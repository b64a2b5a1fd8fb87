"""What a practice auction tells its visitor afterwards: how it ended, and where time or rules cost something."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Heard:
    """`bid` (yours), `outbid`, `extended` or `refused` (yours, with its code), in the order of time."""

    what: str
    at: datetime
    code: str = ""


def feedback(heard: list[Heard], *, won: bool, closed_at: datetime, last_price: str, your_floor: str) -> list[str]:
    """Sentences for the visitor; `last_price` and `your_floor` are amounts as pages show them."""
    bids = sum(one.what == "bid" for one in heard)
    if not bids:
        return [
            _("您这次没有出价。再练一场：倒计时归零前按“出价”即可。"),
            *_of_refusals(heard),
        ]
    said = [
        _("您以 %(price)s 中选。") % {"price": last_price}
        if won
        else _("您未中选：最终价 %(price)s，您的最低报价 %(own)s。") % {"price": last_price, "own": your_floor}
    ]
    reactions = _reactions(heard)
    if reactions:
        said.append(
            _("被超过后，您用 %(seconds).1f 秒回应（%(count)s 次的中位数）。")
            % {"seconds": median(reactions), "count": len(reactions)}
        )
    if not won and (late := _missed(heard, closed_at)):
        said.append(late)
    return [*said, *_of_refusals(heard)]


def _reactions(heard: list[Heard]) -> list[float]:
    """Seconds from each time the visitor was outbid to its next bid."""
    found, since = [], None
    for one in heard:
        if one.what == "outbid":
            since = since or one.at
        elif one.what == "bid" and since is not None:
            found.append((one.at - since).total_seconds())
            since = None
    return found


def _missed(heard: list[Heard], closed_at: datetime) -> str:
    """The last time it was outbid and let the clock run out."""
    last = max((n for n, one in enumerate(heard) if one.what == "outbid"), default=None)
    if last is None or any(one.what == "bid" for one in heard[last:]):
        return ""
    extensions = sum(one.what == "extended" for one in heard[: last + 2])
    seconds = (closed_at - heard[last].at).total_seconds()
    if extensions:
        return _("第 %(count)s 次延时后您被超过，剩余 %(seconds).1f 秒没有再报。") % {
            "count": extensions,
            "seconds": seconds,
        }
    return _("截止前 %(seconds).1f 秒您被超过，没有再报。") % {"seconds": seconds}


def _of_refusals(heard: list[Heard]) -> list[str]:
    codes = [one.code for one in heard if one.what == "refused"]
    if not codes:
        return []
    advice = {
        "E_TOO_HIGH": _("至少比当前价低一个步长"),
        "E_LEADING": _("领先时不用再报"),
        "E_CLOSED": _("倒计时以服务器为准，截止后不再受理"),
        "E_CONFIRM_UNDERCUT": _("一次降价超过 10% 需要再确认"),
        "E_NOT_OPEN": _("准备期内不能出价"),
    }
    hints = "；".join(dict.fromkeys(advice[code] for code in codes if code in advice))
    return [_("有 %(count)s 次未受理：%(hints)s。") % {"count": len(codes), "hints": hints or "—"}]
