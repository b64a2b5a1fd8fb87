"""Results that agencies on probation delivered, and who checked them."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from contracts.models import Delivery
from ratings.models import Reentry, RepairStatus, ResultCheck
from ratings.rules.punctuality import Owed

_AT_ONCE = 100
_RELATED = ("reentry__case__agency__organisation", "delivery__milestone__contract__award__request", "checked_by")


def unchecked() -> list[tuple[int, int]]:
    """(delivery, re-entry): what came in on probation and nobody was asked to check yet."""
    granted = Reentry.objects.filter(
        status=RepairStatus.GRANTED,
        case__agency__organisation=OuterRef("milestone__contract__agency"),
        decided_at__lte=OuterRef("delivered_at"),
        probation_until__gt=OuterRef("delivered_at"),
    ).order_by("-decided_at")
    asked = ResultCheck.objects.filter(delivery=OuterRef("pk"))
    found = Delivery.objects.annotate(reentry=Subquery(granted.values("pk")[:1])).filter(reentry__isnull=False)
    return list(found.exclude(Exists(asked)).order_by("pk").values_list("pk", "reentry")[:_AT_ONCE])


def open_checks() -> QuerySet[ResultCheck]:
    """What waits to be checked, the nearest date first."""
    return ResultCheck.objects.filter(checked_at__isnull=True).select_related(*_RELATED).order_by("due_at")


def checks() -> QuerySet[ResultCheck]:
    """All of them."""
    return ResultCheck.objects.select_related(*_RELATED)


def owed_in_checks() -> list[Owed]:
    """What the regulators owed in them."""
    rows = ResultCheck.objects.values_list("due_at", "checked_at")
    return [Owed("check", due, done) for due, done in rows]
