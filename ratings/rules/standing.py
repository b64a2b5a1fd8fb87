"""What an agency is (R8), from the measures in force: the hardest one counts. And what opens a case (R8, triggers)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from agencies.models import Standing
from ratings.models.exits import Measure, Trigger
from ratings.rulesets import TriggerRules

_STANDING = {Measure.WARN: Standing.WARNED, Measure.SUSPEND: Standing.SUSPENDED, Measure.REMOVE: Standing.REMOVED}
_HARSHNESS = list(Measure)
_FROM_HARDEST = (Standing.REMOVED, Standing.SUSPENDED, Standing.PROBATION, Standing.WARNED)


@dataclass(frozen=True)
class Spell:
    """A measure in force, until when (None: until re-entry), and the items it is limited to (none: the whole agency)."""

    standing: Standing
    until: datetime | None
    items: tuple[str, ...] = ()


def spell_of(measure: Measure, until: datetime | None, items: Sequence[str] = ()) -> Spell | None:
    """What a measure makes of an agency; None for no measure."""
    standing = _STANDING.get(measure)
    return Spell(standing, until, tuple(items)) if standing else None


def standing_of(spells: Iterable[Spell], *, withdrawn: bool) -> tuple[Standing, datetime | None]:
    """The standing that all spells make together, and until when. One limited to items leaves the whole agency as it is."""
    whole = [spell for spell in spells if not spell.items]
    for standing in _FROM_HARDEST:
        of = [spell for spell in whole if spell.standing is standing]
        if of and not (withdrawn and standing in (Standing.PROBATION, Standing.WARNED)):
            open_ended = any(spell.until is None for spell in of)
            return standing, None if open_ended else max(spell.until for spell in of if spell.until)
    return (Standing.WITHDRAWN if withdrawn else Standing.ACTIVE), None


@dataclass(frozen=True)
class Bound:
    """A published measure that binds, will bind, or is under appeal, and what for; `whole`: not limited to items."""

    trigger: Trigger
    measure: Measure
    whole: bool = True


def changes_nothing(proposed: Measure, binding: Iterable[Bound]) -> bool:
    """Could a measure of that hardness change nothing? Who is removed, or will be, is out until re-entry: nothing less adds."""
    removed = any(one.measure is Measure.REMOVE for one in binding)
    return removed and _HARSHNESS.index(proposed) < _HARSHNESS.index(Measure.REMOVE)


@dataclass(frozen=True)
class Record:
    """What triggers look at: the agency's credit, what was decided about it before, and which measures bind it.

    `newest_act` and `newest_rating` number the newest of each ledger: only something new opens another case. `serious`
    numbers the acts of the serious tier that count, `answered` those of them that a case has looked at already. `weighed`
    are the cases for C below a line: the newest act that each looked at, and what it proposed.
    """

    conduct: Decimal
    quality: Decimal | None
    weight: Decimal
    newest_act: int = 0
    newest_rating: int = 0
    serious: Sequence[int] = ()
    answered: Sequence[int] = ()
    complaints_upheld: Sequence[datetime] = ()
    warned: Sequence[datetime] = ()
    suspended: Sequence[datetime] = ()
    weighed: Sequence[tuple[int, Measure]] = ()
    binding: Sequence[Bound] = ()


@dataclass(frozen=True)
class Found:
    """A trigger that holds. `source` names the fact, so that it opens one case and no second."""

    trigger: Trigger
    proposed: Measure
    source: str


def triggers(record: Record, now: datetime, numbers: TriggerRules) -> list[Found]:
    """Every trigger of R8 that credit and history alone can show, the hardest proposal first."""
    found = [*_of_acts(record, numbers), *_of_history(record, now, numbers)]
    poor = record.quality is not None and record.quality < numbers.warn_quality
    if poor and record.weight >= numbers.warn_quality_weight:
        found.append(Found(Trigger.QUALITY, Measure.WARN, f"rating:{record.newest_rating}"))
    fresh = [one for one in found if not _dealt_with(one, record)]
    return sorted(fresh, key=lambda one: -_HARSHNESS.index(one.proposed))


def _dealt_with(found: Found, record: Record) -> bool:
    """Would its case bring nothing new? So it is if the measure could change nothing; if one at least as hard binds for the
    same reason, limited to items only a harder one; and if a case for C has weighed the same acts for a line as low.
    Each serious act is a reason of its own.
    """
    if changes_nothing(found.proposed, record.binding):
        return True
    if found.trigger is Trigger.SERIOUS:
        return False
    least = _HARSHNESS.index(found.proposed)
    if any(
        one.trigger is found.trigger and _HARSHNESS.index(one.measure) >= least + (not one.whole)
        for one in record.binding
    ):
        return True
    weighed = [hard for act, hard in record.weighed if act >= record.newest_act]
    return found.trigger is Trigger.CONDUCT and any(_HARSHNESS.index(hard) >= least for hard in weighed)


def _of_acts(record: Record, numbers: TriggerRules) -> list[Found]:
    """A line that C is below, and each serious act: that proposes a suspension however high C is. One act is answered once."""
    conduct = _of_conduct(record, numbers)
    fresh = [seq for seq in record.serious if seq not in record.answered]
    serious = [Found(Trigger.SERIOUS, Measure.SUSPEND, f"act:{seq}") for seq in fresh]
    if record.newest_act not in record.serious:
        return [*conduct, *serious]
    hardest = [one for one in conduct if one.proposed is Measure.REMOVE]
    return hardest or serious


def _of_conduct(record: Record, numbers: TriggerRules) -> list[Found]:
    """The hardest line that C is below."""
    for line, measure in (
        (numbers.remove_conduct, Measure.REMOVE),
        (numbers.suspend_conduct, Measure.SUSPEND),
        (numbers.warn_conduct, Measure.WARN),
    ):
        if record.conduct < line:
            return [Found(Trigger.CONDUCT, measure, f"act:{record.newest_act}:{line}")]
    return []


def _of_history(record: Record, now: datetime, numbers: TriggerRules) -> list[Found]:
    found = []
    upheld = _since(record.complaints_upheld, now - timedelta(days=numbers.warn_complaints_days))
    if len(upheld) >= numbers.warn_complaints:
        found.append(Found(Trigger.COMPLAINTS, Measure.WARN, f"complaints:{upheld[-1]:%Y-%m-%dT%H:%M:%S}"))
    warned = _since(record.warned, months_before(now, numbers.suspend_warnings_months))
    if len(warned) >= numbers.suspend_warnings:
        found.append(Found(Trigger.WARNINGS, Measure.SUSPEND, f"warnings:{warned[-1]:%Y-%m-%dT%H:%M:%S}"))
    suspended = _since(record.suspended, months_before(now, numbers.remove_suspensions_months))
    if len(suspended) >= numbers.remove_suspensions:
        found.append(Found(Trigger.SUSPENSIONS, Measure.REMOVE, f"suspensions:{suspended[-1]:%Y-%m-%dT%H:%M:%S}"))
    return found


def _since(moments: Sequence[datetime], start: datetime) -> list[datetime]:
    return sorted(moment for moment in moments if moment >= start)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many calendar months before; the month's last day where it has no such day."""
    return months_after(moment, -months)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and time so many calendar months later; the month's last day where it has no such day."""
    place = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(place, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=min(moment.day, (following - timedelta(days=1)).day))
