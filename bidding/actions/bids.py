"""Place bids: one transaction for all that wait, one lock, judged one after another (DESIGN §4, R5.4, I6, I7).

This is the hot path of the platform, so it speaks SQL: each statement carries the whole batch.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from psycopg2.extras import Json, execute_values

from agencies.models import Standing, TieNature
from bidding import entries, queries
from bidding.actions.progress import make_due_moves
from bidding.models import AuctionStatus
from bidding.rules.bids import BiddingClosed, BiddingNotOpen, Terms, judge_bid, stand
from bidding.rules.enrolment import NotEnrolled, SignedOut, StandingForbids, TiedToBuyer
from bidding.rules.terms import terms_from
from core import clock
from core.errors import Refused
from journal.actions import Held, lock_case
from marketplace.models import RequestStatus


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the button: who, what, and the key that makes it the same press when sent again.

    `session` is the session the press came through, None where the caller has authenticated it in this very request.
    """

    key: UUID
    agency: int
    user: int
    amount: int
    confirmed: bool = False
    session: str | None = None
    language: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a press: the number and time of its entry, or the refusal as every door sends it."""

    key: UUID
    seq: int | None
    at: datetime
    refusal: dict[str, Any] | None = None


@dataclass(slots=True)
class _Bidder:
    enrolment: int
    label: str
    standing: Standing
    tie: str | None
    buyer: str


@dataclass(slots=True)
class _Book:
    """The auction as it stands under the lock, and what this batch adds to it."""

    auction: int
    terms: Terms
    bidders: dict[int, _Bidder]
    acting: set[tuple[int, int, str | None]]
    answered: dict[tuple[int, UUID], Answer]
    drafts: list[entries.Draft]
    rows: list[tuple[Any, ...]]


@transaction.atomic(durable=True)
def place_bids(number: str, presses: Sequence[Press]) -> list[Answer]:
    """Judge `presses` in order and append the accepted ones; answers come in the same order.

    The same key from the same agency always gets the answer it got first; where there is no auction, yet or ever, there
    is nothing to remember it by. Raises Case.DoesNotExist for an unknown number.
    """
    held = lock_case(number)
    book = _open_book(held, presses)
    if book is None or _time_has_moved_on(book.terms, held.now):
        make_due_moves(held)
        book = _open_book(held, presses)
    if book is None:
        return [_without_auction(held, press) for press in presses]
    answers = [_answer_in_language(book, held, press) for press in presses]
    _write(book, held)
    return answers


def _answer_in_language(book: _Book, held: Held, press: Press) -> Answer:
    if press.language == translation.get_language():
        return _answer(book, held, press)
    with translation.override(press.language):
        return _answer(book, held, press)


def _without_auction(held: Held, press: Press) -> Answer:
    request = queries.request_of(held.name)
    with translation.override(press.language):
        if request.status == RequestStatus.PUBLISHED:
            opens_at = queries.planned_opening(request)
            refusal = BiddingNotOpen(opens_at=f"{opens_at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}")
            return Answer(press.key, None, held.now, refusal.as_wire())
        ended = clock.beijing(request.enrol_until or held.now)
        return Answer(press.key, None, held.now, BiddingClosed(closed_at=ended, now=clock.beijing(held.now)).as_wire())


def _answer(book: _Book, held: Held, press: Press) -> Answer:
    bidder = book.bidders.get(press.agency)
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
    book.rows.append(
        (book.auction, *place, press.amount, answer.seq, Json(answer.refusal) if answer.refusal else None, held.now)
    )
    return answer


def _judge(book: _Book, bidder: _Bidder, press: Press, now: datetime) -> None:
    if (press.user, press.agency, press.session) not in book.acting:
        raise SignedOut()
    if not bidder.standing.may_bid:
        raise StandingForbids(standing=str(bidder.standing.label))
    if bidder.tie:
        raise TiedToBuyer(department=bidder.buyer, nature=str(TieNature(bidder.tie).label))
    judge_bid(press.amount, bidder.enrolment, book.terms, now, confirmed=press.confirmed)


def _stand(book: _Book, bidder: _Bidder, press: Press, held: Held) -> Answer:
    book.terms, moved = stand(press.amount, bidder.enrolment, book.terms, held.now)
    book.drafts.append(entries.bid(bidder.label, press.amount))
    seq = held.seq + len(book.drafts)
    if moved:
        book.drafts.append(entries.prolonged(book.terms.closes_at, because=seq))
    return Answer(press.key, seq, held.now)


def _time_has_moved_on(terms: Terms, now: datetime) -> bool:
    match terms.status:
        case AuctionStatus.WAITING | AuctionStatus.READY:
            return now >= terms.ready_at
        case AuctionStatus.LIVE:
            return now >= terms.closes_at
        case _:
            return False


_AUCTION = """
SELECT a.id, a.status, a.ceiling, a.step, a.best, a.leader_id, a.ready_at, a.opens_at, a.closes_at, a.hard_end,
       a.extensions, r.ruleset
FROM bidding_auction a JOIN marketplace_request r ON r.id = a.request_id WHERE r.number = %s
"""

# Authority is read anew on every bid: enrolment, standing, ties, membership and session, all under the lock.
_BIDDERS = """
SELECT e.agency_id, e.id, e.label, g.standing,
       (SELECT min(t.nature) FROM agencies_tie t
        WHERE t.agency_id = g.id AND t.department_id = r.buyer_id AND t.ended_at IS NULL),
       b.name
FROM bidding_enrolment e
JOIN marketplace_request r ON r.id = e.request_id
JOIN agencies_agency g ON g.id = e.agency_id
JOIN accounts_organisation b ON b.id = r.buyer_id
WHERE r.number = %s AND e.agency_id = ANY(%s) AND e.withdrawn_at IS NULL
"""

_ACTING = """
SELECT m.user_id, g.id, s.session_key
FROM accounts_membership m
JOIN agencies_agency g ON g.organisation_id = m.organisation_id
JOIN accounts_user u ON u.id = m.user_id AND u.is_active
LEFT JOIN django_session s ON s.session_key = ANY(%s) AND s.expire_date > clock_timestamp()
WHERE m.user_id = ANY(%s) AND g.id = ANY(%s)
"""

_ANSWERED = (
    "SELECT enrolment_id, key, seq, at, refusal FROM bidding_bid WHERE auction_id = %s AND key = ANY(%s::uuid[])"
)


def _open_book(held: Held, presses: Sequence[Press]) -> _Book | None:
    agencies = list({press.agency for press in presses})
    with connection.cursor() as cursor:
        cursor.execute(_AUCTION, [held.name])
        row = cursor.fetchone()
        if row is None:
            return None
        auction, *columns = row
        cursor.execute(_BIDDERS, [held.name, agencies])
        bidders = {row[0]: _Bidder(row[1], row[2], Standing(row[3]), row[4], row[5]) for row in cursor}
        cursor.execute(_ANSWERED, [auction, [str(press.key) for press in presses]])
        answered = {(e, UUID(str(key))): _earlier(key, seq, at, refusal) for e, key, seq, at, refusal in cursor}
    return _Book(auction, terms_from(*columns), bidders, _acting(presses, agencies), answered, [], [])


def _acting(presses: Iterable[Press], agencies: list[int]) -> set[tuple[int, int, str | None]]:
    sessions = {press.session for press in presses if press.session}
    users = {press.user for press in presses}
    acting: set[tuple[int, int, str | None]] = set()
    with connection.cursor() as cursor:
        cursor.execute(_ACTING, [list(sessions), list(users), agencies])
        for user, agency, session in cursor:
            acting.update({(user, agency, None), (user, agency, session)})
    return acting


def _earlier(key: object, seq: int | None, at: datetime, refusal: Any) -> Answer:
    return Answer(UUID(str(key)), seq, at, json.loads(refusal) if isinstance(refusal, str) else refusal)


def _write(book: _Book, held: Held) -> None:
    if not book.rows:
        return
    held.append_all(book.drafts)
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO bidding_bid (auction_id, enrolment_id, key, amount, seq, refusal, at) VALUES %s",
            book.rows,
            page_size=len(book.rows),
        )
        if book.drafts:
            cursor.execute(
                "UPDATE bidding_auction SET best = %s, leader_id = %s, closes_at = %s, due_at = %s, extensions = %s,"
                " bid_count = bid_count + %s WHERE id = %s",
                [
                    book.terms.best,
                    book.terms.leader,
                    book.terms.closes_at,
                    book.terms.closes_at,
                    book.terms.extensions,
                    sum(kind == entries.Kind.BID for kind, _data in book.drafts),
                    book.auction,
                ],
            )
