"""Seal: entries become leaves, leaves are committed, then their tree is signed and published. Any number may do it at once."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from core.clock import rfc3339, to_milliseconds
from journal import notes
from journal.merkle import leaf_hash
from journal.models import Checkpoint
from journal.sealing import keys, published, tree

BATCH = 20_000
_LOCK = 0x6C6F67  # "log"
_TAKE = """
SELECT e.id, e.hash FROM (SELECT entry_id FROM journal_unsealed ORDER BY entry_id LIMIT %s) AS q
JOIN journal_entry e ON e.id = q.entry_id ORDER BY e.id
"""
_LEAVE = "DELETE FROM journal_unsealed q USING journal_leaf l WHERE l.entry_id = q.entry_id AND l.index >= %s"


class Rewound(Exception):
    """The database does not extend a checkpoint that was published: it is an old backup, or was tampered with."""


@dataclass(frozen=True)
class Drained:
    """How many entries became leaves, and the time up to which none is left; `is_all` if nothing was waiting behind them."""

    count: int
    until: datetime
    is_all: bool


def seal() -> int:
    """Seal what waits and publish a checkpoint; how many entries were sealed. Raises Rewound and keys.KeyRefused.

    Does nothing without a signing key, and leaves to another sealer what that has in hand.
    """
    signers = keys.signers()
    if not signers:
        return 0
    must_extend_what_was_published()
    keys.publish(signers)
    sealed = 0
    while (drained := drain()) is not None:
        sealed += drained.count
        if drained.is_all:
            sign(signers, drained.until)
            break
    return sealed


@transaction.atomic(durable=True)
def drain(batch: int = BATCH) -> Drained | None:
    """Make leaves of up to `batch` waiting entries, by the order of their ids; None if another sealer is at work.

    Ids commit out of order, but those of one case file do not, so a case's leaves stand in the order of its entries.
    """
    if not _is_ours():
        return None
    must_extend_what_was_published()
    with connection.cursor() as cursor:
        # Read before the queue is: whatever was committed until then is seen.
        cursor.execute("SELECT clock_timestamp()")
        until = to_milliseconds(cursor.fetchone()[0])
        cursor.execute(_TAKE, [batch])
        rows = cursor.fetchall()
    if rows:
        _store([(entry, bytes(hashed)) for entry, hashed in rows])
    return Drained(len(rows), until, len(rows) < batch)


@transaction.atomic(durable=True)
def sign(signers: Sequence[notes.Signer], until: datetime) -> Checkpoint | None:
    """Sign and publish the tree of the leaves that are committed, complete `until`; None if there is nothing to sign.

    First the file outside, then the database: what anybody has seen is always in the file.
    """
    if not _is_ours():
        return None
    must_extend_what_was_published()
    size = tree.size()
    newest = newest_checkpoint()
    if size == 0:
        return None
    if newest is not None and newest.size == size:
        published.keep_if_missing(newest.note)
        return None
    root = tree.frontier(size).root()
    said = notes.Checkpoint(settings.LOG_ORIGIN, size, root, (f"until {rfc3339(until)}",))
    note = notes.sign(said.text, signers)
    published.keep(note)
    return Checkpoint.objects.create(origin=said.origin, size=size, root=root, at=until, note=note)


def newest_checkpoint() -> Checkpoint | None:
    """The one that is served."""
    return Checkpoint.objects.filter(origin=settings.LOG_ORIGIN).order_by("-size").first()


def must_extend_what_was_published() -> None:
    """Raise Rewound unless the tree has grown out of the newest checkpoint, the file's and the database's own."""
    try:
        outside = published.newest()
    except published.Unreadable as error:
        raise Rewound(str(error)) from error
    if outside is not None and outside.origin != settings.LOG_ORIGIN:
        raise Rewound(f"{settings.LOG_CHECKPOINT} is of the log {outside.origin}, not of {settings.LOG_ORIGIN}")
    inside = newest_checkpoint()
    for size, root in {(c.size, bytes(c.root)) for c in (outside, inside) if c is not None}:
        try:
            found = tree.frontier(size).root()
        except tree.NodesMissing:
            raise Rewound(f"{size} leaves were published, and the database has {tree.size()}") from None
        if found != root:
            raise Rewound(f"the tree of {size} leaves was published with another root than the database gives")


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _store(rows: Sequence[tuple[int, bytes]]) -> None:
    start = tree.size()
    grown = tree.frontier(start)
    lines = io.StringIO()
    for index, (entry, hashed) in enumerate(rows, start):
        hashes = b"".join(grown.append(leaf_hash(hashed)))
        lines.write(f"{index}\t{entry}\t\\\\x{hashes.hex()}\n")
    lines.seek(0)
    with connection.cursor() as cursor:
        with connection.wrap_database_errors:
            cursor.copy_expert("COPY journal_leaf (index, entry_id, hashes) FROM STDIN", lines)
        cursor.execute(_LEAVE, [start])
