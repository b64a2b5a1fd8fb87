"""What draws ask of an organisation: its contributions, and of members who are trustees a key and what was kept back."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.tasks import Task
from draws.models import Trustee
from draws.queries import shut_for, waiting_for
from draws.shown import seats_for
from journal.stages import REVEAL_FOR


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """A few queries, more for each draw that runs for the organisation."""
    for seat in seats_for(organisation, now):
        what = _("为随机抽取提交随机数") if seat.does == "contribute" else _("公开随机抽取的随机数")
        yield Task(what, seat.draw.title, reverse("draws_waiting"), seat.until, 1)
    for trustee in Trustee.objects.filter(organisation=organisation, retired_at__isnull=True).select_related("user"):
        if trustee.public_key is None:
            yield Task(_("登记保管人公钥"), trustee.user.name, reverse("trustee"))
            continue
        key = bytes(trustee.public_key)
        for draw in waiting_for(key):
            if draw.sealed_at is not None and now >= draw.sealed_at + REVEAL_FOR and shut_for(draw, key):
                yield Task(_("保管人开启随机数"), draw.title, reverse("trustee"), draw.sealed_at + 2 * REVEAL_FOR)
