"""What stands open or stood decided on a day, beside what the months sum up: plain numbers, kept with the day."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum

from agencies.models import Agency
from bidding.models import Objection
from contracts.models import Payable
from marketplace.models import DemandReport, ItemStatus, Request, RequestStatus, ServiceItem
from ratings.models import Complaint
from ratings.queries.punctuality import lines
from stats.rules.figures import NOT_COUNTED
from stats.rules.periods import Span, period


def stock(now: datetime) -> dict[str, Any]:
    """`{"agencies", "payments", "complaints", "objections", "policy", "punctuality", "left_out"}`, as JSON keeps it.

    Complaints are counted by kind and outcome and nothing else: nobody can be told from the numbers.
    """
    return {
        "agencies": _agencies(),
        "payments": _payments(now),
        "complaints": _complaints(),
        "objections": _by_status(Objection.objects.values_list("status").annotate(Count("pk"))),
        "policy": _policy(now),
        "punctuality": _punctuality(now),
        "left_out": _left_out(now),
    }


def _agencies() -> dict[str, int]:
    """How many agencies there are by the province they come from, two digits; of Gansu's by all six of the city."""
    rows = Agency.objects.order_by().values_list("organisation__region_id").annotate(Count("pk"))
    found: Counter[str] = Counter()
    for region, count in rows:
        found[region if region.startswith("62") else region[:2]] += count
    return dict(found)


def _payments(now: datetime) -> dict[str, int]:
    """Of what has an invoice: settled in time, settled late, open and overdue, open with time left; amounts in fen."""
    overdue = Q(settled_at__isnull=True, due_at__lt=now)
    kinds = {
        "in_time": Q(settled_at__isnull=False, settled_at__lte=F("due_at")),
        "late": Q(settled_at__isnull=False, settled_at__gt=F("due_at")),
        "overdue": overdue,
        "open": Q(settled_at__isnull=True, due_at__gte=now),
    }
    counts = {name: Count("pk", filter=which) for name, which in kinds.items()}
    found = Payable.objects.filter(due_at__isnull=False).aggregate(
        **counts, overdue_amount=Sum("amount", filter=overdue)
    )
    return {name: value or 0 for name, value in found.items()}


def _complaints() -> list[list[Any]]:
    """`[kind, status, how many]`."""
    rows = Complaint.objects.order_by().values_list("kind", "status").annotate(Count("pk"))
    return sorted([kind, status, count] for kind, status, count in rows)


def _by_status(rows: Any) -> dict[str, int]:
    return dict(rows.order_by("status"))


def _policy(now: datetime) -> dict[str, int]:
    """What the policy check let through in twelve months, and what cancelled items are still asked for."""
    notices = Request.objects.exclude(status=RequestStatus.DRAFT).filter(
        published_at__gte=period(Span.YEAR, now).begins
    )
    found = notices.aggregate(
        passed=Count("pk"),
        restricted=Count("pk", filter=~Q(cited_law="")),
        government=Count("pk", filter=Q(public_funds=True)),
    )
    return {
        **found,
        "cancelled_items": ServiceItem.objects.filter(status=ItemStatus.CANCELLED).count(),
        "demands": DemandReport.objects.count(),
    }


def _punctuality(now: datetime) -> dict[str, int]:
    """All steps that the regulators owe, taken together; each of them stands on the page of its own."""
    total: Counter[str] = Counter()
    for row in lines(now):
        line = row.line
        total.update(in_time=line.in_time, late=line.late, overdue=line.overdue, open=line.open)
    return {name: total[name] for name in ("in_time", "late", "overdue", "open")}


def _left_out(now: datetime) -> int:
    """Requests of twelve months whose rules are those of the demo's bots or of practice."""
    theirs = Q()
    for prefix in NOT_COUNTED:
        theirs |= Q(ruleset__startswith=prefix)
    return Request.objects.filter(theirs, published_at__gte=period(Span.YEAR, now).begins).count()
