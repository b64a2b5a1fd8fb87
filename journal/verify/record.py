"""One record from its first entry to its seal."""

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from core.money import wire
from journal.notes import Verifier
from journal.verify.broken import Broken, area
from journal.verify.chain import Chain
from journal.verify.commitments import KINDS, Commitments
from journal.verify.draws import Draws
from journal.verify.reader import Reader
from journal.verify.seals import Seals
from journal.verify.selection import Award, Selection

Progress = Callable[["Report", int], None]
_TELL_EVERY = 500


@dataclass
class Report:
    """What has been checked: the case, how many entries and reveals (names, marks), the hash of the last entry, draws, the seal.

    `award` is what was computed anew; None where the case is no request, or the record has no rule set to compute it by.
    """

    case: str = ""
    entries: int = 0
    reveals: int = 0
    head: str = bytes(32).hex()
    first_at: str = ""
    last_at: str = ""
    seals: Seals = field(default_factory=Seals)
    ruleset: str | None = None
    draws: Draws = field(default_factory=Draws)
    selection: Selection = field(default_factory=Selection)
    award: Award | None = None

    @property
    def sealed(self) -> int:
        """How many entries, from the first, are under the checkpoint."""
        return self.seals.sealed

    def lines(self) -> list[dict[str, Any]]:
        """What was proved, one finding each and named by `line`; every verifier of this format comes to the same ones."""
        found: list[dict[str, Any]] = [
            {"line": "chain", "case": self.case, "entries": self.entries, "head": self.head},
            {"line": "reveals", "count": self.reveals},
        ]
        for draw in self.draws.made:
            given = {"contributors": len(draw.given), "forced": draw.forced, "void": draw.void}
            found.append({"line": "draw", "draw": draw.name, **given, "first": draw.order[0]})
        if offers := self.selection.offers:
            found.append({"line": "offers", **asdict(offers)})
        if self.selection.entries:
            found.append(self._award_line())
        seals = self.seals
        if seals.checkpoint is None:
            return [*found, {"line": "unsealed"}]
        size, until = seals.checkpoint.size, seals.until_text()
        found.append({"line": "sealed", "entries": self.sealed, "of": self.entries, "size": size, "until": until})
        return found + [{"line": "signed", "key": str(key), "known": bool(seals.trusted)} for key in seals.signers]

    def _award_line(self) -> dict[str, Any]:
        award = self.award
        if award is None:
            return {"line": "no_ruleset"}
        if award.failed is not None:
            return {"line": "failed", "method": award.method, "reason": award.failed, "entry": award.seq}
        if award.winner is None or award.amount is None:
            return {"line": "undecided", "method": award.method}
        said = {"winner": award.winner, "amount": wire(award.amount), "rank": award.rank}
        return {"line": "award", "method": award.method, **said, "entry": award.seq}


def verify(source: IO[bytes], progress: Progress | None = None, keys: Sequence[Verifier] = ()) -> Report:
    """Check a record as it is read, whatever its size; raises Broken at the first thing wrong.

    With `keys` the record has to be sealed by one of them; without, the keys it names itself are taken, which tells only
    that its parts fit each other. `report.ruleset` is the TOML text that fits the SHA-256 in `request.published`.
    """
    with area("form"):
        reader = Reader(source)
        form, case = reader.opening()
        report = Report(case, seals=Seals(tuple(keys)))
    named = _entries(reader, report, progress)
    with area("form"):
        _count(reader, report)
    if form == "case-record/2":
        with area("ruleset"):
            report.ruleset = _ruleset(reader.ruleset(), named)
        with area("seal"):
            _seal(reader, report, progress)
    with area("form"):
        reader.end()
    with area("seal"):
        report.seals.finish()
    _decide(report)
    return report


def _entries(reader: Reader, report: Report, progress: Progress | None) -> dict[str, Any]:
    """Check every entry; the rule set that the request was published under, as the entry names it."""
    chain, commitments = Chain(report.case), Commitments()
    named: Any = {}
    selection = False
    try:
        with area("chain"):
            for entry, text in reader.entries():
                chain.take(entry, text)
                kind = entry["kind"]
                if kind in KINDS:
                    commitments.take(entry)
                elif kind.startswith("draw."):
                    report.draws.take(entry)
                elif kind == "request.published" and not named:
                    named = entry["data"].get("ruleset") or {}
                if selection or kind == "request.published":
                    selection = report.selection.take(entry)
                report.seals.hold(chain.head, entry["at"])
                if chain.entries % _TELL_EVERY == 0 and progress is not None:
                    _note(report, chain, commitments)
                    progress(report, reader.read)
    except Broken as broken:
        raise Broken(broken.seq or chain.entries + 1, broken.reason, broken.area) from None
    _note(report, chain, commitments)
    return named if isinstance(named, dict) else {}


def _decide(report: Report) -> None:
    """Recompute what the entries decide, where they are those of a request and the rule set is there."""
    selection = report.selection
    selection.check_offers()
    if report.ruleset is not None and selection.entries:
        try:
            numbers = tomllib.loads(report.ruleset)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise Broken(None, f"the rule set is no TOML: {error}", "ruleset") from error
        report.award = selection.check_award(numbers)


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
        if named:
            raise Broken(
                None, f"the record leaves out the rule set {named.get('id')} that the request was published under"
            )
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
