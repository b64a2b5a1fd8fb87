"""网上竞价 (R5): the lowest price that stands when all is said. Imports nothing of Django.

Openings, bids, bids placed by floors, and a tie-out's sealed prices are all prices; those of barred bidders (R8) and of those
whose abnormally low price was not accepted (R5.8) are void.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.money import parse
from journal.awards import floors, low, tie_out
from journal.awards.outcome import CaseEntry, Outcome, Place, barred


@dataclass(frozen=True)
class Price:
    """One price of the record; `mark` is how it came: `bid`, `proxy`, `opening` or `tie_out`."""

    seq: int
    at: str
    label: str
    amount: int
    mark: str


def decide(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> Outcome:
    """Who wins at what price; raises RecordUnfit where the record contradicts itself.

    The lowest price wins; of equal ones, which only a tie-out can bring, the earlier position in the live auction. Whoever
    placed no bid but had a floor, opened at the close, ranks behind the winner with that (R5.9: who is next).
    """
    tie_out.check(entries, numbers)
    floors.check(entries)
    rejected = low.rejected(entries)
    ranked = _ranked(entries, barred(entries))
    left = [place for place in ranked if place.label not in rejected]
    if not left:
        return Outcome(None, None, failure="low_rejected" if ranked else "no_bids")
    # Next in rank after a price that was not accepted, if close enough to it (R5.9); else the auction has failed.
    first = next((place for place in ranked if place.label in rejected), None)
    if first is not None and left[0].amount * 100 > first.amount * int(numbers["standstill"]["next_in_rank_percent"]):
        return Outcome(None, None, failure="low_rejected")
    ranking = tuple(replace(place, rank=n) for n, place in enumerate(_with_floors(left, entries, rejected), 1))
    return Outcome(ranking[0].label, ranking[0].amount, ranking)


def prices(entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
    """`(at, label, fen)` of every price in order."""
    return [(price.at, price.label, price.amount) for price in marked(entries)]


def marked(entries: list[CaseEntry]) -> list[Price]:
    """Every price in order, with how it came."""
    found = []
    for e in entries:
        if e.kind == "bid.placed":
            mark = next((name for name in ("proxy", "opening") if e.data.get(name)), "bid")
            found.append(Price(e.seq, e.at, e.data["label"], parse(e.data["amount"]), mark))
        elif e.kind == "tie_out.closed":
            sent = [one for one in e.data["offers"] if one["amount"] is not None]
            found += [Price(e.seq, e.at, one["label"], parse(one["amount"]), "tie_out") for one in sent]
    return found


def _ranked(entries: list[CaseEntry], void: frozenset[str]) -> list[Place]:
    """Everybody's last price, the lowest first; equal ones in the order of the live auction."""
    seats = tie_out.seats(entries)
    last: dict[str, Price] = {}
    count: dict[str, int] = {}
    for price in marked(entries):
        if price.label not in void:
            last[price.label] = price
            count[price.label] = count.get(price.label, 0) + (price.mark != "opening")
    order = sorted(last.values(), key=lambda p: (p.amount, seats.get(p.label, 0), p.seq))
    return [Place(n, p.label, p.amount, count[p.label], by=p.mark) for n, p in enumerate(order, 1)]


def _with_floors(places: list[Place], entries: list[CaseEntry], rejected: frozenset[str]) -> list[Place]:
    """The winner first, then the others by what they would have gone down to, as the closing entry has opened it."""
    winner, *others = places
    known = {place.label: place for place in others}
    void = barred(entries) | rejected | {winner.label}
    for label, amount in floors.opened(entries).items():
        had = known.get(label)
        if label not in void and (had is None or amount < had.amount):
            known[label] = Place(0, label, amount, had.bids if had else 0, by="floor")
    return [winner, *sorted(known.values(), key=lambda place: (place.amount, place.rank or len(places)))]
