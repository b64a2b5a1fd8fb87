"""The live room's first paint: amounts and times of the wire shown as pages show them, the chart before any script runs."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from bidding.room_texts import TEXTS
from bidding.templatetags.phases import low_because, pause_because, texts_of_phases
from core import clock, money
from marketplace.timeline import barring_reasons, label_of, labels

register = template.Library()
register.filter("pause_because", pause_because)
register.filter("low_because", low_because)
_WIDTH, _HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 84, 26, 30


@register.filter
def yuan(amount: str | None) -> str:
    """`¥100,150.00` from the wire's `100150.00`; a dash for nothing."""
    return "—" if amount is None else money.shown(money.parse(amount))


@register.filter
def when(text: str | None) -> datetime | None:
    """A moment from the wire's RFC 3339 text."""
    return clock.from_rfc3339(text) if text else None


@register.filter
def saving(amount: int, ceiling: int) -> str:
    """How far `amount` is below `ceiling`: `21.8%`."""
    return f"{(ceiling - amount) * 100 / ceiling:.1f}%"


@register.filter
def highest_allowed(state: dict[str, Any]) -> str:
    """The highest price that would pass now, as the wire writes it."""
    if state["best"] is None:
        return str(state["ceiling"])
    return money.wire(max(money.parse(state["best"]) - money.parse(state["step"]), 1))


@register.simple_tag
def fresh_key() -> str:
    """A key for one press of the button, for forms sent without scripts."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Chart:
    """A step chart in SVG coordinates."""

    width: int
    height: int
    line: str
    area: str
    ceiling_y: float
    right: int
    bottom: int
    dots: list[tuple[float, float, bool]]
    struck: list[tuple[float, float]]
    last: tuple[float, float, str] | None


@register.simple_tag
def step_chart(state: dict[str, Any]) -> Chart:
    """The price over time as steps; own bids are solid dots, void ones stand apart."""
    void = [bid for bid in state["bids"] if bid["label"] in state["barred"]]
    bids = [bid for bid in state["bids"] if bid["label"] not in state["barred"]]
    begin, end = _moment(state["opens_at"]), _moment(state["closes_at"])
    ceiling = money.parse(state["ceiling"])
    lowest = min((money.parse(bid["amount"]) for bid in state["bids"]), default=ceiling)
    floor = lowest - max((ceiling - lowest) * 0.15, ceiling * 0.02)
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x_of(at: str) -> float:
        share = (_moment(at) - begin) / (end - begin) if end > begin else 0.0
        return round(_LEFT + min(max(share, 0.0), 1.0) * (right - _LEFT), 1)

    def y_of(amount: str) -> float:
        return round(_TOP + (ceiling - money.parse(amount)) / (ceiling - floor) * (bottom - _TOP), 1)

    points = [(x_of(bid["at"]), y_of(bid["amount"])) for bid in bids]
    own = (state.get("you") or {}).get("label")
    dots = [(x, y, own is not None and bid["label"] == own) for (x, y), bid in zip(points, bids, strict=True)]
    struck = [(x_of(bid["at"]), y_of(bid["amount"])) for bid in void]
    line = _steps(points, x_of(state["now"]))
    area = f"{line}V{bottom}H{points[0][0]}Z" if points else ""
    last = (*points[-1], yuan(bids[-1]["amount"])) if points else None
    return Chart(_WIDTH, _HEIGHT, line, area, y_of(state["ceiling"]), right, bottom, dots, struck, last)


@register.simple_tag
def room_texts() -> dict[str, Any]:
    """Every sentence that the room's scripts say, in the reader's language. `{name}` places are filled in the browser."""
    of_bids = {name: str(text) for name, text in TEXTS.items()}
    return of_bids | {"reasons": barring_reasons(), "kinds": labels()} | texts_of_phases()


@register.simple_tag
def why_void(state: dict[str, Any], whose: dict[str, Any]) -> str:
    """What stands beside a void bid, or a bidder all of whose bids are void; nothing beside one that stands."""
    because = state["barred"].get(whose["label"])
    return "" if because is None else void_because(because)


@register.filter
def void_because(because: str) -> str:
    """That bids are void, and why, from the code that entries use."""
    return _("报价作废：{reason}").format(reason=barring_reasons().get(because, because))


def _moment(text: str) -> float:
    return clock.from_rfc3339(text).timestamp()


def _steps(points: list[tuple[float, float]], now_x: float) -> str:
    if not points:
        return ""
    (x, y), *rest = points
    path = f"M{x} {y}" + "".join(f"H{px}V{py}" for px, py in rest)
    return path + f"H{max(now_x, points[-1][0])}"


@register.filter
def entry_label(kind: str) -> str:
    """What an entry of a request's case file is called on pages."""
    return label_of(kind)
