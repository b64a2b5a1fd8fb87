"""One record from its first entry to its seal."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from journal.notes import Verifier
from journal.verify.broken import Broken
from journal.verify.chain import Chain
from journal.verify.commitments import Commitments
from journal.verify.reader import Reader
from journal.verify.seals import Seals

Progress = Callable[["Report", int], None]
_TELL_EVERY = 500


@dataclass
class Report:
    """What has been checked: the case, how many entries and reveals (names, marks), the hash of the last entry, the seal."""

    case: str = ""
    entries: int = 0
    reveals: int = 0
    head: str = bytes(32).hex()
    first_at: str = ""
    last_at: str = ""
    seals: Seals = field(default_factory=Seals)
    ruleset: str | None = None

    @property
    def sealed(self) -> int:
        """How many entries, from the first, are under the checkpoint."""
        return self.seals.sealed


def verify(source: IO[bytes], progress: Progress | None = None, keys: Sequence[Verifier] = ()) -> Report:
    """Check a record as it is read, whatever its size; raises Broken at the first thing wrong.

    With `keys` the record has to be sealed by one of them; without, the keys it names itself are taken, which tells only
    that its parts fit each other. `report.ruleset` is the TOML text that fits the SHA-256 in `request.published`.
    """
    reader = Reader(source)
    form, case = reader.opening()
    report = Report(case, seals=Seals(tuple(keys)))
    named = _entries(reader, report, progress)
    _count(reader, report)
    if form == "case-record/2":
        report.ruleset = _ruleset(reader.ruleset(), named)
        _seal(reader, report, progress)
    reader.end()
    report.seals.finish()
    return report


def _entries(reader: Reader, report: Report, progress: Progress | None) -> dict[str, Any]:
    """Check every entry; the rule set that the request was published under, as the entry names it."""
    chain, commitments, named = Chain(report.case), Commitments(), {}
    try:
        for entry, text in reader.entries():
            chain.take(entry, text)
            commitments.take(entry)
            report.seals.hold(chain.head, entry["at"])
            if entry["kind"] == "request.published":
                named = entry["data"].get("ruleset") or {}
            if chain.entries % _TELL_EVERY == 0 and progress is not None:
                _note(report, chain, commitments)
                progress(report, reader.read)
    except Broken as broken:
        raise Broken(broken.seq or chain.entries + 1, broken.reason) from None
    _note(report, chain, commitments)
    return named if isinstance(named, dict) else {}


def _note(report: Report, chain: Chain, commitments: Commitments) -> None:
    report.entries, report.reveals, report.head = chain.entries, commitments.reveals, chain.head.hex()
    report.first_at, report.last_at = chain.first_at, chain.last_at


def _count(reader: Reader, report: Report) -> None:
    seq, head = reader.count()
    if seq != report.entries:
        raise Broken(None, f"the record says that it has {seq} entries, but there are {report.entries}")
    if head != report.head:
        raise Broken(None, f"the record says that its head is {head}, but the last entry's hash is {report.head}")


def _ruleset(said: Any, named: dict[str, Any]) -> str | None:
    """The rule set's text, if the record has one; raises Broken unless it is the one of `request.published`."""
    if said is None:
        return None
    if not isinstance(said, dict) or said.keys() != {"id", "toml"} or not isinstance(said["toml"], str):
        raise Broken(None, "the rule set is not an object of id and toml")
    digest = hashlib.sha256(said["toml"].encode()).hexdigest()
    if (said["id"], digest) != (named.get("id"), named.get("sha256")):
        reason = f"the rule set {said['id']} with SHA-256 {digest} is not the one the request was published under"
        raise Broken(None, f"{reason} ({named.get('id')}, {named.get('sha256')})")
    return said["toml"]


def _seal(reader: Reader, report: Report, progress: Progress | None) -> None:
    seal = reader.sealing()
    if seal is None:
        return
    report.seals.open(seal.checkpoint, seal.keys)
    for proof in reader.proofs():
        report.seals.take(proof)
        if report.sealed % _TELL_EVERY == 0 and progress is not None:
            progress(report, reader.read)
