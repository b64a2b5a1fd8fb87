"""What draws ask of an organisation: its contributions, and of members who are trustees a key and what was kept back."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.tasks import Task
from draws.models import Trustee
from draws.shown import seats_for
from draws.sources import everything_for


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """A few queries, more for each draw that runs for the organisation."""
    for seat in seats_for(organisation, now):
        what = _("为随机抽取提交随机数") if seat.does == "contribute" else _("公开随机抽取的随机数")
        yield Task(what, seat.draw.title, reverse("draws_waiting"), seat.until, 1)
    for trustee in Trustee.objects.filter(organisation=organisation, retired_at__isnull=True).select_related("user"):
        if trustee.public_key is None:
            yield Task(_("登记保管人公钥"), trustee.user.name, reverse("trustee"))
            continue
        for waiting in everything_for(bytes(trustee.public_key)):
            if now >= waiting.from_at and waiting.shut:
                yield Task(str(waiting.what), waiting.title, reverse("trustee"), waiting.due_at)
