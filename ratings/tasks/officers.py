"""What exit cases ask of officers: the next step of each, reviews, repairs, re-entries; the graver first."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from ratings.models import RUNNING, ExitCase, Interim, Measure, Reentry, Repair, RepairStatus, Step
from ratings.queries.checks import open_checks

_GRAVE = {Measure.REMOVE: 2, Measure.SUSPEND: 1}


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """Everything of exit cases that waits for a regulator; a fixed number of queries."""
    if organisation.kind != Kind.REGULATOR:
        return
    what = {
        Step.OPENED: _("发出告知书或不予立案"),
        Step.HEARING: _("举行听证"),
        Step.DECIDING: _("作出处理决定"),
        Step.PROPOSED: _("第二人审议清退"),
        Step.APPEALED: _("审理申诉"),
    }
    waiting = ExitCase.objects.filter(step__in=[*RUNNING, Step.APPEALED]).exclude(step=Step.NOTICED)
    for case in waiting.select_related("agency__organisation"):
        severity = max(_GRAVE.get(Measure(case.measure or case.proposed), 0), int(case.step == Step.APPEALED))
        because = f"{case.get_trigger_display()} · {Measure(case.measure or case.proposed).label}"
        yield _task(what[Step(case.step)], case, case.due_at, severity, because)
    reviews = Interim.objects.filter(reviewed_at__isnull=True, ended_at__isnull=True)
    for interim in reviews.select_related("case__agency__organisation"):
        because = _("逾期未复核即自动解除")
        yield _task(_("复核暂时停止"), interim.case, interim.review_due_at, 2, because)
    for reentry in Reentry.objects.filter(status=RepairStatus.ASKED).select_related("case__agency__organisation"):
        yield _task(_("审核重新入驻"), reentry.case, reentry.due_at, 0)
    for check in open_checks():
        said = f"{check.reentry.case.agency.organisation.name} {check.delivery.milestone.contract.award.request.number}"
        href = reverse("officer_check", args=[check.pk])
        yield Task(_("核验观察期成果"), said, href, check.due_at, 1, _("观察期内成果逐项核验"))
    for repair in Repair.objects.filter(status=RepairStatus.ASKED).select_related("agency__organisation"):
        href = reverse("officer_repair", args=[repair.pk])
        yield Task(_("审核信用修复"), repair.agency.organisation.name, href, repair.due_at)


def _task(what: str, case: ExitCase, due_at: datetime | None, severity: int, because: str = "") -> Task:
    href = reverse("officer_case", args=[case.number])
    return Task(what, f"{case.agency.organisation.name} {case.number}", href, due_at, severity, because)
