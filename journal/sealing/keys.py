"""The log's keys: the secret ones from the environment or a file, the public ones in the database, for ever.

`LOG_KEY` names one or more signing keys; the first is the current one, and each signs. A key becomes current only after it
was announced, which is to stand second, and after the announcement was sealed under the old key. Every step is an entry in
the platform's own case file `P`.
"""

import os
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import transaction

from journal.actions import Held, lock_platform
from journal.entries import LogEntry
from journal.models import Checkpoint, Entry, LogKey
from journal.notes import Malformed, Signer


class KeyRefused(Exception):
    """The signing keys given cannot be used; the message says why, and what to do."""


class State(StrEnum):
    """What a published key is."""

    ANNOUNCED = "announced"
    CURRENT = "current"
    RETIRED = "retired"


def state_of(key: LogKey) -> State:
    if key.current_since is None:
        return State.ANNOUNCED
    return State.CURRENT if key.retired_at is None else State.RETIRED


def signers() -> list[Signer]:
    """The signing keys, the current one first; none where none are given. Raises KeyRefused."""
    text = settings.LOG_KEY or _from_file()
    try:
        found = [Signer.read(word) for word in text.split()]
    except Malformed as error:
        raise KeyRefused(f"LOG_KEY cannot be read: {error}. Make a key with `manage.py log_key`.") from None
    for signer in found:
        if signer.name != settings.LOG_ORIGIN:
            raise KeyRefused(f"The key {signer.verifier} is not one of the log {settings.LOG_ORIGIN} (LOG_ORIGIN).")
    return found


@transaction.atomic(durable=True)
def publish(given: list[Signer]) -> None:
    """Announce keys that are new, and let the first take over if it may; raises KeyRefused. Nothing is written otherwise."""
    known = {key.verifier: key for key in LogKey.objects.all()}
    current = next((key for key in known.values() if state_of(key) is State.CURRENT), None)
    names = [str(signer.verifier) for signer in given]
    if current is not None and current.verifier == names[0] and all(name in known for name in names):
        return
    held = lock_platform()
    known = {key.verifier: key for key in LogKey.objects.all()}
    current = next((key for key in known.values() if state_of(key) is State.CURRENT), None)
    if current is None:
        known[names[0]] = _announce(held, names[0])
        _take_over(held, None, known[names[0]])
    elif current.verifier != names[0]:
        _take_over(held, current, _successor(known.get(names[0]), names[0]))
    for name in names:
        if name not in known:
            _announce(held, name)


def _successor(key: LogKey | None, name: str) -> LogKey:
    if key is None:
        raise KeyRefused(f"The key {name} was not announced. Put it behind the current one in LOG_KEY first.")
    if state_of(key) is State.RETIRED:
        raise KeyRefused(f"The key {name} was retired. Make a new one with `manage.py log_key`.")
    if not Checkpoint.objects.filter(size__gt=_leaf_of(key.announced)).exists():
        raise KeyRefused(
            f"The announcement of {name} is not sealed yet. Keep the old key first in LOG_KEY until it is."
        )
    return key


def _leaf_of(entry: Entry) -> int:
    found = getattr(entry, "leaf", None)
    if found is None:
        raise KeyRefused(
            "The announcement of the key is not sealed yet. Keep the old key first in LOG_KEY until it is."
        )
    return int(found.index)


def _announce(held: Held, name: str) -> LogKey:
    written = held.append(LogEntry.KEY_ANNOUNCED, {"key": name})
    entry = Entry.objects.get(case_id=held.id, seq=written.seq)
    return LogKey.objects.create(verifier=name, announced=entry)


def _take_over(held: Held, old: LogKey | None, new: LogKey) -> None:
    if old is not None:
        old.retired_at = held.now
        old.save(update_fields=["retired_at"])
    new.current_since = held.now
    new.save(update_fields=["current_since"])
    held.append(LogEntry.KEY_ROTATED, {"from": old and old.verifier, "to": new.verifier})


def _from_file() -> str:
    """What `DATA_DIR/log/key` holds; the demo makes it."""
    path = Path(settings.DATA_DIR) / "log" / "key"
    if not path.exists() and settings.DEMO_MODE:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"key.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as writer:
            writer.write(Signer.new(settings.LOG_ORIGIN).secret() + "\n")
        try:
            os.link(fresh, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text() if path.exists() else ""
