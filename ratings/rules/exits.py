"""The steps of an exit case (R8), judged from plain values: who may take which, when, and what time does by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from django.utils.translation import gettext_lazy as _

from core.clock import BEIJING
from ratings.models.exits import OVER, RUNNING, Measure, Step
from ratings.rules.exit_refusals import (
    ArgumentUnanswered,
    DefenceNotOver,
    ExitStep,
    HarsherOnAppeal,
    HarsherWithoutReason,
    HearingNotForWarnings,
    HearingTooSoon,
    InterimNeedsHarm,
    ItemsOnlyForSuspension,
    ReasonsMissing,
    SameEyes,
    TermOutOfRange,
    TooLate,
)
from ratings.rulesets import ExitRules


@dataclass(frozen=True)
class Moment:
    """What the clock needs to know of a case."""

    step: Step
    due_at: datetime | None
    lapses_at: datetime | None
    served_at: datetime | None
    defence_until: datetime | None
    hearing_asked_at: datetime | None
    effect_at: datetime | None
    until: datetime | None
    measure: Measure | None


class Move(StrEnum):
    """What time does to a case."""

    DEEM_SERVED = "deem_served"
    END_DEFENCE = "end_defence"
    PUT_IN_FORCE = "put_in_force"
    END = "end"
    LAPSE = "lapse"


def move_due(of: Moment, now: datetime) -> Move | None:
    """What is due at `now`. A step of the regulator's that is overdue by 20 wd ends the case in the agency's favour."""
    regulator_acts = of.step in (*RUNNING, Step.APPEALED) and of.step != Step.NOTICED
    if regulator_acts and of.lapses_at and now >= of.lapses_at:
        return Move.LAPSE
    match of.step:
        case Step.NOTICED if of.served_at is None:
            return Move.DEEM_SERVED if of.due_at and now >= of.due_at else None
        case Step.NOTICED:
            return Move.END_DEFENCE if of.defence_until and now >= of.defence_until else None
        case Step.DECIDED:
            return Move.PUT_IN_FORCE if of.effect_at and now >= of.effect_at else None
        case Step.IN_FORCE:
            # A removal ends with the re-entry that is asked for, not by itself.
            over = of.until is not None and now >= of.until and of.measure != Measure.REMOVE
            return Move.END if over else None
        case _:
            return None


def move_at(of: Moment) -> datetime | None:
    """When the next move of time is due; None while nothing is."""
    match of.step:
        case Step.NOTICED:
            return of.due_at if of.served_at is None else of.defence_until
        case Step.DECIDED:
            return of.effect_at
        case Step.IN_FORCE:
            return None if of.measure == Measure.REMOVE else of.until
        case Step.OPENED | Step.HEARING | Step.DECIDING | Step.PROPOSED | Step.APPEALED:
            return of.lapses_at
        case Step.ENDED | Step.CLOSED | Step.LAPSED:
            return None
        case _ as unknown:
            assert_never(unknown)


@dataclass(frozen=True)
class Officers:
    """Who did what in a case so far, by user."""

    opened: int | None = None
    confirmed: int | None = None
    noticed: int | None = None
    decided: int | None = None
    seconded: int | None = None

    def role_of(self, user: int, *, among: Collection[str]) -> str | None:
        """The first of the roles that the user had already."""
        held = {
            "opened": self.opened,
            "confirmed": self.confirmed,
            "noticed": self.noticed,
            "decided": self.decided,
            "seconded": self.seconded,
        }
        return next((role for role in among if held[role] == user), None)


_ROLES = {
    "opened": _("立案人"),
    "confirmed": _("检查结果确认人"),
    "noticed": _("承办人"),
    "decided": _("决定人"),
    "seconded": _("审议人"),
}
_ACTS = {
    "hear": _("主持听证"),
    "decide": _("作出决定"),
    "second": _("审议"),
    "appeal": _("审理申诉"),
    "review": _("复核"),
}
_APART = {
    "hear": ("opened", "confirmed", "noticed"),
    "decide": ("opened", "confirmed", "noticed"),
    "second": ("opened", "confirmed", "noticed", "decided"),
    "appeal": ("opened", "confirmed", "noticed", "decided", "seconded"),
}


def judge_eyes(act: str, user: int, officers: Officers) -> None:
    """Raise SameEyes if the user took part in a way that excludes `act`: "hear", "decide", "second" or "appeal" (I9)."""
    role = officers.role_of(user, among=_APART[act])
    if role is not None:
        raise SameEyes(role=str(_ROLES[role]), act=str(_ACTS[act]))


def judge_reviewer(user: int, ordered_by: int) -> None:
    """Raise SameEyes unless an interim suspension is reviewed by another officer than the one who ordered it."""
    if user == ordered_by:
        raise SameEyes(role=str(_("命令人")), act=str(_ACTS["review"]))


def judge_at(step: Step, *allowed: Step) -> None:
    """Raise ExitStep unless the case is at one of the steps `allowed`."""
    if step not in allowed:
        raise ExitStep(step=str(step.label))


def judge_defence(of: Moment, now: datetime) -> None:
    """Raise ExitStep or TooLate unless the agency may answer now: a hearing held early takes nothing of its time."""
    judge_at(of.step, Step.NOTICED, Step.HEARING, Step.DECIDING)
    if of.defence_until is not None and now >= of.defence_until:
        raise TooLate(until=_minute(of.defence_until))


def judge_hearing_request(of: Moment, proposed: Measure, now: datetime, until: datetime) -> None:
    """Raise HearingNotForWarnings, ExitStep or TooLate unless a hearing may be asked for."""
    if proposed not in (Measure.SUSPEND, Measure.REMOVE):
        raise HearingNotForWarnings()
    judge_at(of.step, Step.NOTICED)
    if now >= until:
        raise TooLate(until=_minute(until))


def judge_hearing_date(now: datetime, at: datetime, held_by: datetime, numbers: ExitRules) -> None:
    """Raise HearingTooSoon unless the agency hears of it in time and it is held in time."""
    if not now + timedelta(days=numbers.hearing_notice_days) <= at <= held_by:
        raise HearingTooSoon(days=numbers.hearing_notice_days, until=_minute(held_by))


@dataclass(frozen=True)
class Ruling:
    """What an officer proposes to decide. `answers` stand beside the arguments of the defence, in their order."""

    measure: Measure
    reasons: str
    months: int | None = None
    items: Sequence[str] = ()
    answers: Sequence[str] = ()
    harsher_because: str = ""
    contracts_stop: bool = False


def judge_ruling(
    ruling: Ruling, of: Moment, *, proposed: Measure, arguments: int, now: datetime, numbers: ExitRules
) -> None:
    """Raise unless the case is ripe and the decision whole, proportionate and within its range."""
    judge_at(of.step, Step.DECIDING)
    judge_defence_over(of.defence_until, now)
    if not ruling.reasons.strip():
        raise ReasonsMissing()
    unanswered = [n for n in range(arguments) if not _given(ruling.answers, n)]
    if unanswered:
        raise ArgumentUnanswered(count=arguments, missing=unanswered[0] + 1)
    if _HARSHNESS[ruling.measure] > _HARSHNESS[proposed] and not ruling.harsher_because.strip():
        raise HarsherWithoutReason(proposed=str(proposed.label))
    if ruling.items and ruling.measure != Measure.SUSPEND:
        raise ItemsOnlyForSuspension()
    _judge_term(ruling, numbers)


def judge_defence_over(until: datetime | None, now: datetime) -> None:
    """Raise DefenceNotOver while the agency may still answer."""
    if until is None or now < until:
        raise DefenceNotOver(until=_minute(until or now))


def judge_appeal(of: Moment, now: datetime, until: datetime | None) -> None:
    """Raise ExitStep or TooLate unless the decision may be appealed now."""
    judge_at(of.step, Step.DECIDED, Step.IN_FORCE)
    if until is None or now >= until:
        raise TooLate(until=_minute(until or now))


def judge_milder(
    measure: Measure | None, months: int | None, before: Measure, before_months: int | None, numbers: ExitRules
) -> None:
    """Raise HarsherOnAppeal or TermOutOfRange unless the measure is milder than, or shorter than, the one before."""
    if measure is None:
        raise HarsherOnAppeal(measure=str(before.label))
    harder = _HARSHNESS[measure] - _HARSHNESS[before]
    if harder > 0 or (harder == 0 and (months or 0) >= (before_months or 0)):
        raise HarsherOnAppeal(measure=str(before.label))
    _judge_term(Ruling(measure, "", months), numbers)


def judge_interim(step: Step, reason: str, *, ordered: bool) -> None:
    """Raise InterimNeedsHarm or ReasonsMissing unless an interim suspension may be ordered."""
    if step in OVER or step not in RUNNING or ordered:
        raise InterimNeedsHarm()
    if not reason.strip():
        raise ReasonsMissing()


def term_range(measure: Measure, numbers: ExitRules) -> tuple[int, int] | None:
    """The least and most months of a measure; None where it has no term to choose."""
    match measure:
        case Measure.SUSPEND:
            return numbers.suspend_months
        case Measure.REMOVE:
            return numbers.remove_years[0] * 12, numbers.remove_years[1] * 12
        case Measure.NONE | Measure.WARN:
            return None
        case _ as unknown:
            assert_never(unknown)


_HARSHNESS = {measure: n for n, measure in enumerate(Measure)}


def _judge_term(ruling: Ruling, numbers: ExitRules) -> None:
    allowed = term_range(ruling.measure, numbers)
    if allowed is None:
        return
    least, most = allowed
    if ruling.months is None or not least <= ruling.months <= most:
        raise TermOutOfRange(measure=str(ruling.measure.label), least=least, most=most)


def _given(answers: Sequence[str], n: int) -> bool:
    return n < len(answers) and bool(answers[n].strip())


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
