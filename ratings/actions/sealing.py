"""Append entries whose words can be taken back: the case file holds a commitment, its opening can be erased (P22.3, R8)."""

import secrets
from typing import Any

from journal.actions import Held, Written
from journal.canon import commitment
from ratings.models import Opening

SALT_BYTES = 32


def append_sealed(held: Held, kind: str, subject: str, value: dict[str, Any]) -> Written:
    """Append `{"commitment": SHA-256(kind ‖ salt ‖ JCS(value))}` and keep its opening. Part of a larger verb."""
    salt = secrets.token_bytes(SALT_BYTES)
    written = held.append(kind, {"commitment": commitment(kind, salt, value)})
    Opening.objects.create(case_id=held.id, seq=written.seq, kind=kind, subject=subject, salt=salt, value=value)
    return written


def erase(held: Held, subject: str) -> int:
    """What was sealed about the subject in this case file can never be read again; returns how many entries fell silent."""
    return Opening.objects.filter(case_id=held.id, subject=subject).delete()[0]


def about_act(source: str, code: str) -> str:
    """The subject of an act's entries."""
    return f"act:{code}:{source}"[:80]


def about_case(number: str) -> str:
    """The subject of an exit case's entries in the agency's file."""
    return f"case:{number}"


def about_list(flag: int) -> str:
    """The subject of what the agency's file says of a list that names it."""
    return f"list:{flag}"
