"""What draws ask of an organisation: its members who are trustees make their key, and open what was kept back."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.tasks import Task
from draws.models import Trustee
from draws.queries import shut_for, waiting_for
from journal.stages import REVEAL_FOR


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """A query, and a few more for an organisation that a trustee stands for."""
    for trustee in Trustee.objects.filter(organisation=organisation, retired_at__isnull=True).select_related("user"):
        if trustee.public_key is None:
            yield Task(_("登记保管人公钥"), trustee.user.name, reverse("trustee"))
            continue
        key = bytes(trustee.public_key)
        for draw in waiting_for(key):
            if draw.sealed_at is not None and now >= draw.sealed_at + REVEAL_FOR and shut_for(draw, key):
                yield Task(_("保管人开启随机数"), draw.title, reverse("trustee"), draw.sealed_at + 2 * REVEAL_FOR)
