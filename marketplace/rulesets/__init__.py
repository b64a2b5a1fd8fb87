"""Versioned rule sets: every number of the market, frozen once used.

A request keeps the rule set it was published under; `sha256` of the file stands in its case file. A set has the sections
of its time: an older one may lack what only later requests need.
"""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from marketplace.rulesets.live import Live, Low, Opening, Pause, Proxy, TieOut
from marketplace.rulesets.notices import Notice
from marketplace.rulesets.ways import Average, Contributions, CreditDraw, Direct, Draw, Merit, NoticeTier, Sealed, Way

__all__ = [
    "CURRENT",
    "Average",
    "Contributions",
    "CreditDraw",
    "Direct",
    "Draw",
    "Limits",
    "Live",
    "Low",
    "Merit",
    "Notice",
    "NoticeTier",
    "Opening",
    "Pause",
    "Proxy",
    "RuleSet",
    "Sealed",
    "Standstill",
    "TieOut",
    "Way",
    "ruleset",
]

FOLDER = Path(__file__).parent
CURRENT = "2026-12"
T = TypeVar("T")


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


class SectionMissing(LookupError):
    """The rule set is older than what is asked of it."""


@dataclass(frozen=True)
class RuleSet:
    """One version of the market's numbers; `toml` is the file itself, for records that are checked elsewhere."""

    id: str
    sha256: str
    live: Live
    standstill: Standstill
    limits: Limits
    toml: str
    numbers: Mapping[str, Any]
    sections: Mapping[type[Any], Any]

    def has(self, section: type[Any]) -> bool:
        """Is the rule set new enough to have this section?"""
        return section in self.sections

    def of(self, section: type[T]) -> T:
        """A section of the rule set; raises SectionMissing for one that is older than the section."""
        try:
            found: T = self.sections[section]
        except KeyError as missing:
            raise SectionMissing(f"{self.id} says nothing about {section.__name__}") from missing
        return found

    def way(self, method: str) -> Way:
        """What R3 asks of a selection method: notice and entrants. Raises SectionMissing."""
        return self.of(_WAYS[method])


_WAYS: dict[str, type[Way]] = {
    "live": Live,
    "sealed": Sealed,
    "average": Average,
    "merit": Merit,
    "draw": Draw,
    "credit_draw": CreditDraw,
    "direct": Direct,
}
_PLAIN: dict[str, Callable[..., Any]] = {
    "opening": Opening,
    "proxy": Proxy,
    "pause": Pause,
    "tie_out": TieOut,
    "low": Low,
    "contributions": Contributions,
    "notice": Notice,
}


@cache
def ruleset(identity: str = CURRENT) -> RuleSet:
    """The rule set of that id; raises FileNotFoundError for an unknown one."""
    return parse((FOLDER / f"{identity}.toml").read_bytes())


def parse(content: bytes) -> RuleSet:
    """A rule set from its file's bytes; raises TypeError where a number is missing or unknown."""
    data = tomllib.loads(content.decode())
    sections = [_WAYS[name].read(data[name]) for name in _WAYS if name in data]
    sections += [kind(**data[name]) for name, kind in _PLAIN.items() if name in data]
    by_kind = {type(section): section for section in sections}
    return RuleSet(
        id=data["id"],
        sha256=hashlib.sha256(content).hexdigest(),
        live=Live.read(data["live"]),
        standstill=Standstill(**data["standstill"]),
        limits=Limits(**data["limits"]),
        toml=content.decode(),
        numbers=data,
        sections=by_kind,
    )
