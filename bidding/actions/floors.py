"""Set, lower and withdraw a hidden floor (R5.6). One press, one key: sent again it gets the answer it got first."""

from collections.abc import Callable

from django.db import transaction
from django.utils import translation

from bidding import sealing
from bidding.actions.answering import answer_by_floors
from bidding.actions.bids import current_book, judge_authority, without_auction
from bidding.actions.book import Answer, Bidder, Book, Press, write
from bidding.entries import proxy
from bidding.models import Floor, FloorEnd
from bidding.rules import proxy as rules
from bidding.rules.enrolment import NotEnrolled
from core.errors import Refused
from journal.actions import Held, lock_case
from marketplace.rulesets import Proxy, ruleset

_Verb = Callable[[Book, Bidder, Press, Held], Answer]


@transaction.atomic(durable=True)
def set_floor(number: str, press: Press) -> Answer:
    """Let the platform bid for this bidder down to `press.amount` (fen); the answer has the entry's number.

    What the floor brings about at once is in the entries that follow. Raises Case.DoesNotExist for an unknown number.
    """
    return _press(number, press, _set)


@transaction.atomic(durable=True)
def withdraw_floor(number: str, press: Press) -> Answer:
    """Bid no more for this bidder; bids that were placed stand. `press.amount` says nothing."""
    return _press(number, press, _withdraw)


def _press(number: str, press: Press, verb: _Verb) -> Answer:
    held = lock_case(number)
    book = current_book(held, [press])
    if book is None:
        return without_auction(held, press)
    with translation.override(press.language):
        try:
            bidder = book.bidder(press)
            if bidder is None:
                raise NotEnrolled()
            judge_authority(bidder)
            return verb(book, bidder, press, held)
        except Refused as refused:
            return Answer(press.key, None, held.now, refused.as_wire())


def _set(book: Book, bidder: Bidder, press: Press, held: Held) -> Answer:
    earlier = Floor.objects.filter(auction=book.auction, enrolment=bidder.enrolment)
    same = earlier.filter(key=press.key).first()
    if same is not None:
        return Answer(press.key, same.seq, same.set_at)
    standing = earlier.filter(ended="").first()
    rules.judge_floor(
        press.amount,
        bidder.enrolment,
        book.terms,
        held.now,
        current=_amount(held, bidder, standing),
        times_set=earlier.count(),
        numbers=_numbers(book),
        confirmed=press.confirmed,
    )
    if standing is not None:
        _end(standing, FloorEnd.LOWERED)
    hidden = sealing.hide(press.amount)
    commitment = sealing.commitment("floor", bidder.label, hidden)
    book.drafts.append(proxy.floor_set(bidder.label, commitment))
    made = Floor.objects.create(
        auction_id=book.auction,
        enrolment_id=bidder.enrolment,
        key=press.key,
        sealed=sealing.seal("floor", held.name, bidder.label, hidden),
        commitment=commitment,
        seq=held.seq + len(book.drafts),
        set_at=held.now,
    )
    return _answered(book, held, press, made.seq)


def _withdraw(book: Book, bidder: Bidder, press: Press, held: Held) -> Answer:
    rules.judge_time(book.terms, held.now)
    standing = Floor.objects.filter(auction=book.auction, enrolment=bidder.enrolment, ended="").first()
    if standing is None:
        raise rules.NoFloorSet()
    _end(standing, FloorEnd.WITHDRAWN)
    book.drafts.append(proxy.floor_withdrawn(bidder.label))
    return _answered(book, held, press, held.seq + len(book.drafts))


def _answered(book: Book, held: Held, press: Press, seq: int) -> Answer:
    """Let all floors answer the change, and write it down. Rows are newer than the book was: it is told."""
    book.has_floors = True
    answer_by_floors(book, held)
    write(book, held)
    return Answer(press.key, seq, held.now)


def _amount(held: Held, bidder: Bidder, floor: Floor | None) -> int | None:
    return None if floor is None else sealing.unseal("floor", held.name, bidder.label, bytes(floor.sealed)).amount


def _end(floor: Floor, how: FloorEnd) -> None:
    changed = Floor.objects.filter(pk=floor.pk, ended="").update(ended=how)
    assert changed == 1, f"floor {floor.pk} had ended"


def _numbers(book: Book) -> Proxy:
    numbers = ruleset(book.ruleset)
    if not numbers.has(Proxy):
        raise rules.NoFloors()
    return numbers.of(Proxy)
