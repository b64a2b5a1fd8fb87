"""Check the record of a case file without the platform: `python -m journal.verify FILE|URL`.

Imports nothing of Django: hashlib, json, urllib and rfc8785 are enough, so anybody may run a copy of this file elsewhere.
It recomputes every hash from the entry's own words, checks number, case and time of each, the head, and that each name
revealed at the close fits the commitment made when enrolling, and each mark of an evaluation the one made when rating. It
names the first entry that is wrong.
"""

import hashlib
import io
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import rfc8785

FORMAT = "case-record/1"
_PIECE = 1 << 18
# Entries that open names: ends, and the short list that a buyer chooses from.
_ENDS = ("auction.closed", "auction.failed", "selection.closed", "selection.failed", "shortlist.drawn")
_MARK = ("by", "comment", "document", "grades", "outcome", "reasons")
_FIELDS = {"at", "case", "data", "hash", "kind", "seq"}
_TELL_EVERY = 0.5  # seconds


class Broken(Exception):
    """The record does not hold; `seq` is the first entry that is wrong, None where it is the file as a whole."""

    def __init__(self, seq: int | None, reason: str) -> None:
        self.seq, self.reason = seq, reason
        super().__init__(f"entry {seq}: {reason}" if seq is not None else reason)


@dataclass
class Report:
    """What has been checked: the case, how many entries and what was revealed (names, marks), the hash of the last entry."""

    case: str = ""
    entries: int = 0
    reveals: int = 0
    head: str = bytes(32).hex()
    first_at: str = ""
    last_at: str = ""
    _commitments: dict[str, str] = field(default_factory=dict)

    def take(self, entry: Any) -> None:
        """Check the next entry; raises Broken."""
        seq = self.entries + 1
        self._check_form(entry, seq)
        body = {name: value for name, value in entry.items() if name != "hash"}
        try:
            canonical = rfc8785.dumps(body)
        except (rfc8785.CanonicalizationError, UnicodeError) as error:
            raise Broken(seq, f"cannot be written canonically: {error}") from error
        computed = hashlib.sha256(bytes.fromhex(self.head) + canonical).hexdigest()
        if computed != entry["hash"]:
            raise Broken(seq, f"its hash is {entry['hash']}, but its words and the entry before it give {computed}")
        self.entries, self.head, self.last_at = seq, computed, entry["at"]
        self.first_at = self.first_at or entry["at"]
        self._take_commitments(entry)

    def finish(self, seq: Any, head: Any) -> None:
        """Check what the record says of itself after its entries; raises Broken."""
        if seq != self.entries:
            raise Broken(None, f"the record says that it has {seq} entries, but there are {self.entries}")
        if head != self.head:
            raise Broken(None, f"the record says that its head is {head}, but the last entry's hash is {self.head}")

    def _check_form(self, entry: Any, seq: int) -> None:
        if not isinstance(entry, dict) or set(entry) != _FIELDS:
            raise Broken(seq, "has not exactly the fields at, case, data, hash, kind, seq")
        if entry["seq"] != seq or isinstance(entry["seq"], bool):
            raise Broken(
                seq, f"number {entry['seq']} stands in its place: entries are missing, doubled or out of order"
            )
        if entry["case"] != self.case:
            raise Broken(seq, f"belongs to {entry['case']}, not to {self.case}")
        if not all(isinstance(entry[name], str) for name in ("at", "kind", "hash")) or not isinstance(
            entry["data"], dict
        ):
            raise Broken(seq, "has fields of the wrong type")
        if entry["at"] < self.last_at:
            raise Broken(seq, f"is of {entry['at']}, before the entry ahead of it ({self.last_at})")

    def _take_commitments(self, entry: dict[str, Any]) -> None:
        try:
            if entry["kind"] == "request.enrolled":
                self._commitments[entry["data"]["label"]] = entry["data"]["commitment"]
            elif entry["kind"] in _ENDS:
                for reveal in entry["data"]["reveals"]:
                    self._check_reveal(entry["seq"], reveal)
            elif entry["kind"] == "evaluation.given":
                self._commitments[f"evaluation {entry['data']['by']}"] = entry["data"]["commitment"]
            elif entry["kind"] == "evaluation.revealed":
                for mark in entry["data"]["marks"]:
                    self._check_mark(entry["seq"], mark)
        except (KeyError, TypeError, ValueError) as error:
            raise Broken(entry["seq"], f"is malformed: {error!r}") from error

    def _check_reveal(self, seq: int, reveal: dict[str, str]) -> None:
        label = reveal["label"]
        committed = self._commitments.get(label)
        if committed is None:
            raise Broken(seq, f"reveals {label}, who never enrolled")
        fits = hashlib.sha256(b"enrolment" + bytes.fromhex(reveal["salt"]) + rfc8785.dumps(reveal["uscc"])).hexdigest()
        if fits != committed:
            raise Broken(
                seq, f"reveals {label} as {reveal['uscc']}, which does not fit the commitment made at enrolment"
            )
        self.reveals += 1

    def _check_mark(self, seq: int, mark: dict[str, Any]) -> None:
        committed = self._commitments.get(f"evaluation {mark['by']}")
        if "salt" not in mark:
            # The platform's own facts were never sealed; a party's mark was.
            if committed is not None or mark["by"] != "platform":
                raise Broken(seq, f"reveals the mark of the {mark['by']} without its salt")
            return
        if committed is None:
            raise Broken(seq, f"reveals a mark of the {mark['by']}, who never rated")
        said = {name: mark[name] for name in _MARK}
        if hashlib.sha256(b"evaluation" + bytes.fromhex(mark["salt"]) + rfc8785.dumps(said)).hexdigest() != committed:
            raise Broken(seq, f"reveals a mark of the {mark['by']} that does not fit the commitment made when it rated")
        self.reveals += 1


def verify(source: IO[bytes], progress: Callable[[Report, int], None] | None = None) -> Report:
    """Check a record as it is read, whatever its size; raises Broken at the first thing wrong."""
    reader = _Reader(source)
    report = Report()
    report.case = reader.opening()
    try:
        for entry in reader.entries():
            report.take(entry)
            if progress is not None and report.entries % 500 == 0:
                progress(report, reader.read)
    except Broken as broken:
        raise Broken(broken.seq or report.entries + 1, broken.reason) from None
    report.finish(*reader.closing())
    return report


class _Reader:
    """The pieces of a record in their order, decoded one entry at a time."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = io.TextIOWrapper(source, encoding="utf-8", errors="strict", newline="")
        self._decoder = json.JSONDecoder(object_pairs_hook=_no_doubled_names)
        self._text, self._at, self.read = "", 0, 0

    def opening(self) -> str:
        self._expect('{"format":')
        if self._value() != FORMAT:
            raise Broken(None, f"this is no {FORMAT} file")
        self._expect(',"case":')
        case = self._value()
        if not isinstance(case, str):
            raise Broken(None, "the record does not name its case")
        self._expect(',"entries":[')
        return case

    def entries(self) -> Iterator[Any]:
        if self._follows("]"):
            return
        while True:
            yield self._value()
            if self._follows("]"):
                return
            self._expect(",")

    def closing(self) -> tuple[Any, Any]:
        self._expect(',"seq":')
        seq = self._value()
        self._expect(',"head":')
        head = self._value()
        self._expect("}")
        while self._at < len(self._text) or self._more():
            if self._text[self._at :].strip():
                raise Broken(None, "something follows the record's end")
            self._at = len(self._text)
        return seq, head

    def _follows(self, text: str) -> bool:
        self._skip_blanks()
        found = self._text.startswith(text, self._at)
        if found:
            self._at += len(text)
        return found

    def _expect(self, text: str) -> None:
        for token in _tokens(text):
            self._skip_blanks()
            while len(self._text) - self._at < len(token) and self._more():
                pass
            if not self._text.startswith(token, self._at):
                self._fail(f"{token} was expected")
            self._at += len(token)

    def _value(self) -> Any:
        self._skip_blanks()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise Broken(None, "the file is nested too deeply") from error
            except ValueError as error:
                if not self._more():
                    self._fail(str(error))
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on in the next piece
            self._at = end
            return value

    def _skip_blanks(self) -> None:
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text) or not self._more():
                return

    def _more(self) -> bool:
        try:
            piece = self._source.read(_PIECE)
        except UnicodeDecodeError as error:
            raise Broken(None, f"the file is not UTF-8: {error.reason}") from error
        self._text, self._at = self._text[self._at :] + piece, 0
        self.read += len(piece)
        return bool(piece)

    def _fail(self, reason: str) -> None:
        where = self.read - len(self._text) + self._at
        raise Broken(None, f"the file is cut off or no JSON near character {where}: {reason}")


def _tokens(text: str) -> list[str]:
    """The signs and names of a piece of the frame: blanks may stand between them."""
    found, name = [], ""
    for sign in text:
        if sign == '"' and not name:
            name = sign
        elif name:
            name += sign
            if sign == '"':
                found.append(name)
                name = ""
        else:
            found.append(sign)
    return found


def _no_doubled_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise Broken(None, "an object names a field twice")
    return whole


def _open(place: str) -> IO[bytes]:
    if place.startswith(("http://", "https://")):
        opened: IO[bytes] = urllib.request.urlopen(place, timeout=30)  # noqa: S310 (the scheme is checked)
        return opened
    return sys.stdin.buffer if place == "-" else open(place, "rb")


def _progress() -> Callable[[Report, int], None] | None:
    """Tells a person at a terminal how far it is, twice a second."""
    if not sys.stderr.isatty():
        return None
    told = time.monotonic()

    def tell(report: Report, read: int) -> None:
        nonlocal told
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            print(f"\r{report.entries:,} entries, {read / 1e6:,.1f} MB", end="", file=sys.stderr, flush=True)  # noqa: T201

    return tell


def main(arguments: list[str]) -> int:
    """Check one record and say so; 0 when it holds, 1 when it is broken, 2 when it cannot be read."""
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print("usage: python -m journal.verify FILE|URL|-", file=sys.stderr)  # noqa: T201
        return 2
    try:
        with _open(arguments[0]) as source:
            report = verify(source, _progress())
    except Broken as broken:
        print(f"BROKEN  {broken}")  # noqa: T201
        return 1
    except (OSError, urllib.error.URLError) as error:
        print(f"cannot read {arguments[0]}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print(  # noqa: T201
        f"OK  {report.case}: {report.entries:,} entries from {report.first_at} to {report.last_at},"
        f" {report.reveals} revealed names and marks fit their commitments\n    head {report.head}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
