"""Append to case files. The case's row lock orders everything that happens to its subject."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from psycopg2.extras import execute_values

from core import clock
from journal import canon, feed
from journal.models import Case


@dataclass(frozen=True)
class Written:
    """An entry just appended."""

    seq: int
    at: datetime
    kind: str
    body: bytes
    hash: bytes


@dataclass
class Held:
    """A case file whose row this transaction has locked, and the moment it judges by.

    `now` was read from the database's clock after the lock was held, is never before the newest entry, and is the time
    of every entry that this transaction appends.
    """

    id: int
    name: str
    seq: int
    head: bytes
    now: datetime
    written: list[Written] = field(default_factory=list)

    def append(self, kind: str, data: dict[str, Any]) -> Written:
        """Append one entry; it is on disk when the transaction commits."""
        return self.append_all([(kind, data)])[0]

    def append_all(self, drafts: Iterable[tuple[str, dict[str, Any]]]) -> list[Written]:
        """Append entries in order, in one statement; watchers hear of them after the commit."""
        at = clock.rfc3339(self.now)
        new: list[Written] = []
        rows: list[tuple[object, ...]] = []
        for kind, data in drafts:
            self.seq += 1
            body = canon.body(self.name, self.seq, at, kind, data)
            prev, self.head = self.head, canon.digest(self.head, body)
            rows.append((self.id, self.seq, self.now, kind, body, prev, self.head))
            new.append(Written(self.seq, self.now, kind, body, self.head))
        if new:
            _insert(rows)
            _advance(self)
            if not self.written:
                transaction.on_commit(self._announce, robust=True)
            self.written.extend(new)
        return new

    def _announce(self) -> None:
        lines = [canon.on_wire(self.name, w.body, w.hash) for w in self.written]
        feed.announce(self.name, self.written[0].seq, lines)


def open_case(name: str) -> Held:
    """Open a case file and hold it. Part of a larger verb: the caller's transaction must be open."""
    case = Case.objects.create(name=name)
    return lock_case(case.name)


def lock_case(name: str) -> Held:
    """Hold the case file `name` until the transaction ends; raises Case.DoesNotExist.

    Lock order where two are needed: request before agency, agencies by name, the platform's own case last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM journal_case WHERE name = %s FOR NO KEY UPDATE", [name])
        if cursor.fetchone() is None:
            raise Case.DoesNotExist(name)
        # A statement of its own: it sees what the lock waited for, and its clock is read after the wait.
        cursor.execute(
            "SELECT id, name, seq, head, greatest(date_trunc('milliseconds', clock_timestamp()), last_at)"
            " FROM journal_case WHERE name = %s",
            [name],
        )
        identity, case_name, seq, head, now = cursor.fetchone()
    return Held(identity, case_name, seq, bytes(head), clock.to_milliseconds(now))


def lock_platform() -> Held:
    """Hold the platform's own case file `P`, opening it the first time."""
    Case.objects.get_or_create(name="P")
    return lock_case("P")


def _insert(rows: list[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO journal_entry (case_id, seq, at, kind, body, prev, hash) VALUES %s",
            rows,
            page_size=len(rows),
        )


def _advance(held: Held) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_case SET seq = %s, head = %s, last_at = %s WHERE id = %s",
            [held.seq, held.head, held.now, held.id],
        )
