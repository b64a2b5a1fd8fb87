"""What an organisation should know: an inbox on the site, and by mail at most once a day."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.events import EVENTS
from accounts.models import Notice, Organisation
from core.clock import database_now


def tell(organisation_id: int, subject: str, facts: dict[str, Any], path: str, *, event: str = "general") -> None:
    """Put a notice into an organisation's inbox. Part of a larger verb: it is there when that commits.

    `subject` is a message id (marked with gettext_noop where it is written), `facts` its plain values, `event` a code of
    `accounts.events`.
    """
    Notice.objects.create(
        organisation_id=organisation_id,
        subject=subject,
        facts=facts,
        path=path,
        event=EVENTS[event].code,
        at=database_now(),
    )


def newest(organisation: Organisation) -> QuerySet[Notice]:
    """An organisation's inbox, the newest first."""
    return Notice.objects.filter(organisation=organisation).order_by("-at", "-id")


def mark_read(notices: Iterable[Notice]) -> set[int]:
    """Somebody has looked at these; the keys of those that were new."""
    fresh = {notice.pk for notice in notices if notice.read_at is None}
    Notice.objects.filter(pk__in=fresh, read_at__isnull=True).update(read_at=database_now())
    return fresh
