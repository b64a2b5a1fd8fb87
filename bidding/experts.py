"""Reads about experts (R3): the pool as a request meets it, who sits, and how far their marks are."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from bidding.models import Expert, Seat
from bidding.queries import standing_enrolments
from bidding.rules.marking import Candidate, ExpertsMissing, Sitting, exclusions
from marketplace.models import Method, Offering, Request, ServiceItem
from marketplace.rulesets import Merit, RuleSet


def pool(item: ServiceItem | None = None) -> QuerySet[Expert]:
    """The active experts, of an item those who know it, by number."""
    active = Expert.objects.filter(retired_at__isnull=True).select_related("user", "organisation")
    if item is not None:
        knowing = Expert.objects.filter(items=item).values("pk")
        active = active.filter(Q(items__isnull=True) | Q(pk__in=knowing)).distinct()
    return active.order_by("number")


def listed(request: Request) -> tuple[list[str], dict[str, str]]:
    """Who may be drawn for a request, by number, and who of the pool may not and why."""
    known = pool(request.item).prefetch_related("user__memberships")
    found = [Candidate(one.code, _employers(one)) for one in known]
    entrants = standing_enrolments(request).values_list("agency__organisation", flat=True) if request.number else []
    out = exclusions(
        found,
        buyer=request.buyer_id,
        payer=request.payer_id,
        entrants=entrants,
        competitors=Offering.objects.filter(item=request.item).values_list("agency__organisation", flat=True),
    )
    return [one.code for one in found if one.code not in out], out


def _employers(expert: Expert) -> frozenset[int]:
    """Who employs the expert, and whoever else they act for."""
    return frozenset({expert.organisation_id, *(one.organisation_id for one in expert.user.memberships.all())})


def hold_up(request: Request, numbers: RuleSet) -> None:
    """Raise ExpertsMissing for a 综合比选 that could not be marked. Asked before it is published."""
    if request.method != Method.MERIT:
        return
    needed = numbers.of(Merit).experts_least
    there, _out = listed(request)
    if len(there) < needed:
        raise ExpertsMissing(needed=needed, there=len(there))


def expert_of(user: User) -> Expert | None:
    """What the user is in the pool as, or was when last drawn."""
    sat = Q(pk__in=Seat.objects.filter(expert__user=user).values("expert"))
    return Expert.objects.filter(Q(retired_at__isnull=True) | sat, user=user).order_by("-number").first()


def sitting(request: Request) -> list[Seat]:
    """Who sits for a request, in the order drawn."""
    return list(seats(request).filter(ended_at__isnull=True))


def seats(request: Request) -> QuerySet[Seat]:
    """Everybody who sat or sits for a request, in the order drawn."""
    return Seat.objects.filter(request=request).select_related("expert").order_by("place")


def seats_of(user: User) -> QuerySet[Seat]:
    """Where the user has sat, the newest first."""
    found = Seat.objects.filter(expert__user=user).select_related("expert", "request__selection", "request__item")
    return found.order_by("-appointed_at", "-pk")


def seat_of(user: User, request: Request) -> Seat | None:
    """The user's seat for a request, ended or not."""
    return seats(request).filter(expert__user=user).first()


def as_sitting(seat: Seat | None) -> Sitting | None:
    """A seat as the rules look at it."""
    return None if seat is None else Sitting(seat.due_at, seat.given_at, ended=seat.ended_at is not None)


def waited_for(found: Iterable[Seat]) -> list[Seat]:
    """Those of these seats whose marks are missing."""
    return [one for one in found if one.ended_at is None and one.given_at is None]
