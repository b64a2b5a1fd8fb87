"""What time does for open data: bulk files every night, credit as it changes.

Any number of clocks may do it; each call does a slice and returns, so that no other chore waits long.
"""

import time
from datetime import datetime, timedelta

from core.clock import BEIJING, database_now
from journal.following import follow
from opendata import bulk
from opendata.actions import bulk as actions
from opendata.actions import credit
from opendata.models import BulkFile, BulkKind, BulkStatus
from opendata.rules.periods import GRACE, NEWEST, Period, due, periods

_BUDGET = 0.5
_OCDS = (BulkKind.RELEASES, BulkKind.RECORDS)


def make_bulk_files() -> int:
    """Go on with the file that is being made, and with those that are due, for half a second; how many slices were taken."""
    stop, taken = time.monotonic() + _BUDGET, 0
    while time.monotonic() < stop:
        now = database_now()
        file = BulkFile.objects.filter(status=BulkStatus.MAKING).order_by("pk").first() or _begin_next(now)
        if file is None:
            break
        taken += 1
        if not actions.go_on(file.pk, now) and BulkFile.objects.filter(pk=file.pk, status=BulkStatus.MAKING).exists():
            break  # another clock is at it
    return taken


def share_credit() -> int:
    """Write down what the newest entries changed of what is shared of credit; how many entries were read."""
    stop, read = time.monotonic() + _BUDGET, 0
    while time.monotonic() < stop and (some := follow("opendata.credit", credit.take, limit=200, from_start=True)):
        read += some
    return read


def look_through_credit() -> int:
    """Look through some agencies and buyers for what time alone changed; how many were looked at."""
    return credit.sweep(database_now())


def _begin_next(now: datetime) -> BulkFile | None:
    """The next file that is due, begun; what is no longer kept is withdrawn on the way."""
    first = bulk.first_at()
    wanted = list(periods(first, now)) if first else []
    _withdraw_old({one.name for one in wanted})
    ready = BulkFile.objects.filter(status=BulkStatus.READY)
    for kind in _OCDS:
        there = dict(ready.filter(kind=kind).values_list("period", "until"))
        for period in due(wanted, there, now):
            return actions.begin(kind, period)
    there = dict(ready.filter(kind=BulkKind.CREDIT).values_list("period", "until"))
    tonight = next(due([_tonight(now)], there, now), None)
    return None if tonight is None else actions.begin(BulkKind.CREDIT, tonight)


def _tonight(now: datetime) -> Period:
    """Credit has one file, made anew each night, and at once when something had to leave it."""
    midnight = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    if now < midnight + GRACE:
        midnight -= timedelta(days=1)
    return Period(NEWEST, midnight - timedelta(days=1), midnight)


def _withdraw_old(wanted: set[str]) -> None:
    old = list(BulkFile.objects.filter(kind__in=_OCDS, status=BulkStatus.READY).exclude(period__in=wanted))
    if old:
        actions.withdraw(old)
