"""What time does to notices: one mail a day with whatever waits. Claimed row by row: any number of clocks may run."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q

from accounts.jobs import MOST_TRIES, mail_digest
from accounts.models import Digest, Notice, Organisation, User
from core.clock import database_now

# UX §2.20: at most one mail a day; the first waits a little, so that what happens together comes together.
EVERY = timedelta(hours=24)
GATHER = timedelta(minutes=10)
AGAIN = timedelta(minutes=30)
_AT_ONCE = 100


def mail_digests(now: datetime | None = None) -> int:
    """Hand what waits to the mail job, for members that had no mail for a day; returns how many mails that makes.

    Mails that no server has taken are handed to it again. Organisations that wait longest come first, so that a member
    of two hears of both.
    """
    now = now or database_now()
    _try_again(now)
    had_one = Digest.objects.filter(user__memberships__organisation=OuterRef("pk"), at__gt=now - EVERY)
    waiting = Q(notices__mailed_at__isnull=True, notices__at__lte=now - GATHER)
    due = Organisation.objects.exclude(Exists(had_one)).filter(waiting).annotate(since=Min("notices__at"))
    return sum(_claim(pk, now) for pk in due.order_by("since").values_list("pk", flat=True)[:_AT_ONCE])


@transaction.atomic(durable=True)
def _claim(organisation_id: int, now: datetime) -> int:
    """Whoever has the organisation and all of its members takes its notices and makes each member's mail."""
    held = Organisation.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=organisation_id)
    members = User.objects.filter(memberships__organisation=organisation_id, is_active=True)
    keys = list(members.values_list("pk", flat=True))
    free = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=keys)
    if not held.exists() or len(free) < len(keys):
        return 0
    notices = list(Notice.objects.filter(organisation=organisation_id, mailed_at__isnull=True))
    if not notices or Digest.objects.filter(user__in=keys, at__gt=now - EVERY).exists():
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
    return sum(_make(organisation_id, key, notices, now) for key in keys)


def _make(organisation_id: int, user_id: int, notices: Sequence[Notice], now: datetime) -> int:
    digest = Digest.objects.create(organisation_id=organisation_id, user_id=user_id, at=now, next_try_at=now + AGAIN)
    digest.notices.set(notices)
    mail_digest.enqueue(digest.pk)
    return 1


def _try_again(now: datetime) -> None:
    """A worker or a mail server was away: whoever moves the time on hands the mail over."""
    waiting = Digest.objects.filter(sending_at__isnull=True, next_try_at__lte=now, tries__lt=MOST_TRIES)
    for pk in waiting.values_list("pk", flat=True)[:_AT_ONCE]:
        with transaction.atomic(durable=True):
            if waiting.filter(pk=pk).update(next_try_at=now + AGAIN):
                mail_digest.enqueue(pk)
