"""A case file written in memory, exactly as `journal` would have written it, and brought in with many others."""

from datetime import datetime
from typing import Any

from core import clock
from journal import canon
from journal.models import Case, Entry


class CaseFile:
    """The entries of one case in order; each is never earlier than the one before it."""

    def __init__(self, pk: int, name: str) -> None:
        self.pk, self.name = pk, name
        self.seq, self.head = 0, canon.GENESIS
        self.last_at: datetime | None = None
        self.entries: list[Entry] = []

    def append(self, at: datetime, draft: tuple[str, dict[str, Any]]) -> datetime:
        """Write one entry; returns its time, whole milliseconds and not before the last."""
        at = clock.to_milliseconds(at)
        if self.last_at is not None and at < self.last_at:
            at = self.last_at
        kind, data = str(draft[0]), draft[1]
        self.seq += 1
        body = canon.body(self.name, self.seq, clock.rfc3339(at), kind, data)
        prev, self.head, self.last_at = self.head, canon.digest(self.head, body), at
        self.entries.append(
            Entry(case_id=self.pk, seq=self.seq, at=at, kind=kind, body=body, prev=prev, hash=self.head)
        )
        return at

    def row(self) -> Case:
        """The case's own row, as its last entry leaves it."""
        return Case(pk=self.pk, name=self.name, seq=self.seq, head=self.head, last_at=self.last_at)
