"""Open a live auction with a lead (R5.1): what the sealed openings said stands as prices. Part of a larger verb."""

import uuid
from dataclasses import replace

from bidding import queries, watch
from bidding.actions.answering import let_floors_answer
from bidding.actions.book import Answer, Press, open_book, write
from bidding.entries import auction as entries
from bidding.models import Auction
from bidding.rules.openings import in_order
from journal.actions import Held
from journal.awards import low
from journal.awards.outcome import CaseEntry
from marketplace.models import Request


def begin_bidding(held: Held, request: Request) -> None:
    """After `auction.opened`: the openings are placed, the lowest leads, and the floors answer."""
    auction = request.auction
    Auction.objects.filter(pk=auction.pk).update(live_since=auction.opens_at, wal_timeline=watch.signs_now().timeline)
    _place_openings(held, request)
    let_floors_answer(held)
    auction.refresh_from_db()


def _place_openings(held: Held, request: Request) -> None:
    case = queries.case_entries(held.name)
    standing = {one.label: one.pk for one in queries.standing_enrolments(request).filter(barred_at__isnull=True)}
    openings = in_order(_sealed(case), low.openings(case), set(standing), request.auction.ceiling)
    if not openings:
        return
    book = open_book(held, [])
    assert book is not None
    for one in openings:
        book.drafts.append(entries.opening(one.label, one.amount))
        seq, key = held.seq + len(book.drafts), uuid.uuid4()
        book.pressed.append((standing[one.label], Press(key, 0, 0, one.amount), Answer(key, seq, held.now)))
    lead = openings[-1]
    book.terms = replace(book.terms, best=lead.amount, leader=standing[lead.label])
    write(book, held)


def _sealed(case: list[CaseEntry]) -> dict[str, int]:
    """Label → the entry with which it sealed the opening that was opened."""
    return {str(e.data["label"]): e.seq for e in case if e.kind == "offer.sealed"}
