"""政策对照: each clause with the rules and tests that hold it. The table is made by `manage.py policy_docs` and shipped."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
TABLE = DATA / "policy.json"


@dataclass(frozen=True)
class Clause:
    """One clause or invariant: what it says, what the platform does, and the names that hold it."""

    id: str
    says: str
    so: str
    rules: tuple[str, ...]
    tests: tuple[str, ...]


@cache
def table() -> tuple[Clause, ...]:
    """All clauses, then the invariants, in the order of the plan."""
    held = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    return tuple(
        Clause(name, text["says"], text["so"], tuple(held.get(name, {}).get("rules", ())), _tests(held, name))
        for name, text in sayings().items()
    )


def sayings() -> dict[str, dict[str, Any]]:
    """Clause → what it `says` and `so` what follows, in Chinese; perhaps `tests` that hold it without a mark."""
    return tomllib.loads((DATA / "clauses.toml").read_text())


def _tests(held: dict[str, dict[str, list[str]]], name: str) -> tuple[str, ...]:
    return tuple(held.get(name, {}).get("tests", ()))
