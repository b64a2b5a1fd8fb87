"""What a register answers, and when to ask again. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from agencies.models import Qualification, RegisterStatus

# Asked again after a week; every day from two months before the end on; after a silence, after a quarter of an hour.
EVERY = timedelta(days=7)
NEAR_THE_END = timedelta(days=60)
EVERY_NEAR_THE_END = timedelta(days=1)
AGAIN = timedelta(minutes=15)


class Unavailable(Exception):
    """The register gave no answer, or none that can be believed. Nothing is concluded from it."""


@dataclass(frozen=True)
class Question:
    """One certificate: the kind's code on this platform, its number, and whose it is said to be (USCC)."""

    kind: str
    number: str
    holder: str


@dataclass(frozen=True)
class Answer:
    """What the register says, and under which name it says it."""

    status: RegisterStatus
    source: str
    valid_until: date | None = None
    revoked_on: date | None = None
    reason: str = ""


class Register(Protocol):
    """Where certificates are looked up."""

    def ask(self, question: Question) -> Answer:
        """Its answer; raises Unavailable."""
        ...


def read(told: Mapping[str, Any]) -> Answer:
    """The answer in a register's JSON object; raises Unavailable for one that does not hold to the shape."""
    try:
        status = RegisterStatus(told["status"])
        source = str(told["source"]).strip()[:100]
        valid_until, revoked_on = _day(told.get("valid_until")), _day(told.get("revoked_on"))
    except (KeyError, TypeError, ValueError) as wrong:
        raise Unavailable(f"not an answer: {wrong}") from wrong
    if not source:
        raise Unavailable("an answer without its source")
    if (status is RegisterStatus.REVOKED) != (revoked_on is not None):
        raise Unavailable("a certificate is revoked on a day, and only then")
    if status is RegisterStatus.EXPIRED and valid_until is None:
        raise Unavailable("an expired certificate without its last day")
    return Answer(status, source, valid_until, revoked_on, str(told.get("reason") or "")[:200])


def next_look(now: datetime, ends: date) -> datetime:
    """When to ask again after an answer at `now` about a certificate that ends on that day."""
    left = ends - now.date()
    near = timedelta(0) <= left <= NEAR_THE_END
    return now + (EVERY_NEAR_THE_END if near else EVERY)


def forget_look_up(row: Qualification) -> None:
    """What was said of another certificate says nothing of this one."""
    row.looked_up_at, row.register_until, row.revoked_on = None, None, None
    row.register_status = row.register_source = row.register_reason = ""


def _day(told: object) -> date | None:
    return None if told is None else date.fromisoformat(str(told))
