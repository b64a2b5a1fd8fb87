"""Lots: who may be drawn with how many tickets, the seed of a draw, and the order that follows from it (R4).

Imports nothing of Django. `journal.draw` has the whole of a published draw, and gives on what is public here.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import rfc8785

from journal.unfit import (
    ListUnsorted,
    NameDoubled,
    ReasonMissing,
    TicketsWrong,
)

MOST_TICKETS = 10_000


def h(tag: str, *parts: bytes) -> bytes:
    """SHA-256("draw/" ‖ tag ‖ "/v1\\0" ‖ for each part: u32be(its length) ‖ part)."""
    counted = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return hashlib.sha256(b"draw/" + tag.encode() + b"/v1\0" + counted).digest()


def commitment(identity: str, r: bytes) -> bytes:
    """What a contributor of the bytes r publishes before the close."""
    return h("nonce", identity.encode(), r)


def substitute(identity: str, committed: bytes) -> bytes:
    """What counts for a contribution that cannot be opened honestly.

    It was known to all before the close, and its contributor cannot bring about anything else: no choice, no gain.
    """
    return h("void", identity.encode(), committed)


@dataclass(frozen=True)
class Entry:
    """Who may be drawn: by USCC, or another name that is unique in the list. More tickets, more chances."""

    name: str
    tickets: int = 1


@dataclass(frozen=True)
class DrawList:
    """Who may be drawn, who may not and why, under which rules; sorted, so that one list has one form."""

    entries: tuple[Entry, ...]
    excluded: tuple[tuple[str, str], ...]
    rules: str

    @classmethod
    def of(cls, entries: Iterable[Entry], excluded: Mapping[str, str], rules: str) -> Self:
        """The list in its form, whatever the order it was gathered in; raises DrawBroken for what may not stand in one."""
        made = cls(tuple(sorted(entries, key=lambda entry: entry.name)), tuple(sorted(excluded.items())), rules)
        made.check()
        return made

    def check(self) -> None:
        """Raise DrawBroken at the first thing that may not stand in a list."""
        names, barred = [entry.name for entry in self.entries], [name for name, _ in self.excluded]
        check_sorted(names, "the entries")
        check_sorted(barred, "the exclusions")
        for name in sorted(set(names) & set(barred)):
            raise NameDoubled(f"{name} is both entered and excluded")
        for entry in self.entries:
            if type(entry.tickets) is not int or not 1 <= entry.tickets <= MOST_TICKETS:
                raise TicketsWrong(f"{entry.name} has {entry.tickets} tickets")
        for name, reason in self.excluded:
            if not reason.strip():
                raise ReasonMissing(f"{name} is excluded without a reason")

    def as_json(self) -> dict[str, Any]:
        """The list as it is published."""
        return {
            "entries": [{"name": entry.name, "tickets": entry.tickets} for entry in self.entries],
            "excluded": [{"name": name, "reason": reason} for name, reason in self.excluded],
            "rules": self.rules,
        }

    def canonical(self) -> bytes:
        """The list's bytes (JCS, RFC 8785), whose hash the seed takes in."""
        return rfc8785.dumps(self.as_json())


def seed(drawn: DrawList, contributions: Mapping[str, bytes], beacon: bytes | None = None) -> bytes:
    """H("seed", SHA-256(list), id₁, r₁, …, beacon), contributors in the order of their names."""
    parts = [hashlib.sha256(drawn.canonical()).digest()]
    for identity in sorted(contributions):
        parts += [identity.encode(), contributions[identity]]
    return h("seed", *parts, *([] if beacon is None else [beacon]))


def key(seeded: bytes, entry: Entry) -> bytes:
    """The entry's place: the least of its tickets' hashes."""
    name = entry.name.encode()
    return min(h("ticket", seeded, name, struct.pack(">I", ticket)) for ticket in range(entry.tickets))


def order(seeded: bytes, entries: Iterable[Entry]) -> list[str]:
    """The names in the order drawn."""
    return [name for _, name in sorted((key(seeded, entry), entry.name) for entry in entries)]


def check_sorted(names: list[str], what: str) -> None:
    """Raise NameDoubled or ListUnsorted unless each name comes after the one before it."""
    if len(set(names)) != len(names):
        raise NameDoubled(f"{what} name {next(name for name in names if names.count(name) > 1)} twice")
    for before, after in pairwise(names):
        if after < before:
            raise ListUnsorted(f"{what} have {after} after {before}")
