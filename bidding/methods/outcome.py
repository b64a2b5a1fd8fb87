"""What a selection method decides, as plain values: no Django, so a verifier can use it alone."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class CaseEntry:
    """One entry of a case file as anyone reads it from the public record."""

    seq: int
    at: str
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Place:
    """One bidder's place: its label, its last price in fen, how many bids it made."""

    rank: int
    label: str
    amount: int
    bids: int


@dataclass(frozen=True)
class Outcome:
    """Who won at what price (fen), or why nobody did."""

    winner: str | None
    amount: int | None
    ranking: tuple[Place, ...] = field(default_factory=tuple)
    failure: str | None = None
