"""Hold an exit case: the agency's case row first, then the case's own file; and know who acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from accounts.models import Kind, Membership, Organisation, User
from agencies.models import Agency
from core.clock import rfc3339
from core.queries import calendar
from journal.actions import Held, lock_case
from ratings.actions.sealing import about_case, append_sealed
from ratings.entries import ExitEntry
from ratings.models import OVER, ExitCase, Measure, Step
from ratings.rules.exit_refusals import NotAnOfficer
from ratings.rules.exits import Moment, Officers, move_at
from ratings.rulesets import ExitRules, credit_rules


@dataclass
class Grip:
    """A case that this transaction holds, with its agency's case file; `now` is the moment it judges by."""

    of_agency: Held
    own: Held
    case: ExitCase

    @property
    def now(self) -> datetime:
        """Read after both locks."""
        return self.own.now

    @property
    def numbers(self) -> ExitRules:
        """The clocks the case was opened under."""
        return credit_rules(self.case.ruleset).exit

    @property
    def agency(self) -> Agency:
        """Whom it is about."""
        return self.case.agency

    def say(self, kind: str, value: dict[str, Any]) -> None:
        """Put into the agency's public file what a credit repair must be able to take back."""
        append_sealed(self.of_agency, kind, about_case(self.case.number), value)

    def wd(self, days: int, start: datetime | None = None) -> datetime:
        """So many working days after `start`, by default now."""
        return calendar().add(start or self.now, days)


def grip(number: str) -> Grip:
    """Hold the case of that number; raises Http404 for an unknown one."""
    uscc = ExitCase.objects.filter(number=number).values_list("agency__organisation__uscc", flat=True).first()
    if uscc is None:
        raise Http404(number)
    of_agency = lock_case(f"A-{uscc}")
    own = lock_case(number)
    return Grip(of_agency, own, ExitCase.objects.select_related("agency__organisation").get(number=number))


def must_be_officer(user: User, by: Organisation, agency: Agency) -> None:
    """Raise NotAnOfficer unless somebody acts for a regulator who has no part in the agency (I9)."""
    party = Membership.objects.filter(user=user, organisation=agency.organisation_id)
    if by.kind != Kind.REGULATOR or by.pk == agency.organisation_id or party.exists():
        raise NotAnOfficer()


def must_be_party(by: Organisation, agency: Agency) -> None:
    """Raise Http404 unless the agency itself acts: whose case it is, is nobody else's to know."""
    if by.pk != agency.organisation_id:
        raise Http404


def moment_of(case: ExitCase) -> Moment:
    """What pure rules look at."""
    return Moment(
        step=Step(case.step),
        due_at=case.due_at,
        lapses_at=case.lapses_at,
        served_at=case.served_at,
        defence_until=case.defence_until,
        hearing_asked_at=case.hearing_asked_at,
        effect_at=case.effect_at,
        until=case.until,
        measure=Measure(case.measure) if case.measure else None,
    )


def officers_of(case: ExitCase) -> Officers:
    """Who did what so far."""
    return Officers(
        case.opened_by_id, case.confirmed_by_id, case.noticed_by_id, case.decided_by_id, case.seconded_by_id
    )


def step(held: Grip, to: Step, *, due_at: datetime | None = None, **data: Any) -> None:
    """Move the case to a step with its new date, save it, and say so in its own file.

    Whose turn it is has until `due_at`; 20 working days later the case lapses in the agency's favour.
    """
    case, before = held.case, held.case.step
    case.step, case.due_at = to, due_at
    case.lapses_at = None if due_at is None or to in OVER else held.wd(held.numbers.lapse_wd, due_at)
    moved = ExitCase.objects.filter(pk=case.pk, step=before)
    assert moved.exists(), f"{case.number} was not at {before}"
    case.save()
    entry = {"step": to.value, "due_at": rfc3339(due_at) if due_at else None, **data}
    held.own.append(ExitEntry.STEPPED, entry)


def next_move_at(case: ExitCase) -> datetime | None:
    """When time moves it on by itself."""
    return move_at(moment_of(case))
