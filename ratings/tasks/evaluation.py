"""What evaluations ask: to rate, to answer a poor mark, to put things right, to look at it; of officers, to decide disputes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.tasks import Task
from contracts.models import Contract, ContractStatus
from core.queries import calendar
from core.workdays import Calendar
from ratings.models import DisputeStatus, Evaluation, Mark, MarkSide, Rectification, RectificationStatus
from ratings.queries.evaluation import disputes_open
from ratings.queries.evaluation_facts import outcomes_of
from ratings.rulesets import credit_rules

_ABOUT_AGENCY = Q(side__in=[MarkSide.BUYER, MarkSide.DEPARTMENT])
_SATISFIED = Decimal("0.75")
_REQUEST = "contract__award__request"
_OF_MARK = f"mark__evaluation__{_REQUEST}"
_RESTING = [DisputeStatus.FILED, DisputeStatus.UPHELD]
# Working days to answer are never more than this many days.
_MOST_DAYS = timedelta(days=30)


def tasks_of(organisation: Organisation, now: datetime) -> Iterator[Task]:
    """Everything of evaluations that waits for it now; a fixed number of queries."""
    match organisation.kind:
        case Kind.AGENCY:
            yield from _to_rate(Q(contract__agency=organisation), MarkSide.AGENCY, now)
            yield from _to_answer(_ABOUT_AGENCY & Q(evaluation__contract__agency=organisation), now)
            yield from _to_rectify(organisation)
        case Kind.ENTERPRISE | Kind.DEPARTMENT:
            yield from _to_rate(Q(contract__buyer=organisation), MarkSide.BUYER, now)
            yield from _to_answer(Q(side=MarkSide.AGENCY, evaluation__contract__buyer=organisation), now)
            yield from _to_confirm(organisation)
            if organisation.kind == Kind.DEPARTMENT:
                yield from _outcomes(organisation, now)
        case Kind.REGULATOR:
            for dispute in disputes_open():
                yield _task(_("裁定评价争议"), dispute.mark.evaluation.contract, dispute.due_at, severity=1)


def _to_rate(mine: Q, side: MarkSide, now: datetime) -> Iterator[Task]:
    running = Evaluation.objects.filter(
        mine, revealed_at__isnull=True, closes_at__gt=now, contract__status=ContractStatus.COMPLETED
    )
    for one in running.exclude(marks__side=side).select_related(_REQUEST):
        yield _task(_("评价对方"), one.contract, one.closes_at)


def _outcomes(department: Organisation, now: datetime) -> Iterator[Task]:
    waiting = outcomes_of(department).filter(revealed_at__isnull=True, closes_at__gt=now)
    waiting = waiting.filter(contract__status=ContractStatus.COMPLETED).exclude(marks__side=MarkSide.DEPARTMENT)
    for one in waiting:
        yield _task(_("登记成果审查结果"), one.contract, one.closes_at)


def _to_answer(about: Q, now: datetime) -> Iterator[Task]:
    """Marks below “satisfied” that nothing was said to yet; others may be answered, but need not be."""
    fresh = Mark.objects.filter(about, evaluation__revealed_at__gt=now - _MOST_DAYS, x__lt=_SATISFIED)
    fresh = fresh.filter(reply__isnull=True, dispute__isnull=True).select_related(f"evaluation__{_REQUEST}")
    marks = list(fresh)
    days = calendar() if marks else Calendar()
    for mark in marks:
        evaluation = mark.evaluation
        assert evaluation.revealed_at is not None
        until = days.add(evaluation.revealed_at, credit_rules(evaluation.ruleset).evaluation.reply_wd)
        if now < until:
            yield _task(_("可回应评价或提出争议"), evaluation.contract, until)


def _to_rectify(agency: Organisation) -> Iterator[Task]:
    mine = Rectification.objects.filter(mark__evaluation__contract__agency=agency, status=RectificationStatus.OPEN)
    for task in mine.exclude(mark__dispute__status__in=_RESTING).select_related(_OF_MARK):
        yield _task(_("报告整改情况"), task.mark.evaluation.contract, task.due_at)


def _to_confirm(rater: Organisation) -> Iterator[Task]:
    reported = Rectification.objects.filter(mark__organisation=rater, status=RectificationStatus.REPORTED)
    reported = reported.exclude(mark__dispute__status__in=_RESTING).order_by("reported_at")
    for task in reported.select_related(_OF_MARK):
        yield _task(_("确认整改结果"), task.mark.evaluation.contract)


def _task(what: str, contract: Contract, due_at: datetime | None = None, severity: int = 0) -> Task:
    request = contract.award.request
    return Task(what, request.title, reverse("evaluation_page", args=[request.number]), due_at, severity)
