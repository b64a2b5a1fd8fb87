"""What was measured, beside what was to be reached."""

import unicodedata
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table; without a target it is told for information."""

    what: str
    measured: str
    floor: str = ""
    ratio: float | None = None
    target: float | None = None
    at_least: bool = False

    @property
    def reached(self) -> bool:
        if self.ratio is None or self.target is None:
            return True
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def cells(self) -> tuple[str, ...]:
        if self.ratio is None:
            return self.what, self.measured, self.floor, "", "", ""
        if self.target is None:
            return self.what, self.measured, self.floor, f"{self.ratio:.2f}", "", ""
        target = f"{'≥' if self.at_least else '≤'} {self.target:.3g}"
        return self.what, self.measured, self.floor, f"{self.ratio:.3g}", target, "✓" if self.reached else "✗"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"reached": self.reached}


def table(rows: list[Row]) -> str:
    """The rows as lines of text, columns aligned."""
    lines = [("", "measured", "against", "ratio", "target", ""), *(row.cells() for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
