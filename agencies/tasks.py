"""What an agency's own papers ask of it: certificates to renew before they run out."""

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from agencies import rules
from agencies.models import Qualification, QualificationStatus
from core.clock import BEIJING
from core.text import in_reader_language


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """Kinds of certificates of which none lasts 60 days more; rejected ones do not count."""
    if organisation.kind != Kind.AGENCY:
        return
    rows = Qualification.objects.filter(agency__organisation=organisation).exclude(status=QualificationStatus.REJECTED)
    # Of each kind the one that lasts longest: an older one that it followed needs nothing.
    newest = {row.kind_id: row for row in rows.select_related("kind").order_by("valid_until")}
    today = now.astimezone(BEIJING).date()
    for row in newest.values():
        if rules.expiry(row.valid_until, today) is not rules.Expiry.FINE:
            name = in_reader_language(row.kind.name_zh, row.kind.name_en)
            yield Task(_("更新资质：%(name)s") % {"name": name}, "", reverse("desk_agency"), _end_of(row))


def _end_of(row: Qualification) -> datetime:
    """The last day still belongs to the validity (Beijing)."""
    return datetime.combine(row.valid_until, time(23, 59, 59), BEIJING)
