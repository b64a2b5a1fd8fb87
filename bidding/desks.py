"""What each kind of organisation finds on its desk."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation
from agencies.models import Agency
from bidding import queries
from bidding.models import Enrolment
from journal.models import Entry
from marketplace.models import DemandReport, Request, RequestStatus
from marketplace.queries import WITHOUT_AWARD, drafts_of, requests_in_public

_SHOWN = 12
_NO_CONTRACT_YET = (RequestStatus.STANDSTILL, RequestStatus.AWARDED)


def of_agency(organisation: Organisation) -> dict[str, Any]:
    """Auctions to go to, requests that match, what was won."""
    agency = Agency.objects.select_related("organisation").get(organisation=organisation)
    mine = Enrolment.objects.filter(agency=agency, withdrawn_at__isnull=True)
    enrolled = mine.select_related("request__auction", "request__selection", "request__buyer", "request__item")
    open_ones = enrolled.filter(
        barred_at__isnull=True, request__status__in=(RequestStatus.PUBLISHED, RequestStatus.SELECTING)
    )
    offered = list(agency.offerings.values_list("item_id", flat=True))
    matching = requests_in_public().filter(status=RequestStatus.PUBLISHED, item_id__in=offered)
    return {
        "agency": agency,
        "organisation": organisation,
        "going_on": open_ones.order_by("request__auction__opens_at", "request__enrol_until")[:_SHOWN],
        "matching": matching.exclude(enrolments__agency=agency).order_by("enrol_until")[:_SHOWN],
        "offers_something": bool(offered),
        "won": queries.awards_of(agency).filter(request__status__in=_NO_CONTRACT_YET)[:_SHOWN],
        "past": enrolled.exclude(pk__in=open_ones.values("pk")).order_by("-enrolled_at")[:_SHOWN],
    }


def enrolments_of(agency: Agency) -> QuerySet[Enrolment]:
    """Where the agency takes or took part, for itself alone, the newest first."""
    related = ("request__buyer", "request__item", "request__region")
    return Enrolment.objects.filter(agency=agency).select_related(*related).order_by("-enrolled_at", "-id")


def of_buyer(organisation: Organisation) -> dict[str, Any]:
    """Drafts, and what runs, the nearest deadline first."""
    own = Request.objects.filter(buyer=organisation)
    running = own.filter(status__in=(RequestStatus.PUBLISHED, RequestStatus.SELECTING, RequestStatus.STANDSTILL))
    return {
        "organisation": organisation,
        "drafts": drafts_of(organisation)[:_SHOWN],
        "running": running.select_related("item", "auction").order_by("enrol_until")[:_SHOWN],
        "finished": own.filter(status__in=WITHOUT_AWARD).order_by("-published_at")[:6],
    }


def of_regulator(organisation: Organisation) -> dict[str, Any]:
    """Notes from selections, such as that one went on with two; demands for cancelled items."""
    noted = Entry.objects.filter(kind="request.noted").select_related("case").order_by("-at")
    return {
        "organisation": organisation,
        "noted": noted[:_SHOWN],
        "reports": DemandReport.objects.select_related("item").order_by("-reported_at")[:_SHOWN],
    }
