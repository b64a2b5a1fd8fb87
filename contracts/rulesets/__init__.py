"""The numbers of contracts, versioned apart from those of selection: a contract keeps the ones it was drafted under."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
CURRENT = "contract-2026-11"


@dataclass(frozen=True)
class ContractRules:
    """R9. Times in working days (`wd`) unless the name says otherwise."""

    id: str
    sha256: str
    sign_wd: int
    acceptance_wd: int
    reminder_wd: int
    extension_answer_wd: int
    payment_days: int
    change_percent: int
    change_published_from: int
    most_milestones: int


@cache
def contract_rules(identity: str = CURRENT) -> ContractRules:
    """The rule set of that id; raises FileNotFoundError for an unknown one."""
    content = (FOLDER / f"{identity.removeprefix('contract-')}.toml").read_bytes()
    return ContractRules(sha256=hashlib.sha256(content).hexdigest(), **tomllib.loads(content.decode()))
