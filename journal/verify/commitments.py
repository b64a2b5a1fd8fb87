"""What was committed to and is revealed later: the names of bidders, experts' marks, the marks of an evaluation."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from journal.verify.broken import Broken, area

# Entries that open names: ends, and the short list that a buyer chooses from.
_ENDS = ("auction.closed", "auction.failed", "selection.closed", "selection.failed", "shortlist.drawn")
# The kinds that commit to something, or reveal it.
KINDS = frozenset(
    {"request.enrolled", "marks.given", "marks.published", "evaluation.given", "evaluation.revealed", *_ENDS}
)
_MARK = ("by", "comment", "document", "grades", "outcome", "reasons")


@dataclass
class Commitments:
    """Those of one case, and how many `reveals` fitted theirs."""

    reveals: int = 0
    _made: dict[str, str] = field(default_factory=dict)

    def take(self, entry: dict[str, Any]) -> None:
        """Note what an entry of KINDS commits to and check what it reveals; raises Broken."""
        with area("reveal"):
            self._take(entry)

    def _take(self, entry: dict[str, Any]) -> None:
        try:
            match entry["kind"]:
                case "request.enrolled":
                    self._made[entry["data"]["label"]] = entry["data"]["commitment"]
                case kind if kind in _ENDS:
                    for reveal in entry["data"]["reveals"]:
                        self._check_reveal(entry["seq"], reveal)
                case "marks.given":
                    self._made[f"expert {entry['data']['expert']}"] = entry["data"]["commitment"]
                case "marks.published":
                    for one in entry["data"]["experts"]:
                        self._check_expert(entry["seq"], one)
                case "evaluation.given":
                    self._made[f"evaluation {entry['data']['by']}"] = entry["data"]["commitment"]
                case "evaluation.revealed":
                    for mark in entry["data"]["marks"]:
                        self._check_mark(entry["seq"], mark)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise Broken(entry["seq"], f"is malformed: {error!r}") from error

    def _check_reveal(self, seq: int, reveal: dict[str, str]) -> None:
        label = reveal["label"]
        committed = self._made.get(label)
        if committed is None:
            raise Broken(seq, f"reveals {label}, who never enrolled")
        fits = hashlib.sha256(b"enrolment" + bytes.fromhex(reveal["salt"]) + rfc8785.dumps(reveal["uscc"])).hexdigest()
        if fits != committed:
            raise Broken(
                seq, f"reveals {label} as {reveal['uscc']}, which does not fit the commitment made at enrolment"
            )
        self.reveals += 1

    def _check_expert(self, seq: int, one: dict[str, Any]) -> None:
        salted = b"marks" + bytes.fromhex(one["salt"]) + rfc8785.dumps(one["marks"])
        if hashlib.sha256(salted).hexdigest() != self._made.get(f"expert {one['expert']}"):
            raise Broken(
                seq, f"shows marks of {one['expert']} that do not fit the commitment made when they were given"
            )
        self.reveals += 1

    def _check_mark(self, seq: int, mark: dict[str, Any]) -> None:
        committed = self._made.get(f"evaluation {mark['by']}")
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
