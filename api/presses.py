"""`Idempotency-Key`: a write that comes twice is done once, and answered alike.

The key is claimed in a transaction of its own before the action, whose own transaction is durable and cannot be part of
another. Two presses at once meet at a lock of the session, which a dying process lets go of: what it left unanswered is
then told as of unknown outcome, and never done again.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from api.models import KeyedPress
from api.refusals import KeyMalformed, KeyReused, OutcomeUnknown, StillAtWork
from core.clock import database_now

Answered = tuple[int, Any]

KEPT_FOR = timedelta(days=2)
# How long the second of two presses waits for the first, in seconds.
_PATIENCE = 10.0
_ROUND = 0.03
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def digest_of(method: str, path: str, body: bytes) -> str:
    """What tells whether two requests are the same."""
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest()


def once(
    who: str, key: str, user: int | None, digest: str, act: Callable[[], Answered], untold: tuple[str, ...] = ()
) -> tuple[Answered, bool]:
    """`act`'s status and answer, and whether they are those of an earlier press.

    Members in `untold` are secrets that are told this once: they are not kept, and null in what is told again. `act` answers
    refusals too, and what it raises is not kept: nothing was done. Raises KeyMalformed, KeyReused, StillAtWork or
    OutcomeUnknown.
    """
    if not _KEY.fullmatch(key):
        raise KeyMalformed()
    with _alone(f"press {who} {key}"):
        now = database_now()
        press, new = KeyedPress.objects.get_or_create(
            who=who, key=key, defaults={"user_id": user, "digest": digest, "begun_at": now}
        )
        if not new:
            return _earlier(press, digest), True
        try:
            status, answer = act()
        except Exception:
            press.delete()
            raise
        KeyedPress.objects.filter(pk=press.pk).update(status=status, answer=json.dumps(_kept(answer, untold)))
        return (status, answer), False


def forget_old(now: datetime) -> int:
    """Keys count for two days; at most some thousands go at a time."""
    old = KeyedPress.objects.filter(begun_at__lt=now - KEPT_FOR).order_by("begun_at")[:5000]
    gone, _by_table = KeyedPress.objects.filter(pk__in=old.values("pk")).delete()
    return gone


def _kept(answer: Any, untold: tuple[str, ...]) -> Any:
    return {name: None if name in untold else value for name, value in answer.items()} if untold else answer


def _earlier(press: KeyedPress, digest: str) -> Answered:
    if press.digest != digest:
        raise KeyReused()
    if press.status is None:
        raise OutcomeUnknown()
    return press.status, json.loads(press.answer)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    until = time.monotonic() + _PATIENCE
    while not _asked("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name):
        if time.monotonic() > until:
            raise StillAtWork()
        time.sleep(_ROUND)
    try:
        yield
    finally:
        _asked("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def _asked(question: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [name])
        return bool(cursor.fetchone()[0])
