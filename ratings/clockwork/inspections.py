"""What time does to inspections: plans move on, newcomers are checked by the month, waiting cases are opened."""

import logging
from datetime import date, datetime
from functools import partial

from accounts.models import Kind, Organisation
from core.clock import BEIJING, database_now
from core.errors import Refused
from journal.clockwork import attempt
from ratings.actions import inspections
from ratings.models import Plan
from ratings.queries.inspections import due_plans, without_case
from ratings.rules.inspections import previous_month

log = logging.getLogger(__name__)

_AT_ONCE = 50


def do_due_plans(now: datetime | None = None) -> int:
    """Move plans on; returns how many moves were made."""
    now = now or database_now()
    moves = [partial(inspections.move_on, number) for number in due_plans(now)[:_AT_ONCE]]
    cases = [partial(inspections.open_waiting_case, one.pk) for one in without_case()[:_AT_ONCE]]
    return sum(attempt(move) for move in [*moves, *cases])


def plan_newcomers(now: datetime | None = None) -> int:
    """Once a month, plan the check of last month's newcomers, by the regulator that registered first."""
    month = previous_month((now or database_now()).astimezone(BEIJING).date())
    if Plan.objects.filter(month=month).exists():
        return 0
    by = Organisation.objects.filter(kind=Kind.REGULATOR).order_by("pk").first()
    return attempt(_plan, by, month) if by else 0


def _plan(by: Organisation, month: date) -> int:
    try:
        return int(inspections.plan_newcomers(by, month) is not None)
    except Refused as refused:
        log.warning("the check of newcomers cannot be planned yet: %s", refused.text)
        return 0
