"""Reads of requests for credit repair: what they are about, and which the regulators' silence grants."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from ratings.models import ListFlag, Repair, RepairStatus, Step, Trigger
from ratings.rules.repairs import SERIOUS_TIER, SERIOUS_TRIGGERS, About
from ratings.rulesets import credit_rules


def about(repair: Repair) -> About:
    """What the pure rule looks at; a query where a list may have led to the measure."""
    if repair.act is not None:
        return About(tier=repair.act.tier)
    assert repair.case is not None
    listed = ListFlag.objects.filter(case=repair.case, ended_at__isnull=True).exists()
    return About(trigger=Trigger(repair.case.trigger), listed=listed)


def granted_by_silence() -> QuerySet[Repair]:
    """`silence_grants` as a queryset: the open requests that time would grant."""
    listed = ListFlag.objects.filter(case=OuterRef("case"), ended_at__isnull=True)
    of_act = Q(act__isnull=False) & ~Q(act__tier=SERIOUS_TIER)
    of_case = Q(case__isnull=False) & ~Q(case__trigger__in=SERIOUS_TRIGGERS) & ~Q(Exists(listed))
    return Repair.objects.filter(of_act | of_case, status=RepairStatus.ASKED)


def unanswered(now: datetime) -> QuerySet[Repair]:
    """Those whose date is over by so many days at least as lapse takes, and whose measure still stands."""
    late = granted_by_silence().filter(due_at__lte=now - timedelta(days=credit_rules().exit.lapse_wd))
    return late.filter(Q(case__isnull=True) | Q(case__step=Step.IN_FORCE)).order_by("due_at")
