"""What flags ask of officers."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from flags.models import Status
from flags.names import known, subject_of
from flags.queries.flags import waiting
from flags.rules import RULES

# The inbox shows the gravest; the rest is in the list of flags.
_MOST = 50


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """The flags to look at, the gravest first; two queries."""
    del now
    if organisation.kind != Kind.REGULATOR:
        return
    found = list(waiting()[:_MOST])
    names = known(found)
    for flag in found:
        what = _("分拣预警") if flag.status == Status.RAISED else _("认定移送预警的结果")
        because = f"{flag.rule} {RULES[flag.rule].name}"
        href = reverse("officer_flag", args=[flag.number])
        yield Task(what, subject_of(flag, names), href, flag.due_at, flag.severity, because)
