"""The words that everything invented is made of: read once from demo/data, drawn with a given random source."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from stdnum.cn import uscc as standard

_DATA = Path(__file__).parent / "data"
# What a 统一社会信用代码 may hold: no I, O, Z, S, V.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SERIALS = len(_ALPHABET) ** 3
SEED = "中介服务网上交易平台演示"

Words = dict[str, Any]


@cache
def words(name: str) -> Words:
    """One of the word lists: `names`, `trades` or `projects`."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


def source(part: str) -> Random:
    """The random source of one part of the demo, the same in every run."""
    return Random(f"{SEED}/{part}")  # noqa: S311 (invented data has to be the same each time)


class Codes:
    """Codes with a right check digit whose `DEM` shows that they are the demo's."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def next(self, authority: str, region: str) -> str:
        """The next code of that registering authority (`91` companies, `11` government) and six-digit region."""
        kind = "MB" if authority == "11" else "MA"
        serial = self._given.get(authority + region, 0)
        self._given[authority + region] = serial + 1
        series, rest = divmod(serial, _SERIALS)
        body = f"{authority}{region}{kind}{_ALPHABET[7 + series]}DEM{_three(rest)}"
        return body + str(standard.calc_check_digit(body))


def person(rng: Random) -> str:
    """An invented person's name."""
    people = words("names")["people"]
    given: str = rng.choice(people["second"])
    if rng.random() < 0.75:
        given = rng.choice(people["first"]) + given
    return f"{rng.choice(people['surnames'])}{given}"


def phone(rng: Random, area: str) -> str:
    """A number of the 555 exchange, which nobody has."""
    return f"{area}-555{rng.randrange(10_000):04d}"


def brand(rng: Random) -> str:
    """A two-character brand that sounds like one."""
    brands = words("names")["brands"]
    while True:
        first, second = rng.choice(brands["first"]), rng.choice(brands["second"])
        if first != second and first + second not in brands["avoid"]:
            return str(first + second)


def weighted(rng: Random, choices: list[Words]) -> Words:
    """One of `choices`, by its `share`."""
    return rng.choices(choices, [choice["share"] for choice in choices])[0]


def city_code(region: str) -> str:
    """The six digits that stand in a code: a province's registrations are of its first city."""
    return region if not region.endswith("0000") else region[:2] + "0100"


def _three(number: int) -> str:
    size = len(_ALPHABET)
    return _ALPHABET[number // size // size] + _ALPHABET[number // size % size] + _ALPHABET[number % size]
