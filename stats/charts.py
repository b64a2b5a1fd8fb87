"""Charts as plain numbers for a template to draw: no script, no library, the same on every device.

Drawn small, so that the labels stay legible where a phone shrinks the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import Text

WIDTH, HEIGHT = 440, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 18, 30
_TICKS = 4
# So many labels fit below.
_MOST_LABELS = 6


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its number; `y` is where the number's foot stands."""

    y: int
    text: str


@dataclass(frozen=True)
class Mark:
    """One value: a column from `y` down by `height`, or a dot in its middle `x`. `label` is empty where none fits."""

    x: int
    y: int
    width: int
    height: int
    text: str
    kind: str = "main"


@dataclass(frozen=True)
class Label:
    """A label below the chart."""

    x: int
    text: str


@dataclass(frozen=True)
class Chart:
    """`columns` are drawn from the ground, `line` through `dots`, `band` behind them. `key` explains the colours."""

    title: Text
    says: str
    ticks: Sequence[Tick]
    labels: Sequence[Label]
    columns: Sequence[Mark] = ()
    dots: Sequence[Mark] = ()
    line: str = ""
    band: str = ""
    key: Sequence[tuple[str, Text]] = ()
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - _BOTTOM
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


Values = Sequence[Decimal | int | None]


def columns(title: Text, labels: Sequence[str], values: Values, unit: str = "") -> Chart:
    """One column a label; none where there is no value."""
    return stacked(title, labels, [("main", title, values)], unit)


def stacked(title: Text, labels: Sequence[str], series: Sequence[tuple[str, Text, Values]], unit: str = "") -> Chart:
    """Columns made of parts, `(kind, name, values)` from the ground up."""
    sums = [sum((one or 0 for one in parts), Decimal(0)) for parts in zip(*(s for _k, _n, s in series), strict=True)]
    scale = _Scale(Decimal(max(sums, default=0)), len(labels))
    marks: list[Mark] = []
    grounds = [Decimal(0)] * len(labels)
    for kind, _name, values in series:
        for place, value in enumerate(values):
            if value:
                top, foot = scale.y(grounds[place] + value), scale.y(grounds[place])
                marks.append(
                    Mark(scale.left(place), top, scale.bar, max(foot - top, 1), _said(labels[place], value, unit), kind)
                )
                grounds[place] += value
    key = [(kind, name) for kind, name, _values in series] if len(series) > 1 else []
    return Chart(title, _range(labels, sums, unit), scale.ticks(), scale.labels(labels), columns=marks, key=key)


def trend(title: Text, labels: Sequence[str], values: Values, low: Values, high: Values, key: Sequence[Text]) -> Chart:
    """A line through `values` in front of the band between `low` and `high`; both break where there is no value."""
    top = max((one for one in [*high, *values] if one is not None), default=Decimal(0))
    scale = _Scale(Decimal(top), len(labels))
    dots = [
        Mark(scale.middle(place), scale.y(value), 0, 0, _said(labels[place], value, ""))
        for place, value in enumerate(values)
        if value is not None
    ]
    return Chart(
        title,
        _range(labels, values, ""),
        scale.ticks(),
        scale.labels(labels),
        dots=dots,
        line=_path([(d.x, d.y) for d in dots]),
        band=_band(scale, low, high),
        key=list(zip(("line", "band"), key, strict=True)),
    )


def width_of(value: Decimal | int | None, most: Decimal | int) -> int:
    """How long a bar is, 0–100, where the longest is `most`."""
    return max(round(100 * value / most), 1) if value and most else 0


@dataclass(frozen=True)
class _Scale:
    """Where values and places lie in the picture."""

    most: Decimal
    places: int

    @property
    def step(self) -> Decimal:
        """Between two lines of the grid: 1, 2 or 5 times a power of ten."""
        wanted = self.most / _TICKS
        power = Decimal(1)
        while power * 10 <= wanted:
            power *= 10
        while power > wanted > 0 and power > Decimal("0.1"):
            power /= 10
        return next((power * n for n in (1, 2, 5, 10) if power * n * _TICKS >= self.most), power * 10)

    @property
    def slot(self) -> Decimal:
        return Decimal(WIDTH - _LEFT - _RIGHT) / max(self.places, 1)

    @property
    def bar(self) -> int:
        return max(min(int(self.slot * Decimal("0.64")), 48), 2)

    def middle(self, place: int) -> int:
        return round(_LEFT + self.slot * place + self.slot / 2)

    def left(self, place: int) -> int:
        return self.middle(place) - self.bar // 2

    def y(self, value: Decimal | int) -> int:
        reach = self.step * _TICKS
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * Decimal(value) / reach)

    def ticks(self) -> list[Tick]:
        return [Tick(self.y(self.step * n), f"{(self.step * n).normalize():f}") for n in range(_TICKS + 1)]

    def labels(self, labels: Sequence[str]) -> list[Label]:
        """The last one always, and as many before it as fit."""
        every = -(-len(labels) // _MOST_LABELS)
        last = len(labels) - 1
        return [Label(self.middle(n), text) for n, text in enumerate(labels) if (last - n) % max(every, 1) == 0]


def _path(points: Sequence[tuple[int, int]]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in points) if points else ""


def _band(scale: _Scale, low: Values, high: Values) -> str:
    known = [(n, a, b) for n, (a, b) in enumerate(zip(low, high, strict=True)) if a is not None and b is not None]
    there = [(scale.middle(n), scale.y(b)) for n, _a, b in known]
    back = [(scale.middle(n), scale.y(a)) for n, a, _b in reversed(known)]
    return f"{_path([*there, *back])} Z" if known else ""


def _said(label: str, value: Decimal | int, unit: str) -> str:
    return f"{label}: {value}{unit}"


def _range(labels: Sequence[str], values: Values, unit: str) -> str:
    """The picture in one line for who cannot see it; the table beside it has every number."""
    known = [_said(label, value, unit) for label, value in zip(labels, values, strict=True) if value is not None]
    return "; ".join(known)
