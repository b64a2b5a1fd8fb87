"""A workflow as a picture: boxes in rows that fit the page, arrows between them. Plain numbers for a template to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BOX_WIDTH, BOX_HEIGHT = 150, 58
GAP_X, GAP_Y = 34, 30
PER_ROW = 4
LINE = 8  # Chinese characters in a line of a box


@dataclass(frozen=True)
class Box:
    """One step: its place and its lines of text."""

    number: int
    x: int
    y: int
    lines: list[tuple[int, str]]


@dataclass(frozen=True)
class Chart:
    """All boxes and the arrows between them, in a view box of `width` × `height`."""

    boxes: list[Box]
    arrows: list[str]
    width: int
    height: int


def flow_chart(steps: Sequence[str]) -> Chart:
    """Place `steps` in rows, each row from left to right."""
    boxes = [_box(number, step) for number, step in enumerate(steps)]
    arrows = [_arrow(before, after) for before, after in pairwise(boxes)]
    columns = min(len(steps), PER_ROW)
    rows = -(-len(steps) // PER_ROW)
    width = columns * BOX_WIDTH + max(columns - 1, 0) * GAP_X + 4
    height = rows * BOX_HEIGHT + max(rows - 1, 0) * GAP_Y + 4
    return Chart(boxes, arrows, width, height)


def _box(number: int, step: str) -> Box:
    x = 2 + number % PER_ROW * (BOX_WIDTH + GAP_X)
    y = 2 + number // PER_ROW * (BOX_HEIGHT + GAP_Y)
    lines = [step[i : i + LINE] for i in range(0, len(step), LINE)][:3]
    first = y + BOX_HEIGHT // 2 + 5 - (len(lines) - 1) * 9
    return Box(number + 1, x, y, [(first + n * 18, line) for n, line in enumerate(lines)])


def _arrow(before: Box, after: Box) -> str:
    """An SVG path from one box to the next: straight within a row, around the corner to the next row."""
    if before.y == after.y:
        y = before.y + BOX_HEIGHT // 2
        return f"M{before.x + BOX_WIDTH} {y} H{after.x - 3}"
    middle = before.y + BOX_HEIGHT + GAP_Y // 2
    start, end = before.x + BOX_WIDTH // 2, after.x + BOX_WIDTH // 2
    return f"M{start} {before.y + BOX_HEIGHT} V{middle} H{end} V{after.y - 3}"
