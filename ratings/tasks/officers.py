"""What exit cases ask of officers: the next step of each, reviews, repairs, re-entries; the graver first."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from ratings.models import RUNNING, ExitCase, Interim, Measure, Reentry, Repair, RepairStatus, Step
from ratings.queries.checks import open_checks
from ratings.queries.repairs import granted_by_silence
from ratings.rulesets import credit_rules

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
    yield from _repairs()


def _repairs() -> Iterator[Task]:
    """What silence does not grant, waits for somebody: that is graver."""
    by_silence = set(granted_by_silence().values_list("pk", flat=True))
    days = {"days": credit_rules().exit.lapse_wd}
    for repair in Repair.objects.filter(status=RepairStatus.ASKED).select_related("agency__organisation"):
        href, granted = reverse("officer_repair", args=[repair.pk]), repair.pk in by_silence
        because = _("逾期 %(days)s 个工作日视为同意") % days if granted else _("逾期不视为同意，须作出决定")
        yield Task(
            _("审核信用修复"), repair.agency.organisation.name, href, repair.due_at, 0 if granted else 1, because
        )


def _task(what: str, case: ExitCase, due_at: datetime | None, severity: int, because: str = "") -> Task:
    href = reverse("officer_case", args=[case.number])
    return Task(what, f"{case.agency.organisation.name} {case.number}", href, due_at, severity, because)
