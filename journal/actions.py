"""Append to case files. The case's row lock orders everything that happens to its subject."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from core import clock
from core.statements import Statement, run_together
from journal import canon, feed
from journal.models import Case

_LOCK = Statement("journal_lock", "SELECT id FROM journal_case WHERE name = $1 FOR NO KEY UPDATE")

_READ = Statement(
    "journal_read",
    """
    SELECT id, name, seq, head, greatest(date_trunc('milliseconds', clock_timestamp()), last_at)
    FROM journal_case WHERE name = $1
    """,
)

_APPEND = Statement(
    "journal_append",
    """
    WITH advanced AS (UPDATE journal_case SET seq = $3, head = $4, last_at = $2 WHERE id = $1)
    INSERT INTO journal_entry (case_id, at, seq, kind, body, prev, hash)
    SELECT $1, $2, e.* FROM unnest($5::bigint[], $6::text[], $7::bytea[], $8::bytea[], $9::bytea[]) AS e
    """,
)


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
        prevs: list[bytes] = []
        for kind, data in drafts:
            self.seq += 1
            body = canon.body(self.name, self.seq, at, kind, data)
            prev, self.head = self.head, canon.digest(self.head, body)
            prevs.append(prev)
            new.append(Written(self.seq, self.now, kind, body, self.head))
        if new:
            _APPEND.run(
                self.id,
                self.now,
                self.seq,
                self.head,
                [entry.seq for entry in new],
                [entry.kind for entry in new],
                [entry.body for entry in new],
                prevs,
                [entry.hash for entry in new],
            )
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
    # Reading is a statement of its own: it sees what the lock waited for, and its clock is read after the wait.
    found = run_together((_LOCK, [name]), (_READ, [name]))
    if not found:
        raise Case.DoesNotExist(name)
    [(identity, case_name, seq, head, now)] = found
    return Held(identity, case_name, seq, bytes(head), clock.to_milliseconds(now))


def lock_platform() -> Held:
    """Hold the platform's own case file `P`, opening it the first time."""
    Case.objects.get_or_create(name="P")
    return lock_case("P")
