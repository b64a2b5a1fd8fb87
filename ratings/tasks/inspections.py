"""What random inspections ask of a regulator: what its drawn inspectors have still to report."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from ratings.models import Inspection


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """A fixed number of queries."""
    if organisation.kind != Kind.REGULATOR:
        return
    waiting = Inspection.objects.filter(published_at__isnull=True, inspectors__organisation=organisation).distinct()
    for one in waiting.select_related("plan", "agency__organisation"):
        what = _("确认抽查结果") if one.reported_at else _("填报抽查结果")
        href = reverse("inspection_sheet", args=[one.plan.number, one.agency.uscc])
        yield Task(what, f"{one.agency.organisation.name} {one.plan.number}", href, one.due_at)
