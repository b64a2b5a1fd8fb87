"""What the tests of notices, changes and questions share."""

import datetime as dt
from typing import Any

from accounts.models import Notice, Organisation, User
from core.clock import BEIJING
from journal.models import Entry
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import Request, ServiceItem
from tests.marketplace.drafts import draft

# A Monday morning without a holiday near it.
MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
DAY = dt.timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of that week in Beijing: day 0 is the Monday."""
    return MONDAY.replace(hour=hour, minute=minute) + day * DAY


def publish(user: User, buyer: Organisation, item: ServiceItem, **changes: Any) -> Request:
    """A request published as the form does it: 90,000.00 yuan, so one working day of notice, until 18:00."""
    return actions.publish(user, buyer, draft(user, buyer, item, **changes).pk)


def kinds(request: Request) -> list[str]:
    return [entry.kind for entry in entries_of(request.number or "")]


def last(request: Request, kind: str) -> Entry:
    found = entries_of(request.number or "").filter(kind=kind).last()
    assert found is not None, f"no {kind}"
    return found


def told(organisation: Organisation) -> list[str]:
    """An organisation's inbox, the oldest first."""
    return [notice.text for notice in Notice.objects.filter(organisation=organisation).order_by("id")]
