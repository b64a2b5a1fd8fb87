"""What complaints ask: of officers acceptance and outcome, of a subject its statement."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from ratings.models import COMPLAINTS_OPEN, Complaint, ComplaintStatus
from ratings.queries.complaints import put_to


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """Everything of complaints that waits for this organisation; a fixed number of queries."""
    if organisation.kind == Kind.REGULATOR:
        yield from _officers()
    asked = put_to(organisation).filter(status=ComplaintStatus.INVESTIGATING, stated_at__isnull=True)
    for complaint in asked.filter(statement_until__gt=now):
        href = reverse("complaint_about_us", args=[complaint.number])
        yield Task(_("就反映的事项作出说明"), complaint.number, href, complaint.statement_until)


def _officers() -> Iterator[Task]:
    """A complaint on an agency or a department is important; what a subject has, names it, never who complained."""
    what = {ComplaintStatus.FILED: _("决定是否受理投诉"), ComplaintStatus.INVESTIGATING: _("调查投诉并作出结论")}
    waiting = Complaint.objects.filter(status__in=COMPLAINTS_OPEN)
    for complaint in waiting.select_related("agency__organisation", "request__buyer", "organisation"):
        href = reverse("officer_complaint", args=[complaint.number])
        subject = f"{complaint.subject_name} {complaint.number}"
        yield Task(
            what[ComplaintStatus(complaint.status)], subject, href, complaint.due_at, 1, complaint.get_kind_display()
        )
