"""The regulators' own punctuality (R8), from the entries of exit cases: each step they owed, its date, when it was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import from_rfc3339

# Steps whose next move is the regulators'; in `noticed` the agency's time runs.
_OWED = ("opened", "hearing", "deciding", "proposed", "appealed")


@dataclass(frozen=True)
class Owed:
    """One step that the regulators owed. `done_at` is None while it is open."""

    step: str
    due_at: datetime
    done_at: datetime | None

    def state(self, now: datetime) -> str:
        """`in_time`, `late`, `overdue` or `open`."""
        if self.done_at is not None:
            return "in_time" if self.done_at <= self.due_at else "late"
        return "overdue" if now > self.due_at else "open"


@dataclass(frozen=True)
class Line:
    """How often a step was done in time, late, is overdue now, or still has time."""

    step: str
    in_time: int
    late: int
    overdue: int
    open: int

    @property
    def share(self) -> int | None:
        """Per cent in time of all that are done or overdue; None while there are none."""
        judged = self.in_time + self.late + self.overdue
        return round(100 * self.in_time / judged) if judged else None


def owed_in(entries: Sequence[tuple[str, datetime, dict[str, Any]]]) -> list[Owed]:
    """What was owed in one case, from its entries in order: (kind, at, data)."""
    found: list[Owed] = []
    waiting: tuple[str, datetime] | None = None
    for kind, at, data in entries:
        step = "opened" if kind == "exit.opened" else data.get("step")
        if step is None:
            continue
        if waiting is not None and step != waiting[0]:
            found.append(Owed(*waiting, at))
            waiting = None
        if step in _OWED and data.get("due_at"):
            waiting = step, from_rfc3339(data["due_at"])
    if waiting is not None:
        found.append(Owed(*waiting, None))
    return found


def punctuality(owed: Iterable[Owed], now: datetime) -> list[Line]:
    """One line a step, in the order of R8."""
    found = list(owed)
    return [line_of(step, (one for one in found if one.step == step), now) for step in _OWED]


def line_of(step: str, owed: Iterable[Owed], now: datetime) -> Line:
    """The line of one step."""
    states = dict.fromkeys(("in_time", "late", "overdue", "open"), 0)
    for one in owed:
        states[one.state(now)] += 1
    return Line(step, **states)
