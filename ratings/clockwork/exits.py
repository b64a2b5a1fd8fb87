"""What time does to exit cases, interim suspensions and probations; claimed one by one, so that any number of clocks may run."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, F, OuterRef, Q, Subquery

from agencies.models import Agency, Standing
from core.clock import database_now
from journal.clockwork import attempt
from ratings.actions.exits import advance, ask_for_check, end_probation, lapse_reentry, lapse_repair
from ratings.actions.triggers import check_triggers
from ratings.models import RUNNING, Act, CreditPoint, ExitCase, Interim, Measure, Reentry, RepairStatus, Step
from ratings.queries.checks import unchecked
from ratings.queries.repairs import unanswered
from ratings.rulesets import credit_rules

_AT_ONCE = 200


def do_due_cases(now: datetime | None = None) -> int:
    """Move on every case whose time has come; returns how many moves were made."""
    now = now or database_now()
    moves: list[Callable[[], int]] = [partial(advance, number) for number in due(now)]
    moves += [partial(end_probation, number) for number in _probations(now)]
    moves += [partial(lapse_reentry, number) for number in _unanswered(now)]
    moves += [partial(lapse_repair, pk) for pk in unanswered(now).values_list("pk", flat=True)[:_AT_ONCE]]
    moves += [partial(ask_for_check, delivery, reentry) for delivery, reentry in unchecked()]
    return sum(attempt(move) for move in moves)


def open_due_cases(now: datetime | None = None) -> int:
    """Open a case wherever credit or history calls for one; returns how many were opened."""
    now = now or database_now()
    return sum(attempt(_check, uscc) for uscc in suspects(now))


def suspects(now: datetime) -> list[str]:
    """The agencies whose record can call for a case: others need not be computed. Those with an undecided one wait."""
    numbers = credit_rules().triggers
    newest = CreditPoint.objects.filter(agency=OuterRef("pk")).order_by("-at", "-pk")
    found = Agency.objects.annotate(c=Subquery(newest.values("conduct")[:1]), q=Subquery(newest.values("quality")[:1]))
    since = now - timedelta(days=numbers.warn_complaints_days)
    upheld = Q(code="complaint_upheld") | Q(source__startswith="complaint:")
    complained = Act.objects.filter(upheld, agency=OuterRef("pk"), noted_at__gte=since)
    measured = ExitCase.objects.filter(agency=OuterRef("pk"), in_force_at__isnull=False)
    undecided = ExitCase.objects.filter(agency=OuterRef("pk"), step__in=RUNNING)
    low = Q(c__lt=numbers.warn_conduct) | Q(q__lt=numbers.warn_quality)
    found = found.filter(low | Exists(complained) | Exists(measured)).exclude(Exists(undecided))
    return list(found.values_list("organisation__uscc", flat=True))


def _check(uscc: str) -> int:
    return int(check_triggers(uscc) is not None)


def due(now: datetime) -> list[str]:
    """The numbers of cases that time moves on at `now`."""
    undecided = Q(step__in=[*RUNNING, Step.APPEALED], lapses_at__lte=now)
    unserved = Q(step=Step.NOTICED, due_at__lte=now)
    effective = Q(step=Step.DECIDED, effect_at__lte=now)
    over = Q(step=Step.IN_FORCE, until__lte=now) & ~Q(measure=Measure.REMOVE)
    cases = ExitCase.objects.filter(undecided | unserved | effective | over)
    interims = Interim.objects.filter(ended_at__isnull=True).filter(
        Q(until__lte=now)
        | Q(reviewed_at__isnull=True, review_due_at__lte=now)
        | Q(case__step__in=[Step.CLOSED, Step.LAPSED, Step.IN_FORCE, Step.ENDED])
    )
    found = [
        *cases.order_by("due_at").values_list("number", flat=True)[:_AT_ONCE],
        *interims.values_list("case__number", flat=True)[:_AT_ONCE],
    ]
    return list(dict.fromkeys(found))


def _probations(now: datetime) -> list[str]:
    """The removals whose probation is over while the agency is still said to be on it."""
    over = Reentry.objects.filter(
        probation_until__lte=now,
        case__agency__standing=Standing.PROBATION,
        case__agency__standing_until=F("probation_until"),
    )
    return list(over.values_list("case__number", flat=True)[:_AT_ONCE])


def _unanswered(now: datetime) -> list[str]:
    """The removals whose re-entry was asked for, and whose date is over by so many days at least as lapse takes."""
    numbers = credit_rules().exit
    late = Reentry.objects.filter(status=RepairStatus.ASKED, due_at__lte=now - timedelta(days=numbers.lapse_wd))
    return list(late.values_list("case__number", flat=True)[:_AT_ONCE])
