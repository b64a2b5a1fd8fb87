"""What a selection decides, as plain values: no Django, so a verifier can use it alone (I8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class RecordUnfit(ValueError):
    """The case file lacks, or contradicts, what its method needs to decide."""


@dataclass(frozen=True)
class CaseEntry:
    """One entry of a case file as anyone reads it from the public record."""

    seq: int
    at: str
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Place:
    """One bidder's place: its label, its last price in fen, how many bids it made, and how that price came.

    `by` is `bid`, `proxy`, `opening`, `tie_out`, or `floor` for what a loser would have gone down to (R5.6).
    """

    rank: int
    label: str
    amount: int
    bids: int
    by: str = "bid"


@dataclass(frozen=True)
class Outcome:
    """Who won at what price (fen), or why nobody did, or between whom a draw is still to decide.

    `facts` are the numbers on the way, such as a mean or scores, for whoever explains the outcome.
    """

    winner: str | None
    amount: int | None
    ranking: tuple[Place, ...] = field(default_factory=tuple)
    failure: str | None = None
    tied: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def barred(entries: list[CaseEntry]) -> frozenset[str]:
    """The labels of those whose offers are void, for whatever reason (R8)."""
    return frozenset(str(e.data["label"]) for e in entries if e.kind == "bidder.barred")
