"""A live auction of the past, played by the rules of the present: every bid is judged as `place_bids` judges it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bidding.practice import styles
from bidding.practice.styles import Bidder
from bidding.rules.bids import Terms, judge_bid, stand
from core.clock import to_milliseconds
from demo.plot import Rigged

_TURN, _YUAN = timedelta(seconds=40), 100
# How often in one auction the soft close is used before everybody has had enough.
_PATIENCE = (0, 0, 0, 1, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Played:
    """One accepted bid, and the close that it moved, if it did."""

    at: datetime
    enrolment: int
    amount: int
    closes_at: datetime | None


def play(rng: Random, terms: Terms, bidders: list[Bidder]) -> Iterator[Played]:
    """The accepted bids of an auction in order, up to its close."""
    patience = rng.choice(_PATIENCE)
    longest = (terms.closes_at - terms.opens_at).total_seconds() / rng.choice((5, 8, 12))
    now = terms.opens_at + styles.pause(rng, 2, longest)
    while now < terms.closes_at:
        late = terms.closes_at - now < terms.window
        bidder = None if late and terms.extensions >= patience else styles.choose(rng, bidders, terms, now)
        if bidder is not None:
            now = to_milliseconds(now)
            amount = styles.price(rng, bidder, terms)
            judge_bid(amount, bidder.enrolment, terms, now, confirmed=True)
            terms, moved = stand(amount, bidder.enrolment, terms, now)
            yield Played(now, bidder.enrolment, amount, terms.closes_at if moved else None)
        now += styles.pause(rng, 3, longest) if not late else styles.pause(rng, 3, 40)


def rigged(terms: Terms, turns: list[int], ceiling: int, plan: Rigged) -> Iterator[Played]:
    """One bid of each, in this order, as they agreed; each is judged as any other."""
    for place, enrolment in enumerate(turns, 1):
        now = to_milliseconds(terms.opens_at + _TURN * place)
        wanted = round(ceiling * (plan.first - plan.gap * (place - 1)) / _YUAN) * _YUAN
        amount = min(wanted, terms.highest_allowed)
        judge_bid(amount, enrolment, terms, now, confirmed=True)
        terms, _moved = stand(amount, enrolment, terms, now)
        yield Played(now, enrolment, amount, None)


def delay(rng: Random) -> timedelta:
    """How late the clock of the past was: a few milliseconds."""
    return timedelta(milliseconds=rng.randrange(2, 40))
