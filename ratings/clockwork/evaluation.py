"""What time does to evaluations: claimed case by case, so that any number of clocks may run at once."""

from datetime import datetime

from django.db.models import Q

from contracts.models import Contract, ContractStatus
from core.clock import database_now
from core.queries import calendar
from journal.clockwork import attempt, claim
from ratings.actions.evaluations import do_due
from ratings.models import DisputeStatus, Evaluation, Rectification, RectificationStatus
from ratings.rulesets import credit_rules

_AT_ONCE = 200
_NUMBER = "contract__award__request__number"


def do_due_evaluations(now: datetime | None = None) -> int:
    """Open, remind, reveal, and close tasks that ran out; returns how much this clock did."""
    now = now or database_now()
    return sum(attempt(claim, do_due, number) for number in due(now))


def due(now: datetime) -> list[str]:
    """The numbers of requests whose evaluation has something due at `now`."""
    finished = Contract.objects.filter(status=ContractStatus.COMPLETED, evaluation__isnull=True)
    hidden = Evaluation.objects.filter(revealed_at__isnull=True)
    soon = calendar().add(now, credit_rules().evaluation.reminder_wd)
    waiting = hidden.filter(Q(closes_at__lte=now) | Q(closes_at__lte=soon, reminded_at__isnull=True))
    late = Rectification.objects.filter(status=RectificationStatus.OPEN, due_at__lte=now)
    late = late.exclude(mark__dispute__status__in=[DisputeStatus.FILED, DisputeStatus.UPHELD])
    found = [
        *finished.values_list("award__request__number", flat=True)[:_AT_ONCE],
        *waiting.order_by("closes_at").values_list(_NUMBER, flat=True)[:_AT_ONCE],
        *late.values_list(f"mark__evaluation__{_NUMBER}", flat=True)[:_AT_ONCE],
    ]
    return list(dict.fromkeys(number for number in found if number))
