"""A statement between its preview and the second press. It lies sealed, and only the page that shows it has the key."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.core.cache import cache

from cryptography.fernet import Fernet, InvalidToken

from contracts.rules.statement import Line

_FOR_SECONDS = 30 * 60


def keep(organisation: int, lines: Sequence[Line]) -> str:
    """Keep an organisation's lines for half an hour; the key to them, which is kept nowhere."""
    key = Fernet.generate_key().decode()
    said = json.dumps([organisation, [asdict(line) | {"booked_on": line.booked_on.isoformat()} for line in lines]])
    cache.set(_place(key), Fernet(key).encrypt(zlib.compress(said.encode())), _FOR_SECONDS)
    return key


def kept(organisation: int, key: str) -> list[Line] | None:
    """The lines that `key` opens; None if they are another's, or there no more."""
    sealed = cache.get(_place(key))
    try:
        owner, lines = json.loads(zlib.decompress(Fernet(key).decrypt(sealed))) if sealed else (None, [])
    except (InvalidToken, ValueError):
        return None
    if owner != organisation:
        return None
    return [Line(**(line | {"booked_on": date.fromisoformat(line["booked_on"])})) for line in lines]


def forget(key: str) -> None:
    """They were taken in."""
    cache.delete(_place(key))


def _place(key: str) -> str:
    return "bank-import:" + hashlib.sha256(key.encode()).hexdigest()
