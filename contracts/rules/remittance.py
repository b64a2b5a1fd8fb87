"""Remittance codes (附言码): `ZF` and eight characters, the last of which finds every slip of one character or two neighbours.

29 characters without look-alikes (no 0 and O, 1, I and L, Z beside 2, U beside V), and 29 is prime: with weights that are all
different and none zero modulo 29, the sum changes whenever one character changes, and whenever two neighbours change
places. Without a Z among them no code can begin inside another.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

PREFIX = "ZF"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
_LENGTH = 8
# Shorter pieces are words of the remark, such as ZFB for 支付宝.
_SHORTEST_PIECE = 4
_BETWEEN = re.compile(r"[\s\-_.·•‐-―−\u00ad\u200b-\u200f\u2060\ufeff]")
# Overlapping, for a prefix written twice must not hide the code behind it.
_BEGINNING = re.compile(rf"{PREFIX}(?=([0-9A-Z]{{{_SHORTEST_PIECE},{_LENGTH + 1}}}))")


@dataclass(frozen=True)
class Found:
    """What looks like a code in a remark; `right` if its check character is. `run` goes on for one character more."""

    code: str
    right: bool
    run: str


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A code drawn with `choose`, such as `secrets.choice`."""
    body = "".join(choose(ALPHABET) for _ in range(_LENGTH - 1))
    return PREFIX + body + _check_character(body)


def is_code(text: str) -> bool:
    """Is it a code, with the check character it should have?"""
    body = text.removeprefix(PREFIX)
    if len(body) != _LENGTH or len(text) != len(PREFIX) + _LENGTH or not set(body) <= set(ALPHABET):
        return False
    return _check_character(body[:-1]) == body[-1]


def find_codes(remark: str) -> list[Found]:
    """What looks like codes in a remark as banks hand it on: any width and case, blanks and hyphens inside, text around.

    Those that are cut short or have a wrong check character are among them, and not `right`.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", remark)).upper()
    found: list[Found] = []
    covered = 0
    for beginning in reversed(list(_BEGINNING.finditer(plain))):
        run = PREFIX + beginning[1]
        code = run[: len(PREFIX) + _LENGTH]
        right = is_code(code)
        # A wrong one that reaches into a right one is the right one's noise.
        if right or not covered or beginning.start() + len(code) <= covered:
            found.append(Found(code, right, run))
            covered = beginning.start() if right else covered
    return list(dict.fromkeys(reversed(found)))


class Known:
    """Known codes, found again from what is left of them. Two texts one slip apart have a text in common that lacks one
    character of each: with those for an index, a look takes the same time among ten codes and ten thousand."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._codes = sorted(set(codes))
        self._by_rest: dict[str, list[str]] = {}
        for code in self._codes:
            for rest in _rests(code):
                self._by_rest.setdefault(rest, []).append(code)

    def nearest(self, code: str) -> list[str]:
        """Those that one wrong, missing or additional character, or two neighbours changed, would make of `code`."""
        near = {one for rest in _rests(code) for one in self._by_rest.get(rest, ())}
        return sorted(one for one in near if one != code and _one_slip_apart(code, one))

    def likely(self, found: Found) -> list[str]:
        """What a wrong one may have been: one slip away however much of its run belongs to it, or cut short."""
        whole = len(PREFIX) + _LENGTH
        readings = {found.run[:length] for length in (whole - 1, whole, whole + 1)}
        near = {one for reading in readings for one in self.nearest(reading)}
        return sorted(near | set(self._beginning(found.run) if len(found.run) < whole else ()))

    def _beginning(self, piece: str) -> list[str]:
        start = bisect_left(self._codes, piece)
        return list(takewhile(lambda code: code.startswith(piece), self._codes[start:]))


def nearest(code: str, known: Iterable[str]) -> list[str]:
    """The known codes one slip away from `code`, sorted; for many looks, make one Known."""
    return Known(known).nearest(code)


def _rests(code: str) -> set[str]:
    return {code, *(code[:place] + code[place + 1 :] for place in range(len(code)))}


def _check_character(body: str) -> str:
    total = sum((place + 2) * ALPHABET.index(character) for place, character in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def _one_slip_apart(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return max(len(a), len(b)) <= 1 or (len(a) == 2 and a == b[::-1])
