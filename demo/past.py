"""The year behind us, request by request, in batches whose memory does not grow with the year."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush, merge
from itertools import islice
from random import Random

from django.db import transaction

from contracts.rulesets import contract_rules
from core.clock import BEIJING, to_milliseconds
from core.models import Region
from core.queries import calendar
from core.workdays import Calendar
from demo import agencies, projects, words
from demo.agencies import Player
from demo.budgets import Budgets
from demo.bulk import Numbers, analyse
from demo.dossier import Scene, Step
from demo.history import Story
from demo.ledger import Ledger
from demo.papers import papers
from demo.people import Buyer
from demo.planted import Planted, Plants
from demo.plot import Plot
from marketplace.models import Request, RequestStatus, ServiceItem
from marketplace.rulesets import RuleSet, ruleset

STAGE_RULES = "demo-2026-12"
_DAYS = 365
# This share of the notices, above all others, fell in the last days, so that there is something to enrol in.
_LATELY, _LAST_DAYS = 0.018, 2
_IN_ONE_TRANSACTION = 2000
_GOVERNMENT_SHARE = 0.45
_RETRIED = 0.45
_OF_ENTERPRISE = (Step.CONFIRM, Step.ACCEPT, Step.INVOICE, Step.PAY)
_OF_DEPARTMENT = (Step.DELIVER, Step.ACCEPT, Step.PAY, Step.RECEIVE)
# How far back, in days, such a contract may have begun; how often each day is tried until the right agency wins.
_SHORTEST, _OF_SILENCE, _LONGEST, _TRIES, _CROWD = 3, 21, 90, 2, 3
# How many are inclined to come; what becomes of it, the rules say.
_TURNOUT = (0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 6, 6, 6, 7, 8, 9)
_MORNING, _EVENING = time(8, 40), time(17, 40)
_JUST_BEFORE = timedelta(minutes=8)


class Past:
    """Tells stories in the order of their notices."""

    def __init__(
        self,
        buyers: list[Buyer],
        players: list[Player],
        regulator: int,
        required: dict[str, list[str]],
        now: datetime,
    ) -> None:
        self._now, self._rng = now, words.source("history")
        self._departments = [b for b in buyers if b.organisation.field]
        self._enterprises = [b for b in buyers if not b.organisation.field]
        self._offering, self._required = agencies.by_item(players), required
        self._items = {item.code: item for item in ServiceItem.objects.all()}
        self._calendar, self._numbers, self._ours = calendar(), ruleset(), players[0]
        regions = Region.objects.in_bulk()
        self._scene = Scene(self._calendar, now, contract_rules(), regions, papers(), regulator)
        self._serials, self._ledger = Numbers("'marketplace_request_number'"), Ledger()
        self._budgets = Budgets()
        self._again: list[tuple[datetime, str, Plot, Request]] = []

    def tell(self, count: int) -> int:
        """Write about `count` requests and one whose auction has only just closed; returns how many were written."""
        times = moments(self._rng, count, self._now, self._calendar)
        while batch := list(islice(times, _IN_ONE_TRANSACTION)):
            with transaction.atomic():
                for at in batch:
                    self._tell(self._plot(at))
                self._ledger.write()
        with transaction.atomic():
            self._tell_one_just_closed()
            self._tell_for_visitors()
            self.plants = Plants(self._departments, self._enterprises, self._offering, self._now, self._rng)
            for planted in self.plants.stories():
                self._tell(self._rig(planted))
            self._ledger.write()
            self._budgets.write()
        analyse()
        return self._ledger.told

    def _tell(self, plot: Plot, numbers: RuleSet | None = None) -> bool:
        rng = Random(self._rng.getrandbits(64))  # noqa: S311 (invented data has to be the same each time)
        story = Story(rng, plot, numbers or self._numbers, self._scene)
        request = story.tell(self._ledger)
        if request is None:
            return False
        self._budgets.take(request)
        in_vain = request.status == RequestStatus.FAILED and story.award is None
        if in_vain and self._rng.random() < _RETRIED:
            again = (self.ended(request)) + timedelta(days=self._rng.randrange(2, 9))
            heappush(self._again, (again, plot.number, plot, request))
        return True

    @staticmethod
    def ended(request: Request) -> datetime:
        """When a failed request's enrolment was over."""
        assert request.enrol_until is not None
        return request.enrol_until

    def _plot(self, at: datetime) -> Plot:
        if self._again and self._again[0][0] <= at:
            _due, _number, plot, failed = heappop(self._again)
            wanted = replace(plot.wanted, ceiling=round(plot.wanted.ceiling * 1.1 / 100_000) * 100_000)
            return self._cast(plot.buyer, wanted, at, forerunner=failed)
        buyer = self._buyer()
        return self._cast(buyer, projects.wanted(self._rng, buyer, at.astimezone(BEIJING).year), at)

    def _buyer(self) -> Buyer:
        """Any buyer; the ones of the demo's roles ask more often than others."""
        rng = self._rng
        buyers = self._departments if rng.random() < _GOVERNMENT_SHARE else self._enterprises
        return buyers[0] if rng.random() < 0.04 else rng.choice(buyers)

    def _cast(
        self, buyer: Buyer, wanted: projects.Wanted, at: datetime, *, forerunner: Request | None = None, crowd: int = 0
    ) -> Plot:
        rng, required = self._rng, self._required.get(wanted.item, ())
        offering = self._offering.get(wanted.item, [])
        asked = rng.sample(offering, min(len(offering), 24))
        turnout = crowd or max(rng.choice(_TURNOUT), 4 if forerunner else 0)
        return Plot(
            number=f"GS-{at.astimezone(BEIJING).year}-{self._serials.next():06d}",
            buyer=buyer,
            wanted=wanted,
            item=self._items[wanted.item],
            published_at=at,
            candidates=[one for one in asked if one.may_enrol(required, buyer.organisation.pk, at)],
            turnout=turnout,
            forerunner=forerunner,
        )

    def _tell_one_just_closed(self) -> None:
        buyer, at = self._enterprises[0], self._now - _JUST_BEFORE
        wanted = projects.wanted(self._rng, buyer, at.year, projects.STAGE)
        self._tell(self._cast(buyer, wanted, at, crowd=6), ruleset(STAGE_RULES))

    def _tell_for_visitors(self) -> None:
        """Contracts between the demo's roles, each left at another step; and one of which a buyer says nothing."""
        for buyer, steps in ((self._enterprises[0], _OF_ENTERPRISE), (self._departments[0], _OF_DEPARTMENT)):
            back = _SHORTEST
            for step in steps:
                back = self._tell_up_to(step, buyer, self._ours, back)
        self._tell_up_to(Step.JUDGE, self._enterprises[1], None, _OF_SILENCE)

    def _tell_up_to(self, step: Step, buyer: Buyer, winner: Player | None, back: int) -> int:
        """Tell a contract that waits for this step, begun `back` days ago or as many more as it takes; returns how many."""
        while back < _LONGEST:
            day = self._now.astimezone(BEIJING).date() - timedelta(days=back)
            for _try in range(_TRIES if self._calendar.works(day) else 0):
                at = datetime.combine(day, _MORNING, BEIJING) + timedelta(seconds=self._rng.randrange(30_000))
                if self._tell(self._staged(step, buyer, winner, at)):
                    return back
            back += 1
        return back

    def _rig(self, planted: Planted) -> Plot:
        plot = self._cast(planted.buyer, planted.wanted, planted.at)
        members = [one for one in planted.members if one.may_enrol((), planted.buyer.organisation.pk, planted.at)]
        return replace(plot, candidates=members, turnout=len(members), rigged=planted.how)

    def _staged(self, step: Step, buyer: Buyer, winner: Player | None, at: datetime) -> Plot:
        wanted = projects.wanted(self._rng, buyer, at.year, projects.STAGE)
        plot = self._cast(buyer, wanted, at, crowd=_CROWD)
        others = [one for one in plot.candidates if one is not winner]
        candidates = [*([winner] if winner else []), *others][:_CROWD]
        return replace(plot, candidates=candidates, favourite=winner, stop=step)


def moments(rng: Random, count: int, now: datetime, calendar: Calendar) -> Iterator[datetime]:
    """`count` times of the last year in order, within office hours of working days; more of them lately."""
    today = now.astimezone(BEIJING).date()
    days = [day for n in range(_DAYS, -1, -1) if calendar.works(day := today - timedelta(days=n))]
    if days[-1] == today and _office(today)[0] >= now - timedelta(minutes=10):
        days.pop()
    lately = round(count * _LATELY)
    year = _spread(rng, count - lately, lambda share: share**0.75 * len(days))
    last_days = _spread(rng, lately, lambda share: len(days) - _LAST_DAYS * (1 - share))
    for where in merge(year, last_days):
        first, last = _office(days[int(where)])
        last = min(last, now - timedelta(minutes=5))
        yield to_milliseconds(first + (last - first) * (where % 1))


def _spread(rng: Random, count: int, place: Callable[[float], float]) -> Iterator[float]:
    """`count` places in order, evenly drawn from 0 to 1 and put where `place` says."""
    return (place((number + rng.random()) / count) for number in range(count))


def _office(day: date) -> tuple[datetime, datetime]:
    return datetime.combine(day, _MORNING, BEIJING), datetime.combine(day, _EVENING, BEIJING)
