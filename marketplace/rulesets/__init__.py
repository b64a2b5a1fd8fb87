"""Versioned rule sets: every number of the market, frozen once used.

A request keeps the rule set it was published under; `sha256` of the file stands in its case file.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
CURRENT = "2026-11"


@dataclass(frozen=True)
class NoticeTier:
    """At least `wd` working days of notice for a ceiling up to `up_to_yuan` (None: any)."""

    wd: int
    up_to_yuan: int | None = None


@dataclass(frozen=True)
class Live:
    """R3 and R5 for the live auction."""

    notice_tiers: tuple[NoticeTier, ...]
    entrants_government: int
    entrants_other: int
    government_may_go_on_with: int
    extension_wd: int
    ready_seconds: int
    live_seconds: int
    step_permille: int
    step_least_yuan: int
    confirm_undercut_percent: int
    soft_close_window_seconds: int
    soft_close_extension_seconds: int
    hard_end_minutes: int
    slots: tuple[tuple[str, str], ...]
    slot_capacity: int
    # R5.10, demo and practice: enrolment lasts so many seconds and the selection follows at once, at any time; 0: never.
    any_time_after_seconds: int = 0

    def notice_wd(self, ceiling_fen: int) -> int:
        """Working days of notice that a ceiling asks for."""
        return next(t.wd for t in self.notice_tiers if t.up_to_yuan is None or ceiling_fen <= t.up_to_yuan * 100)

    def entrants(self, *, government: bool) -> int:
        """How many must enrol."""
        return self.entrants_government if government else self.entrants_other

    def step(self, ceiling_fen: int) -> int:
        """The least fall of the price, in fen: a share of the ceiling rounded up to a yuan, at least one yuan."""
        yuan = -(-ceiling_fen * self.step_permille // 100_000)
        return max(self.step_least_yuan, yuan) * 100


@dataclass(frozen=True)
class Standstill:
    """R5.9, in working days."""

    government_wd: int
    other_wd: int
    answer_wd: int
    complaint_wd: int
    decision_wd: int
    decision_extension_wd: int
    next_in_rank_percent: int

    def wd(self, *, government: bool) -> int:
        """How long the award stands open to objection."""
        return self.government_wd if government else self.other_wd


@dataclass(frozen=True)
class Limits:
    """Where other law takes over."""

    tendering_yuan: int


@dataclass(frozen=True)
class RuleSet:
    """One version of the market's numbers."""

    id: str
    sha256: str
    live: Live
    standstill: Standstill
    limits: Limits


@cache
def ruleset(identity: str = CURRENT) -> RuleSet:
    """The rule set of that id; raises FileNotFoundError for an unknown one."""
    return parse((FOLDER / f"{identity}.toml").read_bytes())


def parse(content: bytes) -> RuleSet:
    """A rule set from its file's bytes; raises TypeError where a number is missing or unknown."""
    data = tomllib.loads(content.decode())
    live = data["live"]
    tiers = tuple(NoticeTier(**tier) for tier in live.pop("notice_tiers"))
    slots = tuple((first, last) for first, last in live.pop("slots"))
    return RuleSet(
        id=data["id"],
        sha256=hashlib.sha256(content).hexdigest(),
        live=Live(notice_tiers=tiers, slots=slots, **live),
        standstill=Standstill(**data["standstill"]),
        limits=Limits(**data["limits"]),
    )
