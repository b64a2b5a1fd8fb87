"""What time does to credit: ratings decay every night, acts begin to count and expire, silence strikes them, and once a
month the market's figures are published. Each agency is claimed under its own case, so any number of clocks may run.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from core.clock import database_now
from journal.clockwork import attempt
from ratings.actions import market
from ratings.actions.credit import lapse_objection
from ratings.actions.refreshing import refresh_if_due
from ratings.models import Act, ActEventKind, CreditDue
from ratings.rulesets import credit_rules

_AT_ONCE = 200
_K = TypeVar("_K", int, str)


def do_due_credit(now: datetime | None = None) -> int:
    """Everything of credit whose time has come at `now`; returns how much this clock did."""
    now = now or database_now()
    published = int(market.due(now) and attempt(lambda: market.publish_figures(now) is not None))
    struck = sum(attempt(lapse_objection, act) for act in _silent(now))
    return published + struck + refresh_due(now)


def refresh_due(now: datetime | None = None) -> int:
    """Compute anew each credit that time has changed, the longest overdue first; returns how many."""
    rows = CreditDue.objects.filter(due_at__lte=now or database_now()).order_by("due_at")
    usccs = rows.values_list("agency__organisation__uscc", flat=True)[:_AT_ONCE]
    return sum(attempt(refresh_if_due, uscc) for uscc in list(usccs))


def _silent(now: datetime) -> list[int]:
    """Acts whose objection has waited so long that it may have lapsed; the verb counts the working days."""
    least = timedelta(days=credit_rules().exit.lapse_wd)
    objected = Act.objects.filter(events__kind=ActEventKind.OBJECTED, events__due_at__lte=now - least)
    answered = [ActEventKind.UPHELD, ActEventKind.STRUCK, ActEventKind.REPAIRED]
    return list(objected.exclude(events__kind__in=answered).values_list("pk", flat=True)[:_AT_ONCE])
