"""How invented bidders bid: three styles, from plain values. Practice, the demo's past and its present all use them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random

from bidding.rules.bids import Terms

_ROUND = (100_000, 50_000, 10_000, 5_000)  # fen: prices that people like to name


class Style(Enum):
    """What a bidder is like."""

    STEADY = "稳健"
    BOLD = "激进"
    LATE = "压哨"


Steps = dict[Style, tuple[int, ...]]
# How many steps further than they have to: in the past, and where many moves have to fit into a short auction.
BRISK: Steps = {Style.STEADY: (0, 0, 0, 1, 2), Style.BOLD: (1, 2, 3, 4, 6), Style.LATE: (0, 0, 1)}
CALM: Steps = {Style.STEADY: (0, 0, 0, 0, 1), Style.BOLD: (0, 1, 1, 2), Style.LATE: (0, 0, 1)}


@dataclass(frozen=True)
class Bidder:
    """An enrolment with its style and the price in fen below which it will not go."""

    enrolment: int
    style: Style
    floor: int


def cast(rng: Random, enrolments: list[int], ceiling: int, *, lowest: float, highest: float) -> list[Bidder]:
    """A bidder for each enrolment; floors lie between these shares of the ceiling."""
    styles = rng.choices(list(Style), weights=[5, 3, 2], k=len(enrolments))
    return [
        Bidder(enrolment, style, round(ceiling * rng.uniform(lowest, highest)))
        for enrolment, style in zip(enrolments, styles, strict=True)
    ]


def may_still_bid(bidder: Bidder, terms: Terms) -> bool:
    """Does it neither lead nor have to go below its floor?"""
    return terms.leader != bidder.enrolment and bidder.floor <= terms.highest_allowed


def price(rng: Random, bidder: Bidder, terms: Terms, steps: Steps = BRISK) -> int:
    """What it bids now: at most what the rules allow, never below its floor, seldom an odd sum. For one that may bid."""
    limit = terms.highest_allowed
    wanted = max(limit - rng.choice(steps[bidder.style]) * terms.step, bidder.floor)
    return _rounded(rng, wanted, bidder.floor)


def eagerness(bidder: Bidder, terms: Terms, now: datetime) -> float:
    """How likely it is to be the next to move, against the others; 0 for one that waits."""
    if not may_still_bid(bidder, terms):
        return 0.0
    left = terms.closes_at - now
    if bidder.style is Style.LATE:
        return 6.0 if left < terms.window * 1.5 else 0.0
    return 2.0 if bidder.style is Style.STEADY else 3.0


def choose(rng: Random, bidders: list[Bidder], terms: Terms, now: datetime) -> Bidder | None:
    """Who moves next; None if nobody will."""
    weights = [eagerness(bidder, terms, now) for bidder in bidders]
    if not any(weights):
        return None
    return rng.choices(bidders, weights)[0]


def pause(rng: Random, shortest: float, longest: float) -> timedelta:
    """How long until the next move, in seconds between these; mostly near the shorter."""
    return timedelta(seconds=shortest + (longest - shortest) * rng.betavariate(1.4, 2.6))


def _rounded(rng: Random, wanted: int, floor: int) -> int:
    for unit in _ROUND:
        down = wanted // unit * unit
        if down >= floor and down > 0 and (wanted - down) * 200 <= wanted and rng.random() < 0.7:
            return down
    return wanted
