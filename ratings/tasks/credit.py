"""What credit asks: of an agency, whether it objects to an act that does not count yet; of officers, to answer objections."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from ratings.models import Act, ActEvent, ActEventKind

_ANSWERS = (ActEventKind.UPHELD, ActEventKind.STRUCK, ActEventKind.REPAIRED)


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """One query, whoever asks; none for buyers."""
    match organisation.kind:
        case Kind.AGENCY:
            yield from _of_agency(organisation, now)
        case Kind.REGULATOR:
            yield from _of_officers()


def _of_agency(organisation: Organisation, now: datetime) -> Iterator[Task]:
    mine = Act.objects.filter(agency__organisation=organisation, counts_from__gt=now, events__isnull=True)
    for act in mine.order_by("counts_from"):
        yield Task(_("核对拟扣分记录，可提出异议"), act.evidence, _path(organisation.uscc, act.seq), act.counts_from)


def _of_officers() -> Iterator[Task]:
    open_ones = ActEvent.objects.filter(kind=ActEventKind.OBJECTED).exclude(act__events__kind__in=_ANSWERS)
    for event in open_ones.select_related("act__agency__organisation").order_by("due_at"):
        body = event.act.agency.organisation
        yield Task(_("答复扣分异议"), body.name, _path(body.uscc, event.act.seq), event.due_at)


def _path(uscc: str, seq: int) -> str:
    return f"/a/{uscc}/credit/#act-{seq}"
