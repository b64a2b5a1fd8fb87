"""What an organisation should know: an inbox on the site; where else it goes, `accounts.clockwork` settles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.events import EVENTS, Channel
from accounts.models import Membership, Notice
from core.clock import database_now


@dataclass(frozen=True)
class News:
    """Something to tell an organisation, or, with `user`, one of its members alone.

    `subject` is a message id (marked with gettext_noop where it is written), `facts` its plain values, `event` a code of
    `accounts.events`, `before` the deadline that it is about. What has a key `once` is told once, whoever tells it again.
    """

    organisation_id: int
    subject: str
    facts: dict[str, Any]
    path: str
    event: str = "general"
    user_id: int | None = None
    before: datetime | None = None
    once: str | None = None


def tell(
    organisation_id: int,
    subject: str,
    facts: dict[str, Any],
    path: str,
    *,
    event: str = "general",
    before: datetime | None = None,
) -> None:
    """Put a notice into an organisation's inbox. Part of a larger verb: it is there when that commits. See `News`."""
    tell_all([News(organisation_id, subject, facts, path, event=event, before=before)])


def tell_all(news: Iterable[News]) -> None:
    """Tell all of it. Part of a larger verb. What was told once already is not told again."""
    now = database_now()
    notices = [
        Notice(
            organisation_id=one.organisation_id,
            user_id=one.user_id,
            subject=one.subject,
            facts=one.facts,
            path=one.path,
            event=EVENTS[one.event].code,
            before=one.before,
            once=one.once,
            at=now,
        )
        for one in news
    ]
    # What stands there under a key may be another's that commits a moment later: the database decides, not a look at it.
    Notice.objects.bulk_create([one for one in notices if one.once is None], batch_size=500)
    Notice.objects.bulk_create([one for one in notices if one.once], batch_size=500, ignore_conflicts=True)


def newest(membership: Membership, event: str = "") -> QuerySet[Notice]:
    """A member's inbox, the newest first: its organisation's, and what is for its own eyes; of one event, if named."""
    found = _inbox(membership).order_by("-at", "-id")
    return found.filter(event=event) if event else found


def events_in(membership: Membership) -> list[str]:
    """The codes of what stands in an inbox, for a choice among them."""
    return sorted(set(_inbox(membership).order_by().values_list("event", flat=True).distinct()))


def unread(membership: Membership, *, most: int = 100) -> int:
    """How many new notices the bell counts for a member; it stops counting at `most`."""
    chosen = membership.preferences.chosen if hasattr(membership, "preferences") else {}
    silent = [code for code, event in EVENTS.items() if Channel.BELL not in chosen.get(code, event.channels)]
    waiting = _inbox(membership).filter(read_at__isnull=True).exclude(event__in=silent)
    return waiting.order_by()[:most].count()


def mark_read(notices: Iterable[Notice]) -> set[int]:
    """Somebody has looked at these; the keys of those that were new."""
    fresh = {notice.pk for notice in notices if notice.read_at is None}
    Notice.objects.filter(pk__in=fresh, read_at__isnull=True).update(read_at=database_now())
    return fresh


def mark_all_read(membership: Membership) -> int:
    """Nothing of the inbox is new any more; returns how much was."""
    return _inbox(membership).filter(read_at__isnull=True).update(read_at=database_now())


def _inbox(membership: Membership) -> QuerySet[Notice]:
    mine = Q(user__isnull=True) | Q(user=membership.user_id)
    return Notice.objects.filter(mine, organisation=membership.organisation_id)
