"""What draws ask of an organisation: its members who are trustees make their key, and open what was kept back."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.tasks import Task
from draws.models import Trustee
from draws.sources import everything_for


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """A query, and a few more for an organisation that a trustee stands for."""
    for trustee in Trustee.objects.filter(organisation=organisation, retired_at__isnull=True).select_related("user"):
        if trustee.public_key is None:
            yield Task(_("登记保管人公钥"), trustee.user.name, reverse("trustee"))
            continue
        for waiting in everything_for(bytes(trustee.public_key)):
            if now >= waiting.from_at and waiting.shut:
                yield Task(str(waiting.what), waiting.title, reverse("trustee"), waiting.due_at)
