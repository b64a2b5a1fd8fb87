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

    @classmethod
    def resumed(cls, case: Case) -> "CaseFile":
        """The file of a case that is there already, to be gone on with; `entries` holds what is new."""
        file = cls(case.pk, case.name)
        file.seq, file.head, file.last_at = case.seq, bytes(case.head), case.last_at
        return file

    def at_least(self, at: datetime) -> datetime:
        """`at`, but never before the newest entry; whole milliseconds."""
        at = clock.to_milliseconds(at)
        return max(at, self.last_at) if self.last_at is not None else at

    def append(self, at: datetime, draft: tuple[str, dict[str, Any]]) -> datetime:
        """Write one entry; returns its time, whole milliseconds and not before the last."""
        at = self.at_least(at)
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
