"""Histories of an agency, honest and under attack, drawn from a seed: what quality Q has to withstand (docs/credit.md)."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ratings.rules.quality import RatingFact

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MEDIAN = 2_000_000  # fen: an item's median of 20,000 yuan
GOOD, AVERAGE = 0.85, 0.55
_TINY = 0.03  # of the median
_SPREAD = 0.18  # of an honest agency's marks
_numbers = itertools.count(1)

Facts = Sequence[RatingFact]
Draw = Callable[[random.Random], list[RatingFact]]


@dataclass(frozen=True)
class Scenario:
    """An attack. `before` draws the honest history, `attack` what is added to it, `acts` are codes of conduct it brings."""

    name: str
    before: Draw
    attack: Draw
    acts: Sequence[str] = ()
    replaces: bool = False

    @property
    def compares(self) -> bool:
        """Whether there is anything before it."""
        return self.before is not nothing

    def draw(self, seed: int) -> tuple[list[RatingFact], list[RatingFact]]:
        """One history without the attack and the same with it; if it `replaces`, the old history is left behind."""
        chance = random.Random(seed)
        honest = self.before(chance)
        return honest, ([] if self.replaces else honest) + self.attack(chance)


def rating(days_ago: float, client: str, x: float, *, size: float = 1.0, relation: str = "1") -> RatingFact:
    """A rating of a contract of `size` times the median, given so many days ago."""
    number = next(_numbers)
    return RatingFact(
        key=f"R{number}",
        group=client,
        item="item",
        amount=max(1, round(MEDIAN * size)),
        median=MEDIAN,
        x=Decimal(str(round(min(1.0, max(0.0, x)), 4))),
        at=NOW - timedelta(days=days_ago),
        relation=Decimal(relation),
        seq=number,
    )


def honest(level: float, jobs: int = 30, since: float = 730, until: float = 0) -> Draw:
    """Contracts for strangers, of log-normal size, with marks around `level`."""

    def draw(chance: random.Random) -> list[RatingFact]:
        return [
            rating(
                chance.uniform(until, since),
                f"client {chance.randrange(jobs)}",
                chance.gauss(level, _SPREAD),
                size=chance.lognormvariate(0, 0.7),
            )
            for _ in range(jobs)
        ]

    return draw


def praise(
    jobs: int, friends: int, x: float = 1.0, *, size: float = _TINY, days: float = 180, relation: str = "1"
) -> Draw:
    """Contracts shared out among so many friends (or, with x = 0, enemies) within the last `days`."""

    def draw(chance: random.Random) -> list[RatingFact]:
        return [
            rating(chance.uniform(0, days), f"friend {job % friends}", x, size=size, relation=relation)
            for job in range(jobs)
        ]

    return draw


def nothing(_chance: random.Random) -> list[RatingFact]:
    """No history."""
    return []


def _scenarios() -> Iterator[Scenario]:
    average, good = honest(AVERAGE), honest(GOOD)
    cheating = ("refused_for_quality", "refused_for_quality", "false_statement", "complaint_upheld")
    yield Scenario("good agency", nothing, good)
    yield Scenario("average agency", nothing, average)
    yield Scenario("newcomer", nothing, nothing)
    yield Scenario("one friend: 50 tiny contracts", average, praise(50, 1))
    yield Scenario("three friends: 51 tiny contracts", average, praise(51, 3))
    yield Scenario("ring of ten: 9 × 5 tiny contracts", average, praise(45, 9))
    yield Scenario("ring of ten at the median price", average, praise(45, 9, size=1))
    yield Scenario("the same, relation flagged", average, praise(45, 9, size=1, relation="0.5"))
    yield Scenario("the same, relation confirmed", average, praise(45, 9, size=1, relation="0"))
    yield Scenario("rival: 10 tiny one-star jobs", good, praise(10, 1, 0, days=30))
    yield Scenario("rival behind 3 names: 30 tiny jobs", good, praise(30, 3, 0, days=30))
    yield Scenario("bad agency registers again", honest(0.25), nothing, replaces=True)
    yield Scenario("… with one friend, 50 tiny jobs", honest(0.25), praise(50, 1), replaces=True)
    yield Scenario("… with one friend, 50 large jobs", honest(0.25), praise(50, 1, size=4), replaces=True)
    yield Scenario("builds up, then cheats 8 clients", honest(0.9, since=850, until=120), late(8, 0.15), cheating)
    yield Scenario("old glory, 8 bad jobs since", honest(0.92, since=1200, until=900), late(8, 0.25))
    yield Scenario("old glory, nothing for 4 years", nothing, honest(0.92, since=2200, until=1460))


def late(jobs: int, level: float) -> Draw:
    """Ordinary contracts of the last 120 days, each for another client."""

    def draw(chance: random.Random) -> list[RatingFact]:
        return [rating(chance.uniform(0, 120), f"late client {job}", chance.gauss(level, 0.1)) for job in range(jobs)]

    return draw


def once(size: float, x: float, days_ago: float = 1) -> Draw:
    """One contract for the friend."""
    return lambda _chance: [rating(days_ago, "friend 0", x, size=size)]


def both(*parts: Draw) -> Draw:
    """The histories together."""
    return lambda chance: [fact for part in parts for fact in part(chance)]


def _order_cases() -> Iterator[Scenario]:
    average, good = honest(AVERAGE), honest(GOOD)
    loyal = praise(30, 1, GOOD, days=365)
    yield Scenario("one enemy: 50 tiny contracts", good, praise(50, 1, 0))
    yield Scenario("large bad job after 30 tiny good", both(good, loyal), once(4, 0))
    yield Scenario("30 tiny good after a large bad job", both(good, once(4, 0, 200)), praise(30, 1, GOOD, days=180))
    yield Scenario("large good job after 30 tiny good", both(average, loyal), once(4, 1))


SCENARIOS = tuple(_scenarios())
# What ranking from another end would change.
ORDER_CASES = tuple(_order_cases())


def scenario(name: str) -> Scenario:
    """The scenario of that name; raises KeyError."""
    return {one.name: one for one in SCENARIOS}[name]
