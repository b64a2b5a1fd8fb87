"""Webhooks: what their owner does with them, and what becomes of each message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from accounts.notices import tell
from api import secrets
from api.models import MOST_ATTEMPTS, HookDelivery, HookDeliveryStatus, Scope, Webhook
from core.clock import database_now
from core.errors import Refused
from core.outgoing import judge_url

MOST_WEBHOOKS = 10
# So many attempts in a row that went wrong switch an address off.
MOST_FAILURES = 50
OLD_SECRET_FOR = timedelta(hours=24)
# After the first attempt, the second, …: from ten seconds to a day.
BACK_OFF = [timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800, 7200, 21600, 43200, 86400)]
# A message whose sender has not been heard of for so long is sent again under the same id.
LEASE = timedelta(minutes=5)
BATCH = 20
_GONE = 410
assert len(BACK_OFF) == MOST_ATTEMPTS - 1


class TooManyWebhooks(Refused):
    """An organisation has so many addresses."""

    code = "E_TOO_MANY_WEBHOOKS"
    basis = ("P12.1",)
    message = _("推送地址已达 %(most)s 个")
    fix = _("先移除不再使用的地址")


class WebhookOff(Refused):
    """Nothing is sent to an address that is switched off."""

    code = "E_WEBHOOK_OFF"
    basis = ("P12.1",)
    message = _("该推送地址已停用")
    fix = _("先启用该地址")


@dataclass(frozen=True)
class Made:
    """A webhook and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def add_webhook(user: User, by: Organisation, url: str, scope: Scope, kinds: Sequence[str]) -> Made:
    """Tell `url` of entries from now on. Raises AddressRefused or TooManyWebhooks."""
    judge_url(url)
    Organisation.objects.select_for_update().get(pk=by.pk)
    if Webhook.objects.filter(organisation=by, removed_at__isnull=True).count() >= MOST_WEBHOOKS:
        raise TooManyWebhooks(most=MOST_WEBHOOKS)
    secret = secrets.new_secret()
    webhook = Webhook.objects.create(
        organisation=by,
        made_by=user,
        url=url,
        scope=scope,
        kinds=list(kinds),
        secret=secrets.seal(secret, by.pk),
        made_at=database_now(),
    )
    return Made(webhook, secret)


@transaction.atomic
def rotate_secret(webhook: Webhook) -> Made:
    """A new secret; for a day, messages are signed with the old one as well."""
    held, secret = _held(webhook), secrets.new_secret()
    held.old_secret, held.old_until = held.secret, database_now() + OLD_SECRET_FOR
    held.secret = secrets.seal(secret, held.organisation_id)
    held.save(update_fields=["secret", "old_secret", "old_until"])
    return Made(held, secret)


def switch_on(webhook: Webhook) -> None:
    """What waits is sent, and what is entered from now on."""
    Webhook.objects.filter(pk=webhook.pk, removed_at__isnull=True).update(disabled_at=None, failures=0)


def switch_off(webhook: Webhook) -> None:
    """Nothing is sent until it is switched on again; what is entered meanwhile never is."""
    Webhook.objects.filter(pk=webhook.pk, disabled_at__isnull=True).update(disabled_at=database_now())


def remove_webhook(webhook: Webhook) -> None:
    """Its log goes from sight with it."""
    now = database_now()
    Webhook.objects.filter(pk=webhook.pk, removed_at__isnull=True).update(removed_at=now, disabled_at=now)


def ping(webhook: Webhook) -> HookDelivery:
    """A test message. Raises WebhookOff."""
    if webhook.disabled_at is not None:
        raise WebhookOff()
    now = database_now()
    return HookDelivery.objects.create(webhook=webhook, made_at=now, next_try_at=now)


def resend(delivery: HookDelivery) -> bool:
    """Send it once more under its id; false while it is on its way anyway. Raises WebhookOff."""
    if delivery.webhook.disabled_at is not None:
        raise WebhookOff()
    settled = (HookDeliveryStatus.DELIVERED, HookDeliveryStatus.FAILED)
    found = HookDelivery.objects.filter(pk=delivery.pk, status__in=settled)
    return bool(found.update(status=HookDeliveryStatus.WAITING, attempts=0, next_try_at=database_now()))


@transaction.atomic(durable=True)
def claim(now: datetime) -> list[HookDelivery]:
    """Some messages of one address that are due, this sender's alone until LEASE is over; empty where nothing is.

    An address to which messages are on their way is left to whoever sends them.
    """
    due = HookDelivery.objects.filter(status=HookDeliveryStatus.WAITING, next_try_at__lte=now)
    busy = HookDelivery.objects.filter(status=HookDeliveryStatus.SENDING).values("webhook")
    first = (
        due.filter(webhook__disabled_at__isnull=True).exclude(webhook__in=busy).order_by("next_try_at", "pk").first()
    )
    if first is None:
        return []
    rows = due.filter(webhook=first.webhook_id).order_by("next_try_at", "pk").select_for_update(skip_locked=True)
    taken = [row.pk for row in rows[:BATCH]]
    mine = HookDelivery.objects.filter(pk__in=taken)
    mine.update(status=HookDeliveryStatus.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    return list(mine.select_related("webhook", "entry__case").order_by("next_try_at", "pk"))


def give_back(deliveries: Sequence[HookDelivery]) -> None:
    """They were claimed and not tried."""
    mine = HookDelivery.objects.filter(pk__in=[one.pk for one in deliveries], status=HookDeliveryStatus.SENDING)
    mine.update(status=HookDeliveryStatus.WAITING, attempts=F("attempts") - 1)


def release_lost(now: datetime) -> int:
    """Messages whose sender died: they wait again, under the id that their receiver knows them by."""
    lost = HookDelivery.objects.filter(status=HookDeliveryStatus.SENDING, claimed_at__lt=now - LEASE)
    return lost.update(status=HookDeliveryStatus.WAITING, next_try_at=now)


@transaction.atomic(durable=True)
def settle(delivery: HookDelivery, code: int | None, trouble: str = "") -> bool:
    """Note what a message's receiver said, or why nothing was heard; was it delivered?"""
    now = database_now()
    webhook = _held(delivery.webhook)
    mine = HookDelivery.objects.filter(
        pk=delivery.pk, status=HookDeliveryStatus.SENDING, claimed_at=delivery.claimed_at
    )
    if code is not None and 200 <= code < 300:
        mine.update(status=HookDeliveryStatus.DELIVERED, tried_at=now, response_code=code, trouble="")
        Webhook.objects.filter(pk=webhook.pk).update(failures=0)
        return True
    over = delivery.attempts >= MOST_ATTEMPTS
    mine.update(
        status=HookDeliveryStatus.FAILED if over else HookDeliveryStatus.WAITING,
        next_try_at=now if over else now + BACK_OFF[delivery.attempts - 1],
        tried_at=now,
        response_code=code,
        trouble=trouble or "status",
    )
    _count_failure(webhook, now, gone=code == _GONE)
    return False


def _count_failure(webhook: Webhook, now: datetime, *, gone: bool) -> None:
    webhook.failures += 1
    if webhook.disabled_at is None and (gone or webhook.failures >= MOST_FAILURES):
        webhook.disabled_at = now
        subject = gettext_noop("推送地址 %(host)s 多次未送达，已停用")
        host = webhook.url.split("/")[2]
        tell(webhook.organisation_id, subject, {"host": host}, f"/desk/webhooks/{webhook.pk}/")
    webhook.save(update_fields=["failures", "disabled_at"])


def _held(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update().get(pk=webhook.pk)
