"""Who may be drawn, who is left out and why, and what inspections show."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet

import rfc8785

from accounts.models import Organisation, User
from agencies.models import Agency, Standing
from core.clock import BEIJING
from ratings.models import SERIOUS_FINDINGS, Inspection, Inspector, Interest, Plan, PlanStatus
from ratings.queries.exits import removals
from ratings.rules.inspections import Tie
from ratings.rules.punctuality import Owed
from ratings.rules.standing import months_after


def pool_of(scope: dict[str, Any]) -> set[str]:
    """The USCCs of agencies in the market that a scope takes in; see `Plan`."""
    found = Agency.objects.exclude(standing=Standing.REMOVED).filter(withdrawn_at__isnull=True)
    if scope.get("region"):
        found = found.filter(organisation__region_id=scope["region"])
    if scope.get("item"):
        found = found.filter(offerings__item__code=scope["item"])
    if scope.get("grades"):
        found = found.filter(grade__in=scope["grades"])
    if scope.get("since"):
        found = found.filter(registered_at__gte=_midnight(scope["since"]))
    if scope.get("until"):
        found = found.filter(registered_at__lt=_midnight(scope["until"]))
    return set(found.values_list("organisation__uscc", flat=True))


def spared(now: datetime, months: int) -> set[str]:
    """Who was inspected in the last months."""
    found = Inspection.objects.filter(published_at__isnull=False)
    rows = found.values_list("agency__organisation__uscc").annotate(newest=Max("published_at"))
    return {uscc for uscc, newest in rows if months_after(newest, months) > now}


def left_out(plan: Plan, pool: Collection[str], now: datetime, months: int) -> dict[str, str]:
    """Who of the pool is not drawn, with the reason: what the officer said, and who was inspected lately."""
    lately = dict.fromkeys(spared(now, months), f"{months}个月内已接受抽查")
    said = {one["uscc"]: one["reason"] for one in plan.excluded}
    return {uscc: reason for uscc, reason in {**lately, **said}.items() if uscc in pool}


def active_inspectors() -> list[Inspector]:
    """The register as it is now."""
    return list(Inspector.objects.filter(retired_at__isnull=True).select_related("user", "organisation"))


def ties_of(pool: Collection[str]) -> list[Tie]:
    """Declared interests between active inspectors and agencies of the pool, in a fixed order."""
    found = Interest.objects.filter(inspector__retired_at__isnull=True, agency__organisation__uscc__in=pool)
    rows = found.values_list("inspector__certificate", "agency__organisation__uscc", "reason")
    return [Tie(*row) for row in sorted(rows)]


def digest_of(one: Inspection) -> str:
    """SHA-256 of what was reported, so that another confirms just that."""
    value = {"sheet": one.sheet, "finding": one.finding, "summary": one.summary}
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def due_plans(now: datetime) -> list[str]:
    """The numbers of plans that time moves on."""
    closed = Plan.objects.filter(status=PlanStatus.COLLECTING, of_agencies__closes_at__lte=now)
    drawn = Plan.objects.filter(
        status=PlanStatus.SEALED, of_agencies__drawn_at__isnull=False, of_inspectors__drawn_at__isnull=False
    )
    return [*closed.values_list("number", flat=True), *drawn.values_list("number", flat=True)]


def without_case() -> QuerySet[Inspection]:
    """Grave findings whose case waits for another one; against a removed agency it waits for its re-entry."""
    grave = Inspection.objects.filter(published_at__isnull=False, finding__in=SERIOUS_FINDINGS, opened__isnull=True)
    return grave.exclude(agency__in=removals().values("agency")).order_by("published_at")


def public_plans() -> QuerySet[Plan]:
    """All of them, the newest first: plan, draw and findings are public."""
    return Plan.objects.select_related("by", "of_agencies", "of_inspectors").prefetch_related("inspections")


def inspections_of(plan: Plan) -> QuerySet[Inspection]:
    """The drawn agencies in the order of the draw, with their inspectors."""
    return plan.inspections.select_related("agency__organisation", "opened").prefetch_related(
        "inspectors__user", "inspectors__organisation"
    )


def found_at(agency: Agency) -> QuerySet[Inspection]:
    """What was found at an agency, the newest first."""
    return (
        Inspection.objects.filter(agency=agency, published_at__isnull=False)
        .select_related("plan")
        .order_by("-published_at")
    )


def owed_by_inspectors() -> list[Owed]:
    """Every result that was owed to the public, for the regulators' punctuality."""
    rows = Inspection.objects.values_list("due_at", "published_at")
    return [Owed("inspection", due_at, published_at) for due_at, published_at in rows]


def waiting_for(user: User) -> QuerySet[Inspection]:
    """What a drawn inspector has still to report or confirm."""
    return Inspection.objects.filter(inspectors__user=user, published_at__isnull=True).select_related(
        "plan", "agency__organisation"
    )


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), BEIJING)


def register_of(organisation: Organisation) -> QuerySet[Inspector]:
    """An office's inspectors, and what keeps whom from whom."""
    found = Inspector.objects.filter(organisation=organisation, retired_at__isnull=True)
    return found.select_related("user").prefetch_related("interests__agency__organisation")
