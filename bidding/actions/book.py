"""The auction as a batch of presses finds it under the lock, and what the batch leaves behind.

The hot path of the platform, so it speaks SQL: each statement carries the whole batch.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from agencies.models import Standing
from bidding import entries
from bidding.rules.bids import Terms
from bidding.rules.enrolment import against_standing
from bidding.rules.pauses import Signs, why_paused
from bidding.rules.proxy import Floor
from bidding.rules.terms import terms_from
from core.errors import Refused
from core.statements import Statement, run_together
from journal.actions import Held
from marketplace.rulesets import Pause, RuleSet


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the button: who, what, and the key that makes it the same press when sent again.

    `session` is the session the press came through, None where the caller has authenticated it in this very request;
    `password` is the fingerprint of the password under which it was opened (`bidding.rooms.visitors`).
    """

    key: UUID
    agency: int
    user: int
    amount: int
    confirmed: bool = False
    session: str | None = None
    password: str | None = None
    language: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a press: the number and time of its entry, or the refusal as every door sends it."""

    key: UUID
    seq: int | None
    at: datetime
    refusal: dict[str, Any] | None = None


@dataclass(slots=True)
class Bidder:
    """An enrolled agency, and whether the person who pressed may act for it now.

    `lock` is the case that locks the item for it, with the item's name; `awards` are counted on probation only.
    """

    enrolment: int
    label: str
    standing: Standing
    tie: str | None
    buyer: str
    acts: bool
    ceiling: int
    lock: tuple[str, str] | None
    awards: int | None
    barred: bool

    def standing_refusal(self) -> Refused | None:
        """What a decision of the exit mechanism keeps it from, worded as everywhere else (R8); None for nearly all."""
        usual = self.standing is Standing.ACTIVE or self.standing is Standing.WARNED
        if usual and self.lock is None and not self.barred:
            return None
        case, item = self.lock or ("", "")
        found = against_standing(
            self.standing,
            item=item,
            ceiling=self.ceiling,
            item_lock=case,
            awards=self.awards or 0,
            barred=self.barred,
        )
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Run:
    """Since when the auction runs without a break, and the signs that would end that (R5.7)."""

    live_since: datetime | None
    timeline: str
    signs: Signs

    def broken(self, numbers: RuleSet, now: datetime) -> bool:
        """Should the auction have been paused by now?"""
        if self.live_since is None or not numbers.has(Pause):
            return False
        return why_paused(self.signs, self.live_since, self.timeline, numbers.of(Pause), now) is not None


@dataclass(slots=True)
class Book:
    """The auction under the lock; what a batch adds is collected here and written at its end."""

    auction: int
    terms: Terms
    ruleset: str
    has_floors: bool
    run: Run
    bidders: dict[tuple[int, int, str | None], Bidder] = field(default_factory=dict)
    answered: dict[tuple[int, UUID], Answer] = field(default_factory=dict)
    drafts: list[entries.Draft] = field(default_factory=list)
    pressed: list[tuple[int, Press, Answer]] = field(default_factory=list)
    # Enrolment → floor and label, read when the first bid of the batch asks for an answer.
    floors: dict[int, tuple[Floor, str]] | None = None

    def bidder(self, press: Press) -> Bidder | None:
        """Who pressed; None if the agency is not enrolled."""
        return self.bidders.get((press.agency, press.user, press.session))


_AUCTION = Statement(
    "bidding_auction_of",
    """
    SELECT a.id, a.status, a.ceiling, a.step, a.best, a.leader_id, a.ready_at, a.opens_at, a.closes_at, a.hard_end,
           a.extensions, r.ruleset, a.paused_because, a.opens_again_at,
           EXISTS (SELECT FROM bidding_floor f WHERE f.auction_id = a.id AND f.ended = ''), a.live_since, a.wal_timeline,
           pg_postmaster_start_time(), left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
           h.at, h.gap_from, h.gap_to, h.stepped_at
    FROM bidding_auction a JOIN marketplace_request r ON r.id = a.request_id LEFT JOIN bidding_heartbeat h ON h.id = 1
    WHERE r.number = $1
    """,
)
_OF_TERMS = 13

# Why a bidder may not bid, as far as rows say it (`Bidder`); for the aliases e, g, r and b.
_AUTHORITY = """
           (SELECT min(t.nature) FROM agencies_tie t
            WHERE t.agency_id = g.id AND t.department_id = r.buyer_id AND t.ended_at IS NULL),
           b.name, {acts},
           r.ceiling,
           (SELECT ARRAY[l."case", i.name_zh] FROM marketplace_itemlock l JOIN marketplace_serviceitem i ON i.code = l.item_id
            WHERE l.agency_id = g.id AND l.item_id = r.item_id AND l.lifted_at IS NULL
              AND (l.until IS NULL OR l.until > clock_timestamp())),
           CASE WHEN g.standing = 'probation' THEN
               (SELECT count(*) FROM bidding_enrolment w
                JOIN bidding_award a ON a.winner_id = w.id AND a.status IN ('standstill', 'final')
                JOIN marketplace_request o ON o.id = a.request_id
                    AND o.status IN ('standstill', 'awarded', 'contracted')
                WHERE w.agency_id = g.id)
           END,
           e.barred_at IS NOT NULL"""
_ACTS = """
           EXISTS (SELECT FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active
                   WHERE m.user_id = p.person AND m.organisation_id = g.organisation_id
                     AND (p.password IS NULL
                          OR encode(sha256(convert_to(u.password, 'UTF8')), 'hex') = p.password))
           AND (p.session IS NULL
                OR EXISTS (SELECT FROM django_session s
                           WHERE s.session_key = p.session AND s.expire_date > clock_timestamp()))"""

# Authority is read anew on every bid: enrolment, standing, locks, ties, membership and session, all under the lock. With
# it comes what the same press was answered before. Awards are counted for those on probation alone.
_BIDDERS = Statement(
    "bidding_bidders",
    """
    SELECT p.agency, p.person, p.session, e.id, e.label, g.standing,
           {authority},
           p.key, x.seq, x.at, x.refusal::text
    FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::uuid[])
         AS p (agency, person, session, password, key)
    JOIN marketplace_request r ON r.number = $1
    JOIN bidding_enrolment e ON e.request_id = r.id AND e.agency_id = p.agency AND e.withdrawn_at IS NULL
    JOIN agencies_agency g ON g.id = e.agency_id
    JOIN accounts_organisation b ON b.id = r.buyer_id
    LEFT JOIN LATERAL (
        SELECT seq, at, refusal FROM bidding_bid
        WHERE auction_id = $2 AND enrolment_id = e.id AND key = p.key
        LIMIT 1  -- keeps the three together: one look into the unique index for each press
    ) AS x ON true
    """.replace("{authority}", _AUTHORITY.format(acts=_ACTS)),
)

FLOORS = Statement(
    "bidding_floors",
    """
    SELECT f.id, f.seq, f.sealed, e.id, e.label, g.standing, {authority}
    FROM bidding_floor f
    JOIN bidding_enrolment e ON e.id = f.enrolment_id
    JOIN marketplace_request r ON r.id = e.request_id
    JOIN agencies_agency g ON g.id = e.agency_id
    JOIN accounts_organisation b ON b.id = r.buyer_id
    WHERE f.auction_id = $1 AND f.ended = ''
    """.replace("{authority}", _AUTHORITY.format(acts="true")),
)

_REMEMBER = Statement(
    "bidding_remember",
    """
    INSERT INTO bidding_bid (auction_id, at, enrolment_id, key, amount, seq, refusal)
    SELECT $1, $2, p.enrolment, p.key, p.amount, p.seq, p.refusal::jsonb
    FROM unnest($3::bigint[], $4::uuid[], $5::bigint[], $6::bigint[], $7::text[])
         AS p (enrolment, key, amount, seq, refusal)
    """,
)

_LEAD = Statement(
    "bidding_lead",
    """
    UPDATE bidding_auction
    SET best = $2, leader_id = $3, closes_at = $4, due_at = $4, extensions = $5, bid_count = bid_count + $6
    WHERE id = $1
    """,
)


def open_book(held: Held, presses: Sequence[Press]) -> Book | None:
    """The book of the auction whose case is held, as far as `presses` concern it; None where there is no auction."""
    found = _AUCTION.run(held.name)
    if not found:
        return None
    auction, *columns = found[0]
    terms, (has_floors, live_since, timeline, *signs) = columns[:_OF_TERMS], columns[_OF_TERMS:]
    run = Run(live_since, timeline, Signs(*signs))
    book = Book(auction, terms_from(*terms), terms[10], has_floors, run)
    if not presses:
        return book
    who = [(press.agency, press.user, press.session, press.password, press.key) for press in presses]
    for row in _BIDDERS.run(held.name, auction, *(list(column) for column in zip(*who, strict=True))):
        (agency, person, session, enrolment, label, standing, *authority), (key, seq, at, refusal) = row[:-4], row[-4:]
        book.bidders[agency, person, session] = Bidder(enrolment, label, Standing(standing), *authority)
        if at is not None:
            book.answered[enrolment, key] = Answer(key, seq, at, json.loads(refusal) if refusal else None)
    return book


def write(book: Book, held: Held) -> None:
    """Append the accepted bids to the case file, remember every press with its answer, and move the auction on."""
    held.append_all(book.drafts)
    if not book.pressed:
        return
    remembered = [
        book.auction,
        held.now,
        [enrolment for enrolment, _press, _answer in book.pressed],
        [press.key for _enrolment, press, _answer in book.pressed],
        [press.amount for _enrolment, press, _answer in book.pressed],
        [answer.seq for _enrolment, _press, answer in book.pressed],
        [json.dumps(answer.refusal) if answer.refusal else None for _enrolment, _press, answer in book.pressed],
    ]
    if not book.drafts:
        _REMEMBER.run(*remembered)
        return
    bids = sum(kind == entries.Kind.BID for kind, _data in book.drafts)
    terms = book.terms
    leading = [book.auction, terms.best, terms.leader, terms.closes_at, terms.extensions, bids]
    run_together((_REMEMBER, remembered), (_LEAD, leading))
