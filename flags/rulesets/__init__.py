"""The numbers of R10, from TOML; a set that was used is never edited."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
CURRENT = "2026-12"

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class FlagRules:
    """One version of the numbers; `sha256` is the file's."""

    id: str
    sha256: str
    sections: Mapping[str, Numbers]

    def of(self, code: str) -> Numbers:
        """The numbers of one rule; raises KeyError."""
        return self.sections[code]

    @property
    def life(self) -> Numbers:
        """The clocks and counts of a flag's life."""
        return self.sections["life"]


@cache
def flag_rules(identity: str = CURRENT) -> FlagRules:
    """The numbers of that id; raises FileNotFoundError for an unknown one."""
    content = (FOLDER / f"{identity}.toml").read_bytes()
    return FlagRules(identity, hashlib.sha256(content).hexdigest(), tomllib.loads(content.decode()))
