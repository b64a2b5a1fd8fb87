"""What the invented year hides for the red flags to find: two circles, a steering department, a splitting buyer, a ring.

The names are invented; the patterns are those of R10.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from core.clock import BEIJING
from demo import projects
from demo.agencies import Player
from demo.people import Buyer
from demo.plot import Rigged
from flags.rules import Scope

_TURNING, _COVERING, _STEERED, _RING, _SPLIT = "INV-01", "TRA-01", "WAT-02", "HEA-01", "INV-02"
_CITY = "620100"
_FIRST_DAY, _OLD = 330, timedelta(days=360)
_CLOSE, _WIDE = Rigged(0.985, 0.006), Rigged(0.93, 0.09)
_TURNS, _COVERS, _AROUND, _ELSEWHERE, _PRAISES, _PARTS = 12, 8, 34, 8, 7, 4
_PART_CEILINGS = (9_500_000, 9_800_000, 9_200_000, 9_700_000)


@dataclass(frozen=True, slots=True)
class Planted:
    """A request whose end was agreed on: the last of `members` wins."""

    buyer: Buyer
    wanted: projects.Wanted
    at: datetime
    members: list[Player]
    how: Rigged


class Plants:
    """Who does it, and all of it as stories. `circles`, `ring` … say afterwards what there is to find."""

    def __init__(
        self,
        departments: list[Buyer],
        enterprises: list[Buyer],
        offering: Mapping[str, list[Player]],
        now: datetime,
        rng: Random,
    ) -> None:
        self._rng, self._now, self._offering = Random(rng.getrandbits(64)), now, offering  # noqa: S311
        self._local = [one for one in enterprises if one.organisation.region_id == _CITY]
        self._remote = [one for one in enterprises if one.organisation.region_id != _CITY][:_ELSEWHERE]
        self._turning, self._covering = self._old(_TURNING)[:3], self._old(_COVERING)[:4]
        self._beyond = self._old(_COVERING)[4:]
        self._favourite, *self._others = self._old(_STEERED)[:4]
        self._praised, *self._beside = self._old(_RING)[:3]
        self._splitter = departments[1]
        self._praising = self._local[-1]
        self.circles = [frozenset(one.uscc for one in circle) for circle in (self._turning, self._covering)]
        self.ring = (self._praising.organisation.uscc, self._praised.uscc)
        self.splitter = self._splitter.organisation.uscc
        self.favourite = self._favourite.uscc

    @property
    def windows(self) -> list[tuple[Scope, tuple[str, ...]]]:
        """Where the rules find it."""
        return [
            (Scope.MARKET, (_TURNING, _CITY)),
            (Scope.MARKET, (_COVERING, _CITY)),
            (Scope.MARKET, (_STEERED, _CITY)),
            (Scope.BUYER, (self.splitter,)),
            (Scope.AGENCY, (self.ring[1],)),
        ]

    def stories(self) -> Iterator[Planted]:
        """Everything, pattern by pattern."""
        for n in range(_TURNS):
            turn = self._turning[n % 3 + 1 :] + self._turning[: n % 3 + 1]
            yield self._planted(self._local[n % len(self._local)], _TURNING, n * 24, turn, _CLOSE)
        for n in range(_COVERS):
            buyer = self._local[(n + 3) % len(self._local)]
            yield self._planted(buyer, _COVERING, n * 32, self._covering, _CLOSE)
        for n in range(_AROUND):
            others = self._rng.sample(self._beyond, min(3, len(self._beyond)))
            yield self._planted(self._rng.choice(self._local), _COVERING, n * 9, others, _WIDE)
        for n, buyer in enumerate(self._local):
            yield self._planted(buyer, _STEERED, n * 9, [*self._others, self._favourite], _WIDE)
        for n, buyer in enumerate(self._remote):
            honest = [self._favourite, *self._others[n % 2 :], *self._others[: n % 2]]
            yield self._planted(buyer, _STEERED, n * 9, honest, _WIDE)
        for n in range(_PRAISES):
            yield self._planted(self._praising, _RING, n * 30, [*self._beside, self._praised], _WIDE)
        bidders = self._old(_SPLIT)[:4]
        for n in range(_PARTS):
            part = self._planted(self._splitter, _SPLIT, 200 + n * 12, bidders[n:] + bidders[:n], _WIDE)
            yield replace(part, wanted=replace(part.wanted, ceiling=_PART_CEILINGS[n]))

    def _planted(self, buyer: Buyer, item: str, day: int, members: list[Player], how: Rigged) -> Planted:
        at = self._now - timedelta(days=_FIRST_DAY - day)
        at = at.astimezone(BEIJING).replace(hour=10, minute=self._rng.randrange(60), second=0, microsecond=0)
        return Planted(buyer, projects.wanted(self._rng, buyer, at.year, [item]), at, members, how)

    def _old(self, item: str) -> list[Player]:
        """Who offers it since before the year began; not the demo's own, nor those of its exit cases."""
        there = [one for one in self._offering[item] if one.since < self._now - _OLD and not one.tied_to]
        return sorted(there, key=lambda one: -one.agency)
