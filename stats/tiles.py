"""Maps of equal tiles (方格地图): each region a square at about its place, none hidden by its size. Plain numbers to draw."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.text import in_reader_language

_FILE = Path(__file__).parent / "data" / "tiles.csv"
_SIZE, _GAP = 56, 4
# Shades, by how many of a map's tiles have less.
_SHADES = 5


@dataclass(frozen=True)
class Place:
    """Where a region's tile lies, and its short names."""

    map: str
    code: str
    column: int
    row: int
    short_zh: str
    short_en: str


@dataclass(frozen=True)
class Tile:
    """One square. `shade` goes from 0 (nothing) to 4 (the most)."""

    x: int
    y: int
    short: str
    name: str
    value: int
    shade: int
    href: str


@dataclass(frozen=True)
class TileMap:
    """All squares of a map, the largest number first, in a view box of `width` × `height`."""

    tiles: list[Tile]
    width: int
    height: int
    size: int = _SIZE

    @property
    def ranked(self) -> list[Tile]:
        """In the order of their numbers, as the table beside the map tells them."""
        return sorted(self.tiles, key=lambda tile: -tile.value)


@cache
def places(name: str) -> tuple[Place, ...]:
    """The tiles of the map `gansu` or `china`."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        found = (
            Place(row["map"], row["code"], int(row["column"]), int(row["row"]), row["short_zh"], row["short_en"])
            for row in csv.DictReader(lines)
        )
        return tuple(place for place in found if place.map == name)


def tile_map(which: str, values: Mapping[str, int], name: Callable[[str], str], href: Callable[[str], str]) -> TileMap:
    """The map with a number in each square; `name` and `href` say how a region is called and where its square leads."""
    ground = places(which)
    left, top = min(p.column for p in ground), min(p.row for p in ground)
    reached = sorted({values.get(place.code, 0) for place in ground} - {0})
    step = _SIZE + _GAP
    tiles = [
        Tile(
            x=(place.column - left) * step,
            y=(place.row - top) * step,
            short=in_reader_language(place.short_zh, place.short_en),
            name=name(place.code),
            value=values.get(place.code, 0),
            shade=_shade(values.get(place.code, 0), reached),
            href=href(place.code),
        )
        for place in ground
    ]
    return TileMap(tiles, max(t.x for t in tiles) + _SIZE, max(t.y for t in tiles) + _SIZE)


def _shade(value: int, reached: list[int]) -> int:
    """0 for nothing; else by the value's place among all the values there are, so that one giant does not pale the rest."""
    if not value:
        return 0
    return 1 + (reached.index(value) * (_SHADES - 1)) // len(reached)
