"""Dates of an exit case, each with how its working days were counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.clock import BEIJING, rfc3339
from core.queries import calendar
from journal.queries import entries_of
from ratings.entries import ExitEntry
from ratings.models import Ending, ExitCase, Interim, Measure, Reentry, Repair, Step
from ratings.rulesets import ExitRules, credit_rules


@dataclass(frozen=True)
class Date:
    """One date of a case; `because` says how it was counted, `current` that the step the case is at is due then."""

    label: str
    at: datetime
    because: str = ""
    current: bool = False


# A label, where the count starts, how many working days, and the date as it stands; None: not yet, or no more.
Row = tuple[str, datetime | None, int, datetime | None]


def dates_of(case: ExitCase) -> list[Date]:
    """The dates that bind the agency, as it and the public see them."""
    numbers = credit_rules(case.ruleset).exit
    rows: list[Row] = [
        (_("视为送达"), case.noticed_at, numbers.deemed_served_wd, case.due_at if case.served_at is None else None),
        (_("陈述申辩截止"), case.served_at, _defence_wd(case, numbers), case.defence_until),
        (_("听证最迟"), case.hearing_asked_at, numbers.hearing_within_wd, _at_step(case, Step.HEARING)),
        (_("申诉截止"), case.published_at, numbers.appeal_wd, case.appeal_until),
        (_("申诉决定"), case.appealed_at, numbers.appeal_decision_wd, _at_step(case, Step.APPEALED)),
    ]
    return sorted([*_dates(rows), *_effect(case, numbers)], key=lambda date: date.at)


def dates_for_officers(
    case: ExitCase, interim: Interim | None = None, reentry: Reentry | None = None, repairs: Sequence[Repair] = ()
) -> list[Date]:
    """All of them, in their order: the regulators' own, and when the case lapses if they are late."""
    numbers = credit_rules(case.ruleset).exit
    rows: list[Row] = [
        (_("告知最迟"), case.opened_at, numbers.notice_wd, _at_step(case, Step.OPENED)),
        (_("决定最迟"), _deciding_since(case), numbers.decision_wd, _at_step(case, Step.DECIDING, Step.PROPOSED)),
        (_("逾期自动终结时间"), case.due_at, numbers.lapse_wd, case.lapses_at),
    ]
    if interim and interim.ended_at is None and interim.reviewed_at is None:
        rows.append((_("复核暂时停止最迟"), interim.ordered_at, numbers.interim_review_wd, interim.review_due_at))
    if reentry:
        rows.append((_("审核重新入驻最迟"), reentry.asked_at, numbers.repair_decision_wd, reentry.due_at))
    rows += [(_("审核信用修复最迟"), one.asked_at, numbers.repair_decision_wd, one.due_at) for one in repairs]
    found = [*_dates(rows), *dates_of(case), *_moments(case, interim)]
    return sorted(
        (Date(one.label, one.at, one.because, current=one.at == case.due_at) for one in found),
        key=lambda date: date.at,
    )


def _dates(rows: Iterable[Row]) -> list[Date]:
    return [Date(label, at, _counted(start, days, at)) for label, start, days, at in rows if start and at]


def _counted(start: datetime, days: int, at: datetime) -> str:
    """How `days` working days from `start` end at `at`; where they do not, as after a change of the calendar, how many."""
    deadline = calendar().after(start.astimezone(BEIJING).date(), days)
    if deadline.date == at.astimezone(BEIJING).date():
        return deadline.explain()
    return _("%(days)s 个工作日") % {"days": days}


def _at_step(case: ExitCase, *steps: Step) -> datetime | None:
    return case.due_at if case.step in steps else None


def _defence_wd(case: ExitCase, numbers: ExitRules) -> int:
    days = numbers.warning_defence_wd if case.proposed == Measure.WARN else numbers.defence_wd
    return days + numbers.defence_extension_wd if case.defence_extended else days


def _deciding_since(case: ExitCase) -> datetime | None:
    """When the defence, or a later hearing, was over as its file says: a clock that came late counts from then."""
    if case.step not in (Step.DECIDING, Step.PROPOSED) or case.due_at is None:
        return None
    due = rfc3339(case.due_at)
    moved = entries_of(case.number).filter(kind=ExitEntry.STEPPED)
    since = next((one.at for one in moved if one.data["step"] == Step.DECIDING and one.data["due_at"] == due), None)
    return max(filter(None, [since, case.defence_until]), default=None)


def _effect(case: ExitCase, numbers: ExitRules) -> list[Date]:
    """When the measure binds: not while an appeal runs, and never if that took it back."""
    if case.effect_at is None or case.published_at is None or case.ending == Ending.ANNULLED:
        return []
    if case.step == Step.APPEALED:
        return []
    if case.effect_at == case.appeal_decided_at:
        return [Date(_("生效"), case.effect_at, _("申诉决定作出时"))]
    return [Date(_("生效"), case.effect_at, _counted(case.published_at, numbers.effect_wd, case.effect_at))]


def _moments(case: ExitCase, interim: Interim | None) -> list[Date]:
    """What no working days lead to: the opening, a hearing that was set, the ends of terms."""
    found = [Date(_("立案时间"), case.opened_at)]
    if case.hearing_at:
        found.append(Date(_("听证"), case.hearing_at, case.hearing_place))
    if interim and interim.ended_at is None:
        found.append(Date(_("暂时停止至"), interim.until))
    if case.until and case.in_force_at:
        found.append(Date(_("期满"), case.until))
    return found
