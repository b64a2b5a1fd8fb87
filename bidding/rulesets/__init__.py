"""What a standing allows in selections (R8), as numbers.

Apart from the market's rule sets (`marketplace.rulesets`), which requests have used and which are therefore frozen.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
CURRENT = "2026-11"


@dataclass(frozen=True)
class Probation:
    """What an agency on probation may have at the same time, and of what size each."""

    awards_most: int
    ceiling_most_yuan: int

    @property
    def ceiling_most(self) -> int:
        """In fen."""
        return self.ceiling_most_yuan * 100


@dataclass(frozen=True)
class StandingRules:
    """One version of these numbers."""

    id: str
    sha256: str
    probation: Probation


@cache
def standing_rules(version: str = CURRENT) -> StandingRules:
    """The numbers of that version; raises FileNotFoundError for an unknown one, TypeError for a number too many or few."""
    content = (_FOLDER / f"{version}.toml").read_bytes()
    data = tomllib.loads(content.decode())
    return StandingRules(data["id"], hashlib.sha256(content).hexdigest(), Probation(**data["probation"]))
