"""What a comparison says of each agency: public figures only, the same few queries for two agencies and for four."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, FloatField, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

import rfc8785

from accounts.models import Organisation
from agencies.models import Agency
from agencies.queries import Median, certificates
from agencies.rules import holds
from bidding.models import Award, AwardStatus
from contracts.models import Contract, ContractStatus, Delivery, Milestone, MilestoneStatus
from core.clock import rfc3339
from core.models import Region
from core.money import wire
from marketplace.models import Method, Offering, Request, RequestStatus, ServiceItem
from ratings.models import OVER, Choice
from ratings.queries.credit import facts_of
from ratings.queries.exits import public_cases
from ratings.rules.comparison import UnknownAgency, bands, judge_count
from ratings.rules.conduct import ActStatus
from ratings.rules.score import CreditFacts, compute
from ratings.rulesets import credit_rules

FORMAT = "comparison/1"
_COUNTS = (AwardStatus.STANDSTILL, AwardStatus.FINAL)


def agencies_named(usccs: Sequence[str]) -> list[Agency]:
    """The agencies of these codes in their order, each once; raises UnknownAgency."""
    codes = list(dict.fromkeys(code.strip().upper() for code in usccs if code.strip()))
    rows = Agency.objects.filter(organisation__uscc__in=codes).select_related("organisation__region")
    found = {one.uscc: one for one in rows.prefetch_related("qualifications")}
    for code in codes:
        if code not in found:
            raise UnknownAgency(uscc=code[:40])
    return [found[code] for code in codes]


def items_of(agencies: Sequence[Agency]) -> list[ServiceItem]:
    """What any of them offers, in code order."""
    return list(ServiceItem.objects.filter(offerings__agency__in=agencies).distinct().order_by("code"))


def chosen_of(request: Request) -> Agency | None:
    """Whom the buyer of a request chose freely, once that is public; None where nobody chose, or nobody may know yet."""
    if request.method == Method.DIRECT:
        return request.direct_agency
    if request.method != Method.CREDIT_DRAW or request.status != RequestStatus.STANDSTILL:
        return None
    award = Award.objects.filter(request=request, status__in=_COUNTS).select_related("winner__agency__organisation")
    found = award.first()
    return found.winner.agency if found else None


def choice_of(number: str) -> Choice:
    """The record of the choice in that request; raises Http404."""
    rows = Choice.objects.select_related("request__buyer", "chosen__organisation")
    return get_object_or_404(rows, request__number=number)


def choice_in(request: Request) -> Choice | None:
    """The same for a page that goes on without."""
    return Choice.objects.filter(request=request).select_related("chosen__organisation").first()


def document_of(choice: Choice) -> dict[str, Any]:
    """The comparison as it was recorded."""
    found: dict[str, Any] = json.loads(bytes(choice.body))
    return found


def own_request(organisation: Organisation | None, number: str) -> Request:
    """The reader's own request in public; raises Http404 for all others."""
    if organisation is None:
        raise Http404(number)
    rows = Request.objects.exclude(status=RequestStatus.DRAFT).select_related("item", "region", "buyer")
    return get_object_or_404(rows.select_related("direct_agency__organisation"), number=number, buyer=organisation)


def comparison(
    agencies: Sequence[Agency], item: ServiceItem | None, place: Region | None, now: datetime
) -> dict[str, Any]:
    """A "comparison/1" (docs/protocol.md, "Comparisons") at `now`; raises TooFewToCompare.

    With an item, prices and qualifications are those of that item; `place` is where the work is to be done.
    """
    judge_count(len(agencies))
    facts = facts_of(agencies, now)
    prices, on_time, running = _prices(agencies, item), _on_time(agencies, now), _running(agencies)
    offered, measures = _offered(agencies), _measures(agencies)
    return {
        "format": FORMAT,
        "at": rfc3339(now),
        "item": {"code": item.code, "name": item.name_zh} if item else None,
        "place": {"code": place.code, "name": place.name_zh} if place else None,
        "agencies": [
            {
                "uscc": one.uscc,
                "name": one.organisation.name,
                "region": {"code": one.organisation.region_id, "name": one.organisation.region.name_zh},
                "standing": one.standing,
                "services": len(offered[one.pk]),
                "offers": item.code in offered[one.pk] if item else None,
                "qualifications": _qualifications(one, item),
                **_credit(facts[one.pk], now),
                "awards": prices.get(one.pk, {"count": 0, "median": None, "median_share": None}),
                "punctuality": on_time[one.organisation_id],
                "running": running[one.organisation_id],
                "measures": measures[one.pk],
            }
            for one in agencies
        ],
    }


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes that are kept and hashed (RFC 8785)."""
    return rfc8785.dumps(document)


def _offered(agencies: Sequence[Agency]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for agency, item in Offering.objects.filter(agency__in=agencies).values_list("agency_id", "item_id"):
        found[agency].add(item)
    return found


def _qualifications(agency: Agency, item: ServiceItem | None) -> list[dict[str, str]]:
    """What the law demands for the item, and whether the agency holds it today."""
    held, today = certificates(agency), localdate()
    kinds = item.required.all() if item else ()
    return [
        {"kind": kind.code, "name": kind.name_zh, "holding": holds(held, kind.code, today).holding.value}
        for kind in kinds
    ]


def _credit(facts: CreditFacts, now: datetime) -> dict[str, Any]:
    """Grade, K and its parts, the spread of the ratings that count, the acts that count."""
    credit = compute(facts, now, credit_rules())
    counting = [term for term in credit.conduct.terms if term.status is ActStatus.COUNTS]
    return {
        "grade": credit.grade,
        "k": None if credit.k is None else str(credit.k),
        "c": str(credit.c),
        "q": None if credit.q is None else str(credit.q),
        "ratings": bands([one.x for one in facts.ratings if one.relation > 0]),
        "acts": len(counting),
    }


def _prices(agencies: Sequence[Agency], item: ServiceItem | None) -> dict[int, dict[str, Any]]:
    """How many awards, the median of their prices, and of their share of the ceiling in per cent."""
    rows = Award.objects.filter(winner__agency__in=agencies, status__in=_COUNTS)
    if item:
        rows = rows.filter(request__item=item)
    share = ExpressionWrapper(100.0 * F("amount") / F("request__ceiling"), FloatField())
    found = (
        rows.order_by().values("winner__agency").annotate(count=Count("pk"), price=Median("amount"), part=Median(share))
    )
    return {
        one["winner__agency"]: {
            "count": one["count"],
            "median": wire(round(one["price"])),
            "median_share": f"{one['part']:.1f}",
        }
        for one in found
    }


def _on_time(agencies: Sequence[Agency], now: datetime) -> dict[int, dict[str, int]]:
    """Of the parts that were delivered, or should have been by now, how many were delivered in time."""
    owners = [one.organisation_id for one in agencies]
    by = "milestone__contract__agency"
    first = Delivery.objects.filter(version=1, **{f"{by}__in": owners}).order_by()
    rows = first.values(by).annotate(
        due=Count("pk"), kept=Count("pk", filter=Q(delivered_at__lte=F("milestone__due_at")))
    )
    found = {owner: {"due": 0, "on_time": 0} for owner in owners}
    for one in rows:
        found[one[by]] = {"due": one["due"], "on_time": one["kept"]}
    overdue = Milestone.objects.filter(
        contract__agency__in=owners,
        contract__status=ContractStatus.SIGNED,
        status=MilestoneStatus.OPEN,
        due_at__lt=now,
        deliveries__isnull=True,
    )
    for owner in overdue.values_list("contract__agency", flat=True):
        found[owner]["due"] += 1
    return found


def _running(agencies: Sequence[Agency]) -> Counter[int]:
    owners = [one.organisation_id for one in agencies]
    return Counter(
        Contract.objects.filter(agency__in=owners, status=ContractStatus.SIGNED).values_list("agency_id", flat=True)
    )


def _measures(agencies: Sequence[Agency]) -> dict[int, dict[str, Any]]:
    """Published decisions: how many, and those in force or on their way there."""
    found: dict[int, dict[str, Any]] = {one.pk: {"count": 0, "running": []} for one in agencies}
    for case in public_cases().filter(agency__in=agencies).order_by("pk"):
        found[case.agency_id]["count"] += 1
        if case.step not in OVER:
            found[case.agency_id]["running"].append({"number": case.number, "measure": case.measure})
    return found


def share_of(punctuality: dict[str, int]) -> Decimal | None:
    """In per cent; None where nothing was due yet."""
    due = punctuality["due"]
    return (Decimal(100 * punctuality["on_time"]) / due).quantize(Decimal("0.1")) if due else None
