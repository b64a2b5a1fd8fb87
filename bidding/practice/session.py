"""One practice auction: a visitor against three bots on a fast clock, judged by the live auction's own rules (R5)."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bidding import entries
from bidding.actions import Answer
from bidding.models import OVER, AuctionStatus
from bidding.practice.feedback import Heard
from bidding.practice.styles import CALM, Bidder, Style, choose, pause, price
from bidding.rooms.wire import BidMessage
from bidding.rules.bids import judge_bid, stand
from bidding.rules.labels import draw_label
from bidding.rules.terms import terms_from
from core.clock import rfc3339
from core.errors import Refused
from core.money import wire
from journal import canon
from journal.awards import live
from journal.awards.outcome import CaseEntry, Outcome, Place
from marketplace.rulesets import ruleset

RULES = "practice-2026-12"
CASE = "PRACTICE"
CEILING = 12_850_000
YOU = 0
_FLOORS = {Style.STEADY: 0.84, Style.BOLD: 0.80, Style.LATE: 0.82}
_BOTS = tuple(enumerate(_FLOORS, 1))
_PATIENCE = 3  # bots answer through so many extensions, so that an auction ends in time


@dataclass
class Session:
    """All of one practice auction. Times are whatever `now` its caller gives; the same seed gives the same bots."""

    begun_at: datetime
    rng: Random = field(default_factory=lambda: Random(secrets.randbits(64)))  # noqa: S311 (bots, not secrets)
    seq: int = 0
    lines: list[bytes] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        numbers = ruleset(RULES).live
        opens_at = self.begun_at + timedelta(seconds=numbers.ready_seconds)
        closes_at = opens_at + timedelta(seconds=numbers.live_seconds)
        hard_end = opens_at + timedelta(minutes=numbers.hard_end_minutes)
        step = numbers.step(CEILING)
        times = (self.begun_at, opens_at, closes_at, hard_end)
        self.terms = terms_from("ready", CEILING, step, None, None, *times, 0, RULES)
        self._head = canon.GENESIS
        self._entries: list[CaseEntry] = []
        self._answers: dict[UUID, Answer] = {}
        self.labels: dict[int, str] = {}
        for who in (YOU, *(bot for bot, _style in _BOTS)):
            self.labels[who] = draw_label(self.labels.values(), self.rng.choice)
        self._bots = [Bidder(bot, style, self._floor(style)) for bot, style in _BOTS]
        self._bot_due = opens_at + pause(self.rng, 1, 3)
        self._append(self.begun_at, entries.ready(self.begun_at, opens_at))

    @property
    def over(self) -> bool:
        return self.terms.status in OVER

    @property
    def due_at(self) -> datetime | None:
        """When time next changes something; None once it is over."""
        if self.over:
            return None
        if self.terms.status == AuctionStatus.READY:
            return self.terms.opens_at
        return min(self.terms.closes_at, self._bot_due)

    def advance(self, now: datetime) -> None:
        """Open, let bots bid and close, as far as `now` makes them due."""
        if self.terms.status == AuctionStatus.READY and now >= self.terms.opens_at:
            self._to(AuctionStatus.LIVE)
            terms = self.terms
            self._append(
                now, entries.opened(terms.opens_at, terms.closes_at, terms.hard_end, terms.ceiling, terms.step)
            )
        if self.terms.status == AuctionStatus.LIVE and self._bot_due <= now < self.terms.closes_at:
            self._let_a_bot_bid(now)
        if self.terms.status == AuctionStatus.LIVE and now >= self.terms.closes_at:
            self._close(now)

    def press(self, message: BidMessage, now: datetime) -> Answer:
        """The visitor's bid; the same key always gets the same answer."""
        self.advance(now)
        if message.key not in self._answers:
            self._answers[message.key] = self._judged(message, now)
        return self._answers[message.key]

    def public_state(self, now: datetime) -> dict[str, Any]:
        """The public part of the `state` message, as the live room's."""
        terms = self.terms
        placed = [one for one in self._entries if one.kind == entries.Kind.BID]
        return {
            "case": CASE,
            "seq": self.seq,
            "status": terms.status.value,
            "ready_at": rfc3339(terms.ready_at),
            "opens_at": rfc3339(terms.opens_at),
            "closes_at": rfc3339(terms.closes_at),
            "ceiling": wire(terms.ceiling),
            "step": wire(terms.step),
            "best": None if terms.best is None else wire(terms.best),
            "leader": None if terms.leader is None else self.labels[terms.leader],
            "bids": [{"seq": one.seq, "at": one.at, **one.data} for one in placed[-50:]],
            "barred": {},
        }

    def your_state(self) -> dict[str, Any]:
        """What is the visitor's own in it."""
        place = self._your_place()
        return {
            "label": self.labels[YOU],
            "rank": place.rank if place else None,
            "leading": self.terms.leader == YOU,
            "best": wire(place.amount) if place else None,
            "blockers": [],
        }

    def own_best(self) -> int | None:
        """The visitor's lowest accepted price, in fen."""
        place = self._your_place()
        return place.amount if place else None

    def outcome(self) -> Outcome:
        """What follows from the session's own case file, computed as an award is."""
        return live.decide(self._entries, {})

    def lines_after(self, seq: int) -> list[bytes]:
        """Entries after that number, as they travel."""
        return self.lines[max(0, seq) :]

    def _judged(self, message: BidMessage, now: datetime) -> Answer:
        try:
            judge_bid(message.amount, YOU, self.terms, now, confirmed=message.confirmed)
        except Refused as refused:
            self.heard.append(Heard("refused", now, code=refused.code))
            return Answer(message.key, None, now, refused.as_wire())
        return Answer(message.key, self._stand(message.amount, YOU, now), now)

    def _stand(self, amount: int, who: int, now: datetime) -> int:
        led = self.terms.leader
        self.terms, moved = stand(amount, who, self.terms, now)
        seq = self._append(now, entries.bid(self.labels[who], amount))
        if moved:
            self._append(now, entries.prolonged(self.terms.closes_at, seq))
            self.heard.append(Heard("extended", now))
        if who == YOU:
            self.heard.append(Heard("bid", now))
        elif led == YOU:
            self.heard.append(Heard("outbid", now))
        return seq

    def _let_a_bot_bid(self, now: datetime) -> None:
        late = self.terms.closes_at - now < self.terms.window
        self._bot_due = now + pause(self.rng, 2, 6)
        if late and self.terms.extensions >= _PATIENCE:
            return
        bot = choose(self.rng, self._bots, self.terms, now)
        if bot is not None:
            self._stand(price(self.rng, bot, self.terms, CALM), bot.enrolment, now)

    def _close(self, now: datetime) -> None:
        outcome = self.outcome()
        reveals = [{"label": label, "name": self.name_of(who)} for who, label in self.labels.items()]
        if outcome.winner is None or outcome.amount is None:
            self._to(AuctionStatus.FAILED)
            self._append(now, entries.failed("no_bids", reveals))
            return
        self._to(AuctionStatus.CLOSED)
        self._append(now, entries.closed(outcome.winner, outcome.amount, reveals))

    def name_of(self, who: int) -> str:
        """What stands behind a label, told at the close."""
        return "您" if who == YOU else f"练习机器人（{dict(_BOTS)[who].value}）"

    def _your_place(self) -> Place | None:
        return next((place for place in self.outcome().ranking if place.label == self.labels[YOU]), None)

    def _floor(self, style: Style) -> int:
        return round(CEILING * (_FLOORS[style] + self.rng.uniform(-0.03, 0.03)))

    def _to(self, status: AuctionStatus) -> None:
        self.terms = replace(self.terms, status=status)

    def _append(self, now: datetime, draft: entries.Draft) -> int:
        kind, data = draft
        self.seq += 1
        at = rfc3339(now)
        body = canon.body(CASE, self.seq, at, kind, data)
        self._head = canon.digest(self._head, body)
        self.lines.append(canon.on_wire(CASE, body, self._head))
        self._entries.append(CaseEntry(self.seq, at, kind, data))
        return self.seq
