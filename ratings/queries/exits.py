"""Exit cases as their party and the public see them. Absent and not yours look the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Organisation
from agencies.models import Agency
from core.clock import database_now
from core.errors import Gone
from core.queries import calendar
from ratings.models import (
    Document,
    DocumentKind,
    Ending,
    ExitCase,
    Interim,
    Measure,
    Reentry,
    Repair,
    RepairStatus,
    Step,
    Trigger,
)
from ratings.rules.standing import Bound, months_before
from ratings.rulesets import credit_rules

_RELATED = ("agency__organisation", "case")
_BINDS = (Step.DECIDED, Step.APPEALED, Step.IN_FORCE)


@dataclass
class PartyVerb:
    """Something the agency may do now; `until` is when that ends."""

    name: str
    label: str
    until: datetime | None = None
    form: Any = None
    primary: bool = False


def cases_of(organisation: Organisation) -> QuerySet[ExitCase]:
    """An agency's own cases, the newest first."""
    return ExitCase.objects.filter(agency__organisation=organisation).select_related(*_RELATED)


def case_of_party(organisation: Organisation, number: str) -> ExitCase:
    """Its own case of that number; raises Http404."""
    return get_object_or_404(cases_of(organisation), number=number)


def public_cases() -> QuerySet[ExitCase]:
    """Every measure that was published, corrections among them; what was repaired is gone (R8)."""
    published = ExitCase.objects.filter(published_at__isnull=False).exclude(ending=Ending.REPAIRED)
    return published.select_related(*_RELATED).order_by("-published_at", "-pk")


def binding_cases(agency: Agency) -> QuerySet[ExitCase]:
    """Its published measures that are in force, will be, or are under appeal: of the whole agency or of single items."""
    return public_cases().filter(agency=agency, step__in=_BINDS)


def bound(agency: Agency) -> list[Bound]:
    """The same, as the rules of triggers look at them."""
    rows = binding_cases(agency).values_list("trigger", "measure", "items")
    return [Bound(Trigger(trigger), Measure(measure), not items) for trigger, measure, items in rows]


def removals() -> QuerySet[ExitCase]:
    """Of all agencies, the removals among them: a lesser case waits until they are over."""
    return public_cases().filter(measure=Measure.REMOVE, step__in=_BINDS)


def corrections_of(agency: Agency, now: datetime) -> QuerySet[ExitCase]:
    """Decisions that were taken back, for as long as a warning would have stood."""
    since = months_before(now, credit_rules().exit.warn_months)
    return public_cases().filter(agency=agency, ending=Ending.ANNULLED, ended_at__gte=since)


def interim_of(agency: Agency, now: datetime) -> Interim | None:
    """The interim suspension it is under. Of what it is accused, is not public yet."""
    return Interim.objects.filter(case__agency=agency, ended_at__isnull=True, until__gt=now).first()


def public_case(number: str) -> ExitCase:
    """The published case of that number; raises Http404, and Gone where a repair removed it (R8)."""
    if ExitCase.objects.filter(number=number, published_at__isnull=False, ending=Ending.REPAIRED).exists():
        raise Gone(number)
    return get_object_or_404(public_cases(), number=number)


def is_public(number: str) -> bool:
    """May everybody read the case's file?"""
    return public_cases().filter(number=number).exists()


def must_be_public(number: str) -> None:
    """Raise Http404, or Gone, unless everybody may read the case's file."""
    public_case(number)


def verbs_of(case: ExitCase) -> list[PartyVerb]:
    """What the agency may do next."""
    now = database_now()
    match Step(case.step):
        case Step.NOTICED if case.served_at is None:
            return [PartyVerb("receive", _("查收告知书"), case.due_at, primary=True)]
        case Step.NOTICED | Step.HEARING | Step.DECIDING if case.defence_until and now < case.defence_until:
            return _answers(case, now)
        case Step.DECIDED | Step.IN_FORCE:
            return [*_appeal(case, now), *_ways_back(case, now)]
        case _:
            return []


def _answers(case: ExitCase, now: datetime) -> list[PartyVerb]:
    numbers = credit_rules(case.ruleset).exit
    found = [PartyVerb("defend", _("陈述申辩"), case.defence_until, primary=True)]
    if not case.defence_extended:
        found.append(PartyVerb("time", _("申请延长期限"), case.defence_until))
    until = calendar().add(case.served_at or now, numbers.hearing_request_wd)
    if case.step == Step.NOTICED and case.proposed != Measure.WARN and now < until:
        found.append(PartyVerb("hearing", _("申请听证"), until))
    return found


def _appeal(case: ExitCase, now: datetime) -> list[PartyVerb]:
    if case.appealed_at or case.appeal_until is None or now >= case.appeal_until:
        return []
    return [PartyVerb("appeal", _("申诉"), case.appeal_until, primary=True)]


def _ways_back(case: ExitCase, now: datetime) -> list[PartyVerb]:
    if case.step != Step.IN_FORCE or case.in_force_at is None or case.until is None:
        return []
    if case.measure == Measure.REMOVE:
        asked = Reentry.objects.filter(case=case, status=RepairStatus.ASKED).exists()
        return [] if asked or now < case.until else [PartyVerb("reentry", _("申请重新入驻"), primary=True)]
    asked = case.repairs.filter(status=RepairStatus.ASKED).exists()
    ripe = now >= case.in_force_at + (case.until - case.in_force_at) / 2
    return [PartyVerb("repair", _("申请信用修复"))] if ripe and not asked else []


def repairs() -> QuerySet[Repair]:
    """All requests for repair, with what they are about."""
    return Repair.objects.select_related("agency__organisation", "act", "case")


def document_of(repair: Repair) -> Document | None:
    """The decision on a request for repair; None while there is none."""
    kept = Document.objects.filter(kind=DocumentKind.REPAIR).select_related("case")
    if repair.case is None:
        return kept.filter(repair=repair).first()
    return kept.filter(case=repair.case, at=repair.decided_at).first() if repair.decided_at else None
