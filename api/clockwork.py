"""What time does to the API: messages to webhooks, and old keys. Any number of clocks may run."""

import json
import logging
import threading
from typing import Any

from django.db import connection

from api import following, secrets
from api.actions import hooks
from api.models import HookDelivery
from api.presses import forget_old
from core import outgoing
from core.clock import database_now, rfc3339
from core.errors import Refused
from journal.following import follow

log = logging.getLogger(__name__)

FOLLOWER = "webhooks"
# Addresses that are sent to at once; one that is slow keeps only its own place.
_AT_ONCE = 4
_places = threading.BoundedSemaphore(_AT_ONCE)


def follow_the_log() -> int:
    """Make messages of what was entered since; how many entries that was."""
    return follow(FOLLOWER, following.take)


def send_in_threads() -> None:
    """Hand what is due to threads of their own, and never wait for somebody else's server."""
    hooks.release_lost(database_now())
    while _places.acquire(blocking=False):
        batch = hooks.claim(database_now())
        if not batch:
            _places.release()
            return
        threading.Thread(target=_send_and_leave, args=[batch], daemon=True).start()


def send_due() -> int:
    """Send to one address what is due there, here and now; how many were delivered."""
    return send(hooks.claim(database_now()))


def send(batch: list[HookDelivery]) -> int:
    """One after another, until one fails: the rest waits with it."""
    for done, delivery in enumerate(batch):
        if not _deliver(delivery):
            hooks.give_back(batch[done + 1 :])
            return done
    return len(batch)


def forget() -> int:
    """Keys of writes count for two days."""
    return forget_old(database_now())


def body_of(delivery: HookDelivery) -> bytes:
    """`{"type", "timestamp", "data"}`; of an entry, data is the entry as every wire carries it."""
    entry = delivery.entry
    if entry is None:
        found: dict[str, Any] = {"type": "webhook.test", "timestamp": rfc3339(delivery.made_at), "data": {}}
    else:
        data = {**json.loads(bytes(entry.body)), "hash": bytes(entry.hash).hex()}
        found = {"type": entry.kind, "timestamp": rfc3339(entry.at), "data": data}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(delivery: HookDelivery, body: bytes) -> dict[str, str]:
    """Standard Webhooks: id, seconds of this attempt, and a signature by each secret in force."""
    now, webhook = database_now(), delivery.webhook
    message, timestamp = f"msg_{delivery.uid.hex}", int(now.timestamp())
    sealed = [webhook.secret]
    if webhook.old_secret is not None and webhook.old_until is not None and now < webhook.old_until:
        sealed.append(webhook.old_secret)
    signed = [
        secrets.signature(secrets.unseal(bytes(one), webhook.organisation_id), message, timestamp, body)
        for one in sealed
    ]
    return {
        "Content-Type": "application/json",
        "Webhook-Id": message,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": " ".join(signed),
    }


def _deliver(delivery: HookDelivery) -> bool:
    body = body_of(delivery)
    try:
        heard = outgoing.post(delivery.webhook.url, body, headers_of(delivery, body))
    except outgoing.Unreachable as trouble:
        return hooks.settle(delivery, None, trouble.why)
    except Refused:
        return hooks.settle(delivery, None, "address")
    return hooks.settle(delivery, heard.status)


def _send_and_leave(batch: list[HookDelivery]) -> None:
    try:
        send(batch)
    except Exception:
        # They are sent again when their lease is over.
        log.exception("messages to a webhook were left")
    finally:
        connection.close()
        _places.release()
