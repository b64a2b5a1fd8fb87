"""Reads about entrants who may not take part any more (R8): in one request, and everywhere."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet

from agencies.models import Agency, Standing
from bidding.models import OVER, Award, AwardStatus, Enrolment
from bidding.rules.barring import Because, Entrant, why_barred
from bidding.rulesets import standing_rules
from marketplace.models import Request, RequestStatus
from marketplace.queries import locks_in_force

PENDING_AWARDS = (AwardStatus.STANDSTILL, AwardStatus.FINAL)
UNSIGNED = (RequestStatus.STANDSTILL, RequestStatus.AWARDED)
_UNDER_WAY = (*UNSIGNED, RequestStatus.CONTRACTED)


def awards_under_way(agencies: Iterable[int], *, without: Request | None = None) -> dict[int, int]:
    """Agency → how many requests it has been awarded or contracted for and not completed; none is left out."""
    awards = Award.objects.filter(
        winner__agency__in=agencies, status__in=PENDING_AWARDS, request__status__in=_UNDER_WAY
    ).exclude(request=without)
    return dict(awards.values_list("winner__agency").annotate(count=Count("pk")))


def barred_among(request: Request, enrolments: Iterable[Enrolment], now: datetime) -> dict[int, Because]:
    """Enrolment → why its agency may not be selected for this request at `now`; those who may are left out.

    Wants `agency` selected with each enrolment.
    """
    entrants = list(enrolments)
    agencies = [one.agency_id for one in entrants]
    locks = locks_in_force(now).filter(item_id=request.item_id, agency__in=agencies)
    locked = set(locks.values_list("agency_id", flat=True))
    probation = [one.agency_id for one in entrants if one.agency.standing == Standing.PROBATION]
    awards = awards_under_way(probation, without=request) if probation else {}
    found = {}
    for one in entrants:
        entrant = Entrant(
            Standing(one.agency.standing), one.agency_id in locked, awards.get(one.agency_id, 0), request.ceiling
        )
        because = why_barred(entrant, standing_rules().probation)
        if because is not None:
            found[one.pk] = because
    return found


def suspects(now: datetime) -> QuerySet[Agency]:
    """Agencies that a standing or a lock may bar from something. Few, so that looking every second costs little."""
    unusual = [standing for standing in Standing if not standing.may_bid or standing is Standing.PROBATION]
    return Agency.objects.filter(standing__in=unusual) | Agency.objects.filter(
        pk__in=locks_in_force(now).values("agency")
    )


def requests_to_settle(agencies: QuerySet[Agency], now: datetime) -> list[str]:
    """The numbers of open requests where one of `agencies` has something that it may not have any more."""
    entered = Enrolment.objects.filter(agency__in=agencies, withdrawn_at__isnull=True, barred_at__isnull=True)
    open_ones = entered.filter(request__status=RequestStatus.PUBLISHED) | entered.filter(
        request__status=RequestStatus.SELECTING
    ).exclude(request__auction__status__in=OVER)
    won = Award.objects.filter(winner__agency__in=agencies, status__in=PENDING_AWARDS, request__status__in=UNSIGNED)
    winners = Enrolment.objects.filter(pk__in=won.values("winner"))
    by_request: dict[Request, list[Enrolment]] = {}
    for one in [*open_ones.select_related("agency", "request"), *winners.select_related("agency", "request")]:
        by_request.setdefault(one.request, []).append(one)
    return [
        request.number or ""
        for request, ones in by_request.items()
        if any(matters(request, because) for because in barred_among(request, ones, now).values())
    ]


def matters(request: Request, because: Because) -> bool:
    """Does this reason end what the agency has in the request, as far as it has come?

    The limit of probation bars a lead. It keeps nobody from staying enrolled, since an award may be completed in time, and
    takes no award away.
    """
    return because is not Because.PROBATION_LIMIT or request.status == RequestStatus.SELECTING
