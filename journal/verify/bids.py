"""The bids of a live auction (R5.4): each at least one step below the lead, and before the close that held then."""

from collections.abc import Iterable

from core.money import parse, wire
from journal.awards.outcome import CaseEntry
from journal.verify.broken import Broken

_SETS_CLOSE = ("auction.opened", "auction.extended", "auction.resumed")


def check(entries: Iterable[CaseEntry]) -> None:
    """Raise Broken at the first bid that should not have counted.

    Opening offers stand as they were sealed. Bids in the name of a floor follow from the floors (`journal.awards.floors`);
    they may answer a tie-out, after the close.
    """
    best: int | None = None
    ceiling = step = 0
    closes_at = ""
    for e in entries:
        if e.kind == "auction.opened":
            ceiling, step = parse(e.data["ceiling"]), parse(e.data["step"])
        if e.kind in _SETS_CLOSE:
            closes_at = e.data["closes_at"]
        elif e.kind == "bidder.barred":
            best = None if e.data["best"] is None else parse(e.data["best"])
            closes_at = e.data["closes_at"] or closes_at
        elif e.kind == "tie_out.closed":
            best = None if e.data["best"] is None else parse(e.data["best"])
        elif e.kind == "bid.placed":
            amount = parse(e.data["amount"])
            if not e.data.get("opening") and not e.data.get("proxy"):
                highest = ceiling if best is None else best - step
                if not 0 < amount <= highest:
                    raise Broken(e.seq, f"bids {wire(amount)}, but at most {wire(highest)} would have passed", "award")
                if not closes_at or e.at >= closes_at:
                    raise Broken(e.seq, f"is of {e.at}, but the auction closed at {closes_at}", "award")
            best = amount
