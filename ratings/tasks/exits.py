"""What exit cases ask of the agency they are about: receive, answer, appeal, come back."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from ratings.models import OVER
from ratings.queries.exits import cases_of, verbs_of


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """The first thing to do in each of its cases that are not over."""
    if organisation.kind != Kind.AGENCY:
        return
    for case in cases_of(organisation).exclude(step__in=OVER):
        for verb in verbs_of(case):
            if verb.primary:
                yield Task(verb.label, case.number, reverse("desk_case", args=[case.number]), verb.until)
        if case.hearing_at and now < case.hearing_at:
            yield Task(_("出席听证"), case.number, reverse("desk_case", args=[case.number]), case.hearing_at)
