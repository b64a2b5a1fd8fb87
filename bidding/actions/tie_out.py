"""A sealed price in a tie-out (R5.5). How a tie-out begins and ends is in `bidding.actions.closing`."""

from django.db import transaction
from django.utils import translation

from bidding import sealing
from bidding.actions.bids import current_book, judge_authority, without_auction
from bidding.actions.book import Answer, Bidder, Book, Press
from bidding.entries import auction as entries
from bidding.models import Auction, TieOutSeat
from bidding.rules import tie_out as rules
from bidding.rules.enrolment import NotEnrolled
from core.errors import Refused
from journal.actions import Held, lock_case


@transaction.atomic(durable=True)
def send_sealed_price(number: str, press: Press) -> Answer:
    """Send the one sealed price of a tie-out; sent again under the same key it gets the same answer."""
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
            return _send(book, bidder, press, held)
        except Refused as refused:
            return Answer(press.key, None, held.now, refused.as_wire())


def _send(book: Book, bidder: Bidder, press: Press, held: Held) -> Answer:
    seat = TieOutSeat.objects.filter(auction=book.auction, enrolment=bidder.enrolment).first()
    if seat is not None and seat.key == press.key and seat.sent_at is not None:
        return Answer(press.key, seat.seq, seat.sent_at)
    rules.judge_sealed_price(
        press.amount,
        book.terms.status,
        Auction.objects.values_list("due_at", flat=True).get(pk=book.auction),
        held.now,
        standing=None if seat is None else seat.standing,
        sent=seat is not None and seat.sent_at is not None,
        confirmed=press.confirmed,
    )
    assert seat is not None
    hidden = sealing.hide(press.amount)
    seat.commitment = sealing.commitment("tie-out", bidder.label, hidden)
    seat.sealed = sealing.seal("tie-out", held.name, bidder.label, hidden)
    seat.key, seat.sent_at = press.key, held.now
    seat.seq = held.append(*entries.tie_out_offered(bidder.label, seat.commitment)).seq
    seat.save()
    return Answer(press.key, seat.seq, held.now)
