"""Send, replace and withdraw an unnamed plan before the deadline; close the plans at it (R3)."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import User
from agencies.models import Agency
from bidding import plans, queries
from bidding.actions.offers.sealing import enrolment_of
from bidding.actions.traces import note_authors, note_origin
from bidding.entries import merit as entries
from bidding.models import Enrolment, Plan
from bidding.rules.plans import NoPlan, judge_plan, judge_unnamed
from bidding.rules.traces import UNKNOWN, Origin
from core import files
from core.legible import authors
from journal.actions import Held, lock_case
from marketplace.models import Request

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def submit_plan(
    user: User | None, agency: Agency, number: str, upload: "UploadedFile[Any]", origin: Origin = UNKNOWN
) -> Plan:
    """Take the agency's plan; it replaces an earlier one. The name of the file is kept nowhere, its authors as hashes.

    Raises TakesNoPlans, PlansClosed, NotEnrolled, FileTooLarge, FileNotReadable, PlanKind, PlanUnreadable or PlanNames.
    """
    content = files.read(upload)
    # Looked into before the case is locked: it takes a while.
    media_type = files.recognise(content)
    judge_unnamed(content, media_type, plans.names_of(agency))
    return _submit(user, agency, number, content, authors(content, media_type), origin)


@transaction.atomic(durable=True)
def _submit(
    user: User | None, agency: Agency, number: str, content: bytes, written_by: set[str], origin: Origin
) -> Plan:
    held = lock_case(number)
    request = queries.request_of(number)
    judge_plan(plans.course_of(request), held.now)
    enrolment = enrolment_of(request, agency)
    _end(held, enrolment)
    kept = files.keep(content)
    plan = Plan.objects.create(request=request, enrolment=enrolment, file=kept, by=user, at=held.now)
    note_origin(enrolment, origin, held.now)
    note_authors(enrolment, written_by, held.now)
    held.append(*entries.plan_submitted(enrolment.label, kept.sha256, kept.size))
    return plan


@transaction.atomic(durable=True)
def withdraw_plan(agency: Agency, number: str) -> None:
    """Take the plan back before the deadline. Raises TakesNoPlans, PlansClosed, NotEnrolled or NoPlan."""
    held = lock_case(number)
    request = queries.request_of(number)
    judge_plan(plans.course_of(request), held.now)
    if not end_plan(held, enrolment_of(request, agency)):
        raise NoPlan()


def end_plan(held: Held, enrolment: Enrolment) -> bool:
    """An entrant leaves, or takes its plan back; False if it had none. Part of a larger verb, before the deadline."""
    ended = _end(held, enrolment)
    if ended:
        held.append(*entries.plan_withdrawn(enrolment.label))
    return ended


def close_plans(held: Held, request: Request) -> list[Plan]:
    """The plans that the experts are to mark, on record: those whose entrants sealed a price too. Part of a larger verb."""
    found = plans.with_a_price(request)
    made = ({"label": one.enrolment.label, "sha256": one.file.sha256, "size": one.file.size} for one in found)
    held.append(*entries.plans_closed(made))
    return found


def _end(held: Held, enrolment: Enrolment) -> bool:
    return Plan.objects.filter(enrolment=enrolment, ended_at__isnull=True).update(ended_at=held.now) > 0
