"""The award, computed anew from rule set and case file (I8), and held against what the case file says of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.money import wire
from journal.awards import average, decide, prices
from journal.awards.outcome import CaseEntry, Outcome, Place, RecordUnfit
from journal.verify import bids
from journal.verify.broken import Broken

_CLOSED = ("auction.closed", "selection.closed")
_FAILED = ("auction.failed", "selection.failed")
_FELL = ("award.declined", "award.voided")
_REVEALING = (*_CLOSED, *_FAILED, "shortlist.drawn")
# Whoever stands in one of these is looked up by it.
_TEXTS = ("label", "commitment", "expert")
_WRONG = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError, StopIteration)


@dataclass
class Award:
    """How the selection ended so far: `winner` and `amount` (fen) at `rank`, or why it `failed`; `seq` is the entry that says so."""

    method: str
    winner: str | None = None
    amount: int | None = None
    rank: int = 0
    failed: str | None = None
    seq: int = 0


@dataclass
class Offers:
    """The sealed prices of a case: how many were closed, opened, void, and checked against a revealed name."""

    closed: int = 0
    opened: int = 0
    void: int = 0
    checked: int = 0


@dataclass
class Selection:
    """Collects a request's entries, and checks them when the rule set is known. Other cases have nothing to decide."""

    entries: list[CaseEntry] = field(default_factory=list)
    offers: Offers | None = None

    def take(self, entry: dict[str, Any]) -> bool:
        """Keep the next entry, if a notice that names its method was the first; is it so? Raises Broken."""
        data = entry["data"]
        if not self.entries and not isinstance(data.get("method"), str):
            return False
        for name in _TEXTS:
            if name in data and not isinstance(data[name], str):
                raise Broken(entry["seq"], f"has no text as {name}", "award")
        self.entries.append(CaseEntry(entry["seq"], entry["at"], entry["kind"], data))
        return True

    def check_offers(self) -> None:
        """Sealed prices: closed as they stood, opened as they were committed to. Raises Broken."""
        uscc_of: dict[str, str] = {}
        for one in (one for e in self.entries if e.kind in _REVEALING for one in e.data.get("reveals", [])):
            uscc_of[one["label"]] = one["uscc"]
        for n, e in enumerate(self.entries):
            if e.kind in ("offers.closed", "offers.opened"):
                with _words_for(e, "offers"):
                    prices.check(self.entries[: n + 1], uscc_of)
                    self._count(e, uscc_of)

    def _count(self, e: CaseEntry, uscc_of: Mapping[str, str]) -> None:
        found, of = self.offers or Offers(), e.data["offers"]
        if e.kind == "offers.closed":
            found.closed = len(of)
        else:
            found.opened = sum(one["nonce"] is not None for one in of)
            found.void = sum(one["void"] is not None for one in of)
            found.checked = sum(one["nonce"] is not None and one["label"] in uscc_of for one in of)
        self.offers = found

    def check_award(self, numbers: Mapping[str, Any]) -> Award:
        """Recompute what was decided and compare it with every entry that says so; raises Broken at the first that differs."""
        return _Course(self.entries, numbers).run()


class _Course:
    """One way through the entries, from the notice to the last award."""

    def __init__(self, entries: list[CaseEntry], numbers: Mapping[str, Any]) -> None:
        self._entries, self._numbers = entries, numbers
        self._award = Award(str(entries[0].data["method"]))
        self._outcome: Outcome | None = None
        self._names: dict[str, dict[str, Any]] = {}
        self._fallen: set[str] = set()
        self._passed: set[str] = set()
        self._awaits: Place | None = None
        self._standing = False

    def run(self) -> Award:
        for n, e in enumerate(self._entries):
            with _words_for(e, "award"):
                self._step(n, e)
        return self._award

    def _step(self, n: int, e: CaseEntry) -> None:
        if e.kind in _REVEALING:
            self._names |= {one["label"]: one for one in e.data.get("reveals", [])}
        if e.kind == "draw.opened":
            self._check_tie_was_known(n, e)
        elif e.kind == "draw.sealed":
            self._check_list(n, e)
        elif e.kind in _CLOSED:
            self._closed(n, e)
        elif e.kind in _FAILED:
            self._failed(n, e)
        elif e.kind == "award.published":
            self._published(e)
        elif e.kind in _FELL:
            self._fell(e)
        elif e.kind == "award.passed_over":
            self._passed_over(e)

    def _decide(self, until: int) -> Outcome:
        return decide(self._award.method, self._entries[:until], self._numbers)

    def _check_tie_was_known(self, n: int, e: CaseEntry) -> None:
        if _which(e).startswith("T") and not self._decide(n).tied:
            raise Broken(e.seq, f"opens {e.data['draw']}, though nobody was tied", "award")

    def _check_list(self, n: int, e: CaseEntry) -> None:
        """Among whom a tie is drawn follows from the prices; which factors a mean may have, from the rule set."""
        listed = [(one["name"], one["tickets"]) for one in e.data["list"]["entries"]]
        if _which(e).startswith("T"):
            wanted = list(self._decide(n).tied)
        elif _which(e) == "F":
            wanted = average.factor_names(self._numbers["average"])
        else:
            return
        if listed != [(name, 1) for name in wanted]:
            raise Broken(
                e.seq, f"draws among others than {', '.join(wanted) or 'nobody'} with one ticket each", "award"
            )

    def _closed(self, n: int, e: CaseEntry) -> None:
        if self._award.seq:
            raise Broken(e.seq, "ends the selection a second time", "award")
        if self._award.method == "live":
            bids.check(self._entries[:n])
        try:
            outcome = self._decide(n + 1)
        except (RecordUnfit, *_WRONG) as error:
            raise self._first_unfit(n, error) from error
        if outcome.winner is None or outcome.amount is None:
            why = f"{', '.join(outcome.tied)} are tied" if outcome.tied else str(outcome.failure)
            raise Broken(e.seq, f"names {e.data['winner']} as winner, but by the rules there is none: {why}", "award")
        if (e.data["winner"], e.data["amount"]) != (outcome.winner, wire(outcome.amount)):
            said = f"names {e.data['winner']} as winner at {e.data['amount']}"
            raise Broken(e.seq, f"{said}, but the rules give {outcome.winner} at {wire(outcome.amount)}", "award")
        self._outcome, self._awaits = outcome, outcome.ranking[0]
        self._say(outcome.ranking[0], e)

    def _failed(self, n: int, e: CaseEntry) -> None:
        if self._outcome is None:
            try:
                outcome = self._decide(n + 1)
            except (RecordUnfit, *_WRONG) as error:
                raise self._first_unfit(n, error) from error
            if outcome.winner is not None:
                raise Broken(e.seq, f"fails the selection, but by the rules {outcome.winner} wins", "award")
        elif self._standing or self._awaits is not None:
            due = self._awaits.label if self._awaits else self._award.winner
            raise Broken(e.seq, f"fails the selection, but by the rules the award goes to {due}", "award")
        self._award = Award(self._award.method, failed=str(e.data["reason"]), seq=e.seq)

    def _published(self, e: CaseEntry) -> None:
        due, said = self._awaits, e.data["winner"]
        if due is None or (said["label"], e.data["amount"]) != (due.label, wire(due.amount)):
            by_rule = f"{due.label} at {wire(due.amount)}" if due else "nobody"
            raise Broken(
                e.seq, f"awards to {said['label']} at {e.data['amount']}, but the rules give {by_rule}", "award"
            )
        known = self._names.get(due.label)
        if known is None or (known["uscc"], known["name"]) != (said["uscc"], said["name"]):
            raise Broken(
                e.seq, f"awards to {said['name']} {said['uscc']}, who is not the one behind {due.label}", "award"
            )
        self._fallen.add(due.label)
        self._awaits, self._standing = None, True
        self._say(due, e)

    def _fell(self, e: CaseEntry) -> None:
        if not self._standing or e.data["label"] != self._award.winner:
            raise Broken(e.seq, f"ends an award of {e.data['label']}, who has none", "award")
        self._standing, self._passed = False, set()
        self._awaits = self._next(self._fallen)

    def _passed_over(self, e: CaseEntry) -> None:
        if self._awaits is None or e.data["label"] != self._awaits.label:
            raise Broken(e.seq, f"passes over {e.data['label']}, who was not next in rank", "award")
        self._passed.add(e.data["label"])
        self._awaits = self._next(self._fallen | self._passed)

    def _next(self, fallen: set[str]) -> Place | None:
        """R5.9: the best of the rest, if its price is within so many percent of the winning one."""
        assert self._outcome is not None
        assert self._outcome.amount is not None
        rest = [place for place in self._outcome.ranking if place.label not in fallen]
        percent = self._numbers["standstill"]["next_in_rank_percent"]
        return rest[0] if rest and rest[0].amount * 100 <= self._outcome.amount * percent else None

    def _say(self, place: Place, e: CaseEntry) -> None:
        self._award = Award(self._award.method, place.label, place.amount, place.rank, seq=e.seq)

    def _first_unfit(self, last: int, error: Exception) -> Broken:
        """The entry with which the record began to contradict itself: no bid does that, so they are not tried."""
        for n, e in enumerate(self._entries[: last + 1]):
            if e.kind == "bid.placed" and n < last:
                continue
            try:
                self._decide(n + 1)
            except (RecordUnfit, *_WRONG) as first:
                return Broken(e.seq, f"cannot be right: {first}", "award")
        return Broken(self._entries[last].seq, f"cannot be right: {error}", "award")


def _which(e: CaseEntry) -> str:
    """D, F, E, T1 …: what the draw is for."""
    return str(e.data["draw"]).rpartition("-")[2]


@contextmanager
def _words_for(e: CaseEntry, area: str) -> Iterator[None]:
    try:
        yield
    except RecordUnfit as error:
        raise Broken(e.seq, str(error), area) from error
    except _WRONG as error:
        raise Broken(e.seq, f"is malformed: {error!r}", area) from error
