"""How clocks make moves: one by one, any number of clocks at once, and one move that fails stops no other."""

import logging
import time
from collections.abc import Callable
from typing import ParamSpec

from django.db import InterfaceError, OperationalError, connection, transaction

from journal.actions import Held, lock_case
from journal.sealing.actions import Rewound, seal
from journal.sealing.keys import KeyRefused

log = logging.getLogger(__name__)

P = ParamSpec("P")
_REMIND_EVERY = 60.0  # seconds
_reminded: dict[str, float] = {}


def attempt(move: Callable[P, int], *args: P.args, **named: P.kwargs) -> int:
    """What the move returns; 0 for one that failed, which is logged and comes again."""
    try:
        return move(*args, **named)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing of the rest can be done either
    except Exception:
        log.exception("%s of %s failed, the others go on", getattr(move, "__qualname__", move), args)
        return 0


@transaction.atomic(durable=True)
def claim(work: Callable[[Held], int], name: str) -> int:
    """Do some work under a case file's lock; 0 at once if another clock or a door holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM journal_case WHERE name = %s FOR NO KEY UPDATE SKIP LOCKED", [name])
        if cursor.fetchone() is None:
            return 0
    return work(lock_case(name))


def seal_due() -> int:
    """Seal what waits; how many entries were sealed. A refusal to sign is an error in the log, said again each minute."""
    try:
        return seal()
    except (Rewound, KeyRefused) as refused:
        reason = f"Nothing is sealed: {refused}"
        if time.monotonic() - _reminded.get(reason, -_REMIND_EVERY) >= _REMIND_EVERY:
            _reminded[reason] = time.monotonic()
            log.error(reason)
        return 0
