"""What time does to complaints: it says in the case file that the officers are late. A complaint never lapses by silence."""

from datetime import datetime

from core.clock import database_now
from journal.clockwork import attempt
from ratings.actions.complaints import note_overdue
from ratings.models import COMPLAINTS_OPEN, Complaint

_AT_ONCE = 200


def do_due_complaints(now: datetime | None = None) -> int:
    """Note each date that is over, once; returns how many."""
    over = Complaint.objects.filter(status__in=COMPLAINTS_OPEN, due_at__lte=now or database_now(), overdue_at=None)
    return sum(
        attempt(note_overdue, number)
        for number in list(over.order_by("due_at").values_list("number", flat=True)[:_AT_ONCE])
    )
