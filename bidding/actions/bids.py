"""Place bids: one transaction for all that wait, one lock, judged one after another (DESIGN §4, R5.4, I6, I7)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation

from agencies.models import TieNature
from bidding import entries, queries
from bidding.actions.answering import answer_by_floors
from bidding.actions.book import Answer, Bidder, Book, Press, open_book, write
from bidding.actions.progress import make_due_moves
from bidding.models import AuctionStatus
from bidding.rules.bids import BiddingClosed, BiddingNotOpen, judge_bid, stand
from bidding.rules.enrolment import NotEnrolled, SignedOut, TiedToBuyer
from core import clock
from core.errors import Refused
from journal.actions import Held, lock_case
from marketplace.models import RequestStatus
from marketplace.rulesets import ruleset


@transaction.atomic(durable=True)
def place_bids(number: str, presses: Sequence[Press]) -> list[Answer]:
    """Judge `presses` in order and append the accepted ones; answers come in the same order.

    The same key from the same agency always gets the answer it got first; where there is no auction, yet or ever, there
    is nothing to remember it by. Raises Case.DoesNotExist for an unknown number.
    """
    held = lock_case(number)
    book = current_book(held, presses)
    if book is None:
        return [without_auction(held, press) for press in presses]
    answers = [_answer_in_language(book, held, press) for press in presses]
    write(book, held)
    return answers


def current_book(held: Held, presses: Sequence[Press]) -> Book | None:
    """The book of the auction after all that time and signs have made due."""
    book = open_book(held, presses)
    if book is None or _has_moved_on(book, held.now):
        make_due_moves(held)
        book = open_book(held, presses)
    return book


def _answer_in_language(book: Book, held: Held, press: Press) -> Answer:
    if press.language == translation.get_language():
        return _answer(book, held, press)
    with translation.override(press.language):
        return _answer(book, held, press)


def without_auction(held: Held, press: Press) -> Answer:
    """The answer to a press in a request that has no auction, yet or any more."""
    request = queries.request_of(held.name)
    with translation.override(press.language):
        if request.status == RequestStatus.PUBLISHED:
            opens_at = queries.planned_opening(request)
            refusal = BiddingNotOpen(opens_at=f"{opens_at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}")
            return Answer(press.key, None, held.now, refusal.as_wire())
        ended = clock.beijing(request.enrol_until or held.now)
        return Answer(press.key, None, held.now, BiddingClosed(closed_at=ended, now=clock.beijing(held.now)).as_wire())


def _answer(book: Book, held: Held, press: Press) -> Answer:
    bidder = book.bidder(press)
    if bidder is None:
        return Answer(press.key, None, held.now, NotEnrolled().as_wire())
    place = (bidder.enrolment, press.key)
    if place in book.answered:
        return book.answered[place]
    try:
        _judge(book, bidder, press, held.now)
    except Refused as refused:
        answer = Answer(press.key, None, held.now, refused.as_wire())
    else:
        answer = _stand(book, bidder, press, held)
    book.answered[place] = answer
    book.pressed.append((bidder.enrolment, press, answer))
    return answer


def judge_authority(bidder: Bidder) -> None:
    """Raise Refused unless who pressed may act for this bidder, and the bidder may bid, whatever the price."""
    if not bidder.acts:
        raise SignedOut()
    against = bidder.standing_refusal()
    if against is not None:
        raise against
    if bidder.tie:
        raise TiedToBuyer(department=bidder.buyer, nature=str(TieNature(bidder.tie).label))


def _judge(book: Book, bidder: Bidder, press: Press, now: datetime) -> None:
    judge_authority(bidder)
    judge_bid(press.amount, bidder.enrolment, book.terms, now, confirmed=press.confirmed)


def _stand(book: Book, bidder: Bidder, press: Press, held: Held) -> Answer:
    book.terms, moved = stand(press.amount, bidder.enrolment, book.terms, held.now)
    book.drafts.append(entries.bid(bidder.label, press.amount))
    seq = held.seq + len(book.drafts)
    if moved:
        book.drafts.append(entries.prolonged(book.terms.closes_at, because=seq))
    answer_by_floors(book, held)
    return Answer(press.key, seq, held.now)


def _has_moved_on(book: Book, now: datetime) -> bool:
    """Has time, or a sign that pauses (R5.7), carried the auction on from what its row says?"""
    terms = book.terms
    match terms.status:
        case AuctionStatus.WAITING:
            return now >= terms.ready_at
        case AuctionStatus.READY:
            return now >= terms.opens_at
        case AuctionStatus.LIVE:
            return now >= terms.closes_at or book.run.broken(ruleset(book.ruleset), now)
        case AuctionStatus.PAUSED:
            return terms.opens_again_at is not None and now >= terms.opens_again_at
        case _:
            return False
