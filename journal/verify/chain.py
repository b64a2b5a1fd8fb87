"""The chain of a case file: each entry's form, place, time and hash."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from journal import canon
from journal.verify.broken import Broken
from journal.verify.reader import without_doubled_names

_FIELDS = {"at", "case", "data", "hash", "kind", "seq"}
_STRICT = json.JSONDecoder(object_pairs_hook=without_doubled_names)


@dataclass
class Chain:
    """The entries so far of `case`: how many, their first and last time, and the newest one's hash."""

    case: str
    entries: int = 0
    head: bytes = canon.GENESIS
    first_at: str = ""
    last_at: str = ""

    def take(self, entry: Any, text: str) -> None:
        """Check the next entry, decoded from `text`; raises Broken."""
        seq = self.entries + 1
        self._check_form(entry, seq)
        try:
            canonical = canon.body(self.case, seq, entry["at"], entry["kind"], entry["data"])
        except (ValueError, RecursionError) as error:
            raise Broken(seq, f"cannot be written canonically: {error}") from error
        self._check_text(canonical, entry["hash"], text)
        computed = hashlib.sha256(self.head + canonical)
        if computed.hexdigest() != entry["hash"]:
            reason = f"its hash is {entry['hash']}, but its words and the entry before it give {computed.hexdigest()}"
            raise Broken(seq, reason)
        self.entries, self.head, self.last_at = seq, computed.digest(), entry["at"]
        self.first_at = self.first_at or entry["at"]

    def _check_form(self, entry: Any, seq: int) -> None:
        if not isinstance(entry, dict) or entry.keys() != _FIELDS:
            raise Broken(seq, "has not exactly the fields at, case, data, hash, kind, seq")
        if entry["seq"] != seq or isinstance(entry["seq"], bool):
            reason = f"number {entry['seq']} stands in its place: entries are missing, doubled or out of order"
            raise Broken(seq, reason)
        if entry["case"] != self.case:
            raise Broken(seq, f"belongs to {entry['case']}, not to {self.case}")
        texts = isinstance(entry["at"], str) and isinstance(entry["kind"], str) and isinstance(entry["hash"], str)
        if not texts or not isinstance(entry["data"], dict):
            raise Broken(seq, "has fields of the wrong type")
        if entry["at"] < self.last_at:
            raise Broken(seq, f"is of {entry['at']}, before the entry ahead of it ({self.last_at})")

    def _check_text(self, canonical: bytes, hashed: str, text: str) -> None:
        """A text that is the canonical one names nothing twice; any other is read once more with that in mind."""
        try:
            if canonical[:-1] + b',"hash":"%s"}' % hashed.encode() != text.encode():
                _STRICT.decode(text)
        except UnicodeError as error:
            raise Broken(self.entries + 1, f"cannot be written canonically: {error}") from error
