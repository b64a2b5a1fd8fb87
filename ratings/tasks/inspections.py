"""What random inspections ask of a regulator: its contributions, and what its drawn inspectors have still to report."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from journal.stages import REVEAL_FOR
from ratings.models import Inspection, Plan, PlanStatus


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """A fixed number of queries."""
    if organisation.kind != Kind.REGULATOR:
        return
    running = Plan.objects.filter(by=organisation, status__in=[PlanStatus.COLLECTING, PlanStatus.SEALED])
    for plan in running.select_related("of_agencies").prefetch_related("of_agencies__contributions"):
        own = [one for one in plan.of_agencies.contributions.all() if one.identity == organisation.uscc]
        href = reverse("inspection_plan", args=[plan.number])
        if not own:
            yield Task(_("为抽查提交随机数"), plan.title, href, plan.of_agencies.closes_at, 1)
        elif plan.of_agencies.sealed_at is not None and own[0].opened_at is None:
            yield Task(_("公开抽查的随机数"), plan.title, href, plan.of_agencies.sealed_at + REVEAL_FOR, 1)
    waiting = Inspection.objects.filter(published_at__isnull=True, inspectors__organisation=organisation).distinct()
    for one in waiting.select_related("plan", "agency__organisation"):
        what = _("确认抽查结果") if one.reported_at else _("填报抽查结果")
        href = reverse("inspection_sheet", args=[one.plan.number, one.agency.uscc])
        yield Task(what, f"{one.agency.organisation.name} {one.plan.number}", href, one.due_at)
