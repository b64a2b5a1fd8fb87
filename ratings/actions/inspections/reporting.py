"""What inspectors found: one reports, another confirms, then it is public; grave findings open an exit case (P21.1)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_noop

from accounts.models import Kind, Organisation, User
from accounts.notices import tell
from agencies.models import Agency
from core.files import store
from core.text import clean
from journal.actions import Held, lock_case
from ratings.actions.exits.filing import look_at
from ratings.actions.exits.opening import open_case
from ratings.actions.inspections.ceremony import hold
from ratings.entries import InspectionEntry
from ratings.models import (
    SERIOUS_FINDINGS,
    Finding,
    Inspection,
    InspectionFile,
    Measure,
    Plan,
    PlanStatus,
    Trigger,
)
from ratings.queries.inspections import digest_of
from ratings.rules import inspections as rules
from ratings.rules.exit_refusals import NotAnOfficer

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic(durable=True)
def report(
    user: User, number: str, uscc: str, sheet: rules.Sheet, files: "Sequence[UploadedFile[Any]]" = ()
) -> Inspection:
    """A drawn inspector fills in the sheet, or corrects it while it is not confirmed.

    Raises Http404, PlanStep, NotTheInspector, ReportedBefore, SheetIncomplete, FileTooLarge or FileNotReadable.
    """
    held, plan, one = _hold(number, uscc, user)
    lines = [{"check": line["check"], "ok": line["ok"], "note": clean(str(line["note"]))} for line in sheet.lines]
    sheet = rules.Sheet(lines, sheet.finding, clean(sheet.summary))
    rules.judge_sheet(sheet, plan.checks, Finding.values)
    one.sheet, one.finding, one.summary = lines, sheet.finding, sheet.summary
    one.reported_by, one.reported_at = user, held.now
    one.save(update_fields=["sheet", "finding", "summary", "reported_by", "reported_at"])
    for file in files:
        name = clean(file.name or "材料")[-120:]
        InspectionFile.objects.create(inspection=one, file=store(file), name=name, by=user, at=held.now)
    held.append(InspectionEntry.REPORTED, {"agency": uscc, "sha256": digest_of(one)})
    return one


@transaction.atomic(durable=True)
def confirm(user: User, number: str, uscc: str, read: str) -> Inspection:
    """Another drawn inspector confirms what was read (`digest_of`), and it is public.

    Raises Http404, PlanStep, NotTheInspector, ReportedBefore, NothingReported or SameInspector.
    """
    # The agency's case file comes before the plan's, as everywhere; it is needed where a case is opened.
    of_agency = _agency_case(uscc)
    held, plan, one = _hold(number, uscc, user)
    rules.judge_confirming(user.pk, one.reported_by_id, read, digest_of(one))
    one.confirmed_by, one.published_at = user, held.now
    one.opened = _open_exit(of_agency, one) if one.finding in SERIOUS_FINDINGS else None
    one.save(update_fields=["confirmed_by", "published_at", "opened"])
    entry = {"agency": uscc, "finding": one.finding, "summary": one.summary, "sheet": one.sheet}
    held.append(InspectionEntry.PUBLISHED, entry)
    subject = gettext_noop("对贵机构的抽查结果已公开（%(number)s）")
    tell(one.agency.organisation_id, subject, {"number": number}, f"/inspections/{number}/", event="inspection.news")
    if not plan.inspections.filter(published_at__isnull=True).exists():
        plan.status = PlanStatus.DONE
        plan.save(update_fields=["status"])
    return one


@transaction.atomic(durable=True)
def open_waiting_case(pk: int) -> bool:
    """Open the case of a grave finding that had to wait for another one; False while it still has to."""
    uscc = Inspection.objects.values_list("agency__organisation__uscc", flat=True).get(pk=pk)
    of_agency = _agency_case(uscc)
    one = Inspection.objects.select_for_update(of=("self",)).select_related("plan", "agency__organisation").get(pk=pk)
    if one.opened_id is not None or one.finding not in SERIOUS_FINDINGS:
        return False
    one.opened = _open_exit(of_agency, one)
    one.save(update_fields=["opened"])
    return one.opened is not None


def look_at_file(user: User, by: Organisation, pk: int) -> InspectionFile:
    """A regulator or a drawn inspector looks at evidence; recorded. Raises Http404 or NotAnOfficer."""
    found = InspectionFile.objects.select_related("inspection__plan", "file").filter(pk=pk).first()
    if found is None:
        raise Http404
    if by.kind != Kind.REGULATOR and not found.inspection.inspectors.filter(user=user).exists():
        raise NotAnOfficer()
    look_at(user, f"{found.inspection.plan.number} {found.file.sha256[:16]}")
    return found


def _hold(number: str, uscc: str, user: User) -> tuple[Held, Plan, Inspection]:
    held, plan = hold(number)
    one = plan.inspections.filter(agency__organisation__uscc=uscc).select_related("agency__organisation").first()
    if one is None:
        raise Http404(uscc)
    if one.published_at is not None:
        raise rules.ReportedBefore()
    if plan.status != PlanStatus.DRAWN:
        raise rules.PlanStep(status=plan.get_status_display())
    if not one.inspectors.filter(user=user).exists():
        raise rules.NotTheInspector()
    return held, plan, one


def _agency_case(uscc: str) -> Held:
    if not Agency.objects.filter(organisation__uscc=uscc).exists():
        raise Http404(uscc)
    return lock_case(f"A-{uscc}")


def _open_exit(of_agency: Held, one: Inspection) -> Any:
    fact = {"text": f"{one.plan.title}：{one.summary}", "path": f"/inspections/{one.plan.number}/"}
    source = f"inspection:{one.plan.number}"
    by = (one.reported_by, one.confirmed_by)
    return open_case(of_agency, one.agency, Trigger.INSPECTION, source, [fact], Measure.WARN, *by)
