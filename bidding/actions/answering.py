"""What hidden floors answer to an event (R5.6): one pass, at most one bid in the name of its bidder. Parts of larger verbs."""

import uuid

from agencies.models import Standing
from bidding import sealing
from bidding.actions.book import FLOORS, Answer, Bidder, Book, Press, open_book, write
from bidding.entries import prolonged, proxy
from bidding.models import AuctionStatus, Floor, FloorEnd
from bidding.rules import proxy as rules
from bidding.rules.barring import Entrant, why_barred
from bidding.rules.bids import stand
from bidding.rulesets import standing_rules
from journal.actions import Held


def answer_by_floors(book: Book, held: Held) -> None:
    """Let the floors answer what the book has just taken in; nothing is asked of the database where nobody has set one."""
    if book.has_floors and book.terms.status == AuctionStatus.LIVE:
        _answer(book, held)


def let_floors_answer(held: Held, *, during: AuctionStatus = AuctionStatus.LIVE) -> None:
    """The same after an event that is no bid: opening, going on, somebody barred, the end of a tie-out."""
    book = open_book(held, [])
    assert book is not None
    if book.has_floors and book.terms.status == during:
        _answer(book, held)
        write(book, held)


def _answer(book: Book, held: Held) -> None:
    if book.floors is None:
        book.floors = _standing_floors(book, held)
    found = rules.answer(book.terms, [floor for floor, _label in book.floors.values()])
    if found is not None:
        amount, bidder = found
        _bid_for(book, held, bidder, book.floors[bidder][1], amount)


def _bid_for(book: Book, held: Held, bidder: int, label: str, amount: int) -> None:
    # A bid like any other: it moves the close as one would, and is remembered under a key of its own (I6, I7).
    book.terms, moved = stand(amount, bidder, book.terms, held.now)
    book.drafts.append(proxy.bid(label, amount))
    seq = held.seq + len(book.drafts)
    if moved:
        book.drafts.append(prolonged(book.terms.closes_at, because=seq))
    key = uuid.uuid4()
    book.pressed.append((bidder, Press(key, 0, 0, amount), Answer(key, seq, held.now)))


def _standing_floors(book: Book, held: Held) -> dict[int, tuple[rules.Floor, str]]:
    """Enrolment → its floor and label. Who may not bid now has none: that it ended is on record."""
    floors, void = {}, []
    for pk, seq, sealed, enrolment, label, standing, *authority in FLOORS.run(book.auction):
        because = _why_void(Bidder(enrolment, label, Standing(standing), *authority))
        if because:
            void.append(pk)
            book.drafts.append(proxy.floor_withdrawn(label, because))
            continue
        hidden = sealing.unseal("floor", held.name, label, bytes(sealed))
        floors[enrolment] = rules.Floor(enrolment, hidden.amount, seq), label
    if void:
        Floor.objects.filter(pk__in=void).update(ended=FloorEnd.VOID)
    return floors


def _why_void(bidder: Bidder) -> str:
    """Why nothing is bid for this bidder any more, by the codes that entries use; empty for nearly all."""
    if bidder.tie:
        return "tied"
    entrant = Entrant(bidder.standing, bidder.lock is not None, bidder.awards or 0, bidder.ceiling)
    return why_barred(entrant, standing_rules().probation) or ("barred" if bidder.barred else "")
