"""What is still to come in a story: people act in office hours, clocks at once; all in order of time, up to now."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from random import Random

from core.clock import BEIJING, to_milliseconds
from core.workdays import Calendar

Act = Callable[[datetime], None]

_MORNING, _HOURS = time(8, 40), 9 * 3600


class Agenda:
    """Acts by their time. What lies beyond `now` has not happened yet."""

    def __init__(self, rng: Random, calendar: Calendar, now: datetime) -> None:
        self._rng, self._calendar, self.now = rng, calendar, now
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._count = 0

    def at(self, moment: datetime, act: Act) -> None:
        """The clock does it, a few milliseconds late."""
        self._put(moment + timedelta(milliseconds=self._rng.randrange(20, 900)), act)

    def after(self, since: datetime, wd: int, act: Act) -> None:
        """A person does it, `wd` working days later, in office hours."""
        self._put(self.office_hour(since, wd), act)

    def shortly(self, since: datetime, most_minutes: int, act: Act) -> None:
        """The same person does it at once, within so many minutes."""
        self._put(since + timedelta(seconds=self._rng.uniform(40, most_minutes * 60)), act)

    def office_hour(self, since: datetime, wd: int) -> datetime:
        """Some moment of an office day, `wd` working days after `since` and always later than it."""
        day = since.astimezone(BEIJING).date()
        while True:
            day = self._calendar.after(day, wd).date if wd else day
            morning = datetime.combine(day, _MORNING, BEIJING)
            found = to_milliseconds(morning + timedelta(seconds=self._rng.uniform(0, _HOURS)))
            if found > since and self._calendar.works(day):
                return found
            wd = 1

    def run(self) -> None:
        """Let everything happen whose time has come."""
        while self._waiting and self._waiting[0][0] < self.now:
            at, _count, act = heappop(self._waiting)
            act(at)

    def _put(self, at: datetime, act: Act) -> None:
        self._count += 1
        heappush(self._waiting, (to_milliseconds(at), self._count, act))
