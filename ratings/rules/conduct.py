"""Conduct C (守约分, R7): 100 less what acts cost, plus what clean years earn.

    C = clamp(100 - Σ points · m [of acts that count now] + b, 0, 100)

Free of the framework and in a decimal context of its own, so that everybody who recomputes C from what is public gets
the same digits. Whatever happened after the moment that is asked for does not exist for it: any past C can be had again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from enum import StrEnum

from ratings.rulesets import ConductRules

DIGITS = Context(prec=28, rounding=ROUND_HALF_EVEN)
FULL = Decimal(100)
_ZERO = Decimal(0)


class ActStatus(StrEnum):
    """What an act is at a moment. Only `counts` costs points; `counts` and `expired` make a later same act dearer."""

    PENDING = "pending"  # the time to object runs
    COUNTS = "counts"
    OBJECTED = "objected"
    STRUCK = "struck"
    REPAIRED = "repaired"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Happening:
    """What became of an act: `objected`, `upheld`, `struck` or `repaired`, and the number of its entry."""

    kind: str
    at: datetime
    seq: int


@dataclass(frozen=True)
class ActFact:
    """An act as it was noted. `key` is unique, `seq` its entry in the agency's case file; evidence and path are public."""

    key: str
    code: str
    tier: str
    points: Decimal
    happened_at: datetime
    noted_at: datetime
    counts_from: datetime
    expires_at: datetime
    seq: int
    evidence: str = ""
    path: str = ""
    events: tuple[Happening, ...] = ()


@dataclass(frozen=True)
class FinishedContract:
    """A contract that the agency carried through to its end."""

    number: str
    completed_at: datetime


@dataclass(frozen=True)
class ConductTerm:
    """One act in the sum. `full` is what it costs while it counts, `deducted` what it costs now."""

    fact: ActFact
    status: ActStatus
    multiplier: Decimal
    full: Decimal
    deducted: Decimal


@dataclass(frozen=True)
class Year:
    """Twelve months since the agency registered: it earns a point if clean and busy."""

    begins: datetime
    ends: datetime
    contracts: int
    clean: bool
    earned: bool


@dataclass(frozen=True)
class Conduct:
    """C (`value`) with everything it is made of. Terms run from the oldest act to the newest, years likewise."""

    value: Decimal
    deducted: Decimal
    bonus: Decimal
    terms: tuple[ConductTerm, ...]
    years: tuple[Year, ...]


def conduct(
    acts: Iterable[ActFact],
    contracts: Iterable[FinishedContract],
    registered_at: datetime,
    now: datetime,
    numbers: ConductRules,
) -> Conduct:
    """C at `now`, of acts noted and contracts completed until then."""
    length = timedelta(days=numbers.repeat_window_days)
    completed = Counter((contract.completed_at - registered_at) // length for contract in contracts)
    return conduct_of_years(acts, completed, registered_at, now, numbers)


def conduct_of_years(
    acts: Iterable[ActFact],
    completed: Mapping[int, int],
    registered_at: datetime,
    now: datetime,
    numbers: ConductRules,
) -> Conduct:
    """The same, of the number of contracts completed in each year since registration: 0 is the first."""
    with localcontext(DIGITS):
        known = sorted((act for act in acts if act.noted_at <= now), key=_in_time)
        terms = _terms(known, now, numbers)
        years = _years([term for term in terms if _weighs(term.status)], completed, registered_at, now, numbers)
        bonus = min(Decimal(sum(year.earned for year in years)), numbers.bonus_most)
        deducted = sum((term.deducted for term in terms), _ZERO)
        return Conduct(min(max(FULL - deducted + bonus, _ZERO), FULL), deducted, bonus, tuple(terms), years)


def status_of(act: ActFact, now: datetime) -> ActStatus:
    """What the act is at `now`. Struck and repaired are for good; an objection holds it back until decided."""
    kinds = {event.kind for event in act.events if event.at <= now}
    for ended in (ActStatus.REPAIRED, ActStatus.STRUCK):
        if ended in kinds:
            return ended
    if "objected" in kinds and "upheld" not in kinds:
        return ActStatus.OBJECTED
    if now < act.counts_from:
        return ActStatus.PENDING
    return ActStatus.COUNTS if now < act.expires_at else ActStatus.EXPIRED


def next_change(acts: Iterable[ActFact], now: datetime) -> datetime | None:
    """When time alone next changes what an act is; None if it never does."""
    standing = {ActStatus.PENDING, ActStatus.COUNTS}
    coming = [
        act.counts_from if status is ActStatus.PENDING else act.expires_at
        for act in acts
        if (status := status_of(act, now)) in standing
    ]
    return min(coming, default=None)


def _weighs(status: ActStatus) -> bool:
    return status in (ActStatus.COUNTS, ActStatus.EXPIRED)


def _in_time(act: ActFact) -> tuple[datetime, int, str]:
    return act.happened_at, act.seq, act.key


def _terms(ordered: Sequence[ActFact], now: datetime, numbers: ConductRules) -> list[ConductTerm]:
    """Each act with its multiplier: how many same acts that weigh came before it within twelve months."""
    window = timedelta(days=numbers.repeat_window_days)
    before: dict[str, list[datetime]] = {}
    terms = []
    for act in ordered:
        status = status_of(act, now)
        earlier = before.setdefault(act.code, [])
        repeats = sum(act.happened_at - at <= window for at in earlier)
        multiplier = numbers.multipliers[min(repeats, len(numbers.multipliers) - 1)]
        full = act.points * multiplier
        terms.append(ConductTerm(act, status, multiplier, full, full if status is ActStatus.COUNTS else _ZERO))
        if _weighs(status):
            earlier.append(act.happened_at)
    return terms


def years_that_earn(
    registered_at: datetime, now: datetime, numbers: ConductRules
) -> dict[int, tuple[datetime, datetime]]:
    """The last full years since registration, no more than can earn something: what was earned long ago fades.

    They are counted from the registration, not back from now, so that an act can spoil a year but never move one. Each by
    its number, with its first moment and the one after its last.
    """
    length = timedelta(days=numbers.repeat_window_days)
    full = max((now - registered_at) // length, 0)
    begin = max(full - int(numbers.bonus_most), 0)
    return {n: (registered_at + n * length, registered_at + (n + 1) * length) for n in range(begin, full)}


def _years(
    weighing: Sequence[ConductTerm],
    completed: Mapping[int, int],
    registered_at: datetime,
    now: datetime,
    numbers: ConductRules,
) -> tuple[Year, ...]:
    years = []
    for number, (begins, ends) in years_that_earn(registered_at, now, numbers).items():
        count = completed.get(number, 0)
        clean = not any(begins <= term.fact.happened_at < ends for term in weighing)
        years.append(Year(begins, ends, count, clean, clean and count >= numbers.bonus_contracts))
    return tuple(years)
