"""What time does to notices: settle where each goes and when, and gather what is due into messages.

Claimed row by row: any number of clocks may run.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet

from accounts.channels.pacing import EVERY, MOST_TRIES, due_at
from accounts.channels.payloads import SPACING
from accounts.channels.posting import post_digest
from accounts.channels.wishes import wishes_of_bot, wishes_of_member
from accounts.events import Channel, Pace, event_of
from accounts.jobs import mail_digest
from accounts.models import Bot, BotKind, Delivery, Digest, Membership, Notice, User
from core.clock import database_now

# For a worker that is away.
AGAIN = timedelta(minutes=30)
_AT_ONCE = 100
_NOTICES_AT_ONCE = 500


@transaction.atomic(durable=True)
def plan_notices() -> int:
    """Settle for new notices to which members' mailboxes and which bots they go, and when; returns how many those were."""
    unplanned = Notice.objects.filter(planned_at__isnull=True).order_by("at", "pk")
    notices = list(unplanned.select_for_update(skip_locked=True, no_key=True)[:_NOTICES_AT_ONCE])
    if not notices:
        return 0
    Delivery.objects.bulk_create(_deliveries(notices), batch_size=1000, ignore_conflicts=True)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(planned_at=database_now())
    return len(notices)


def gather(now: datetime | None = None) -> int:
    """Hand what is due to the jobs, one message for each mailbox and bot; returns how many that makes.

    Messages that no server has taken are handed to them again. Who waits longest comes first.
    """
    now = now or database_now()
    _try_again(now)
    targets = _due(now).values_list("user", "bot", "notice__organisation").annotate(since=Min("due_at"))
    made = 0
    for user, bot, organisation, _since in targets.order_by("since")[:_AT_ONCE]:
        made += _to_bot(bot, now) if bot else _to_mailbox(user, organisation, now)
    return made


def _deliveries(notices: Sequence[Notice]) -> Iterator[Delivery]:
    organisations = {notice.organisation_id for notice in notices}
    members: dict[int, list[Membership]] = defaultdict(list)
    active = Membership.objects.filter(organisation__in=organisations, user__is_active=True)
    for member in active.select_related("preferences"):
        members[member.organisation_id].append(member)
    bots: dict[int, list[Bot]] = defaultdict(list)
    for bot in Bot.objects.filter(organisation__in=organisations):
        bots[bot.organisation_id].append(bot)
    for notice in notices:
        for member in members[notice.organisation_id]:
            if notice.user_id in (None, member.user_id):
                yield from _to_member(notice, member)
        for bot in bots[notice.organisation_id] if notice.user_id is None else ():
            at = due_at(event_of(notice.event), wishes_of_bot(bot), notice.at, before=notice.before)[Channel(bot.kind)]
            if at is not None:
                yield Delivery(notice=notice, bot=bot, due_at=_without_waiting(notice, at))


def _to_member(notice: Notice, member: Membership) -> Iterator[Delivery]:
    event = event_of(notice.event)
    at = due_at(event, wishes_of_member(member), notice.at, before=notice.before)[Channel.MAIL]
    if at is not None:
        daily = event.pace is Pace.DAILY and not settings.NOTIFY_WITHOUT_WAITING
        yield Delivery(notice=notice, user_id=member.user_id, daily=daily, due_at=_without_waiting(notice, at))


def _without_waiting(notice: Notice, at: datetime) -> datetime:
    """A demo is looked at for minutes: nobody would see what waits for the morning."""
    return notice.at if settings.NOTIFY_WITHOUT_WAITING else at


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(digest__isnull=True, due_at__lte=now)


@transaction.atomic(durable=True)
def _to_mailbox(user_id: int, organisation_id: int, now: datetime) -> int:
    """Whoever has the member takes what is due to it. What belongs into the one mail of a day waits for the next one."""
    if not User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=user_id):
        return 0
    due = list(_due(now).filter(user=user_id, notice__organisation=organisation_id))
    last = Digest.objects.filter(user=user_id, daily=True, at__gt=now - EVERY).order_by("-at").first()
    if last is not None:
        late = [one.pk for one in due if one.daily]
        Delivery.objects.filter(pk__in=late).update(due_at=last.at + EVERY)
        due = [one for one in due if not one.daily]
    if not due:
        return 0
    daily = any(one.daily for one in due)
    digest = Digest.objects.create(
        organisation_id=organisation_id, user_id=user_id, daily=daily, at=now, next_try_at=now + AGAIN
    )
    Delivery.objects.filter(pk__in=[one.pk for one in due]).update(digest=digest)
    mail_digest.enqueue(digest.pk)
    return 1


@transaction.atomic(durable=True)
def _to_bot(bot_id: int, now: datetime) -> int:
    """Whoever has the bot takes what is due to it; messages keep the distance that its platform asks for."""
    bot = Bot.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=bot_id).first()
    due = _due(now).filter(bot=bot_id)
    if bot is None or not due.exists():
        return 0
    last = bot.digests.order_by("-at").first()
    free_at = last.at + SPACING[BotKind(bot.kind)] if last else now
    if free_at > now:
        due.update(due_at=free_at)
        return 0
    digest = Digest.objects.create(organisation_id=bot.organisation_id, bot=bot, at=now, next_try_at=now + AGAIN)
    due.update(digest=digest)
    post_digest.enqueue(digest.pk)
    return 1


def _try_again(now: datetime) -> None:
    """A worker or a server was away: whoever moves the time on hands the message over."""
    waiting = Digest.objects.filter(
        sending_at__isnull=True, gave_up_at__isnull=True, next_try_at__lte=now, tries__lt=MOST_TRIES
    )
    for pk, bot in waiting.order_by("next_try_at").values_list("pk", "bot")[:_AT_ONCE]:
        with transaction.atomic(durable=True):
            if waiting.filter(pk=pk).update(next_try_at=now + AGAIN):
                (post_digest if bot else mail_digest).enqueue(pk)
