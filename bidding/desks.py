"""What each kind of organisation finds on its desk."""

from typing import Any

from django.db.models import Count

from accounts.models import Organisation
from agencies.models import Agency
from agencies.queries import running_out
from bidding import queries
from bidding.models import Enrolment, Objection, ObjectionStatus
from journal.models import Entry
from marketplace.models import DemandReport, Request, RequestStatus
from marketplace.queries import drafts_of, requests_in_public

_SHOWN = 12
_PIPELINE = (
    RequestStatus.DRAFT,
    RequestStatus.PUBLISHED,
    RequestStatus.SELECTING,
    RequestStatus.STANDSTILL,
    RequestStatus.AWARDED,
    RequestStatus.FAILED,
)


def of_agency(organisation: Organisation) -> dict[str, Any]:
    """Auctions to go to, requests that match, what was won, what runs out."""
    agency = Agency.objects.select_related("organisation").get(organisation=organisation)
    mine = Enrolment.objects.filter(agency=agency, withdrawn_at__isnull=True)
    enrolled = mine.select_related("request__auction", "request__buyer", "request__item")
    open_ones = enrolled.filter(request__status__in=(RequestStatus.PUBLISHED, RequestStatus.SELECTING))
    offered = list(agency.offerings.values_list("item_id", flat=True))
    matching = requests_in_public().filter(status=RequestStatus.PUBLISHED, item_id__in=offered)
    return {
        "agency": agency,
        "organisation": organisation,
        "going_on": open_ones.order_by("request__auction__opens_at", "request__enrol_until")[:_SHOWN],
        "matching": matching.exclude(enrolments__agency=agency).order_by("enrol_until")[:_SHOWN],
        "offers_something": bool(offered),
        "won": queries.awards_of(agency)[:_SHOWN],
        "past": enrolled.exclude(pk__in=open_ones.values("pk")).order_by("-enrolled_at")[:_SHOWN],
        "running_out": running_out(agency),
    }


def of_buyer(organisation: Organisation) -> dict[str, Any]:
    """The pipeline with its counts, the nearest deadline first, and objections to answer."""
    own = Request.objects.filter(buyer=organisation)
    counts = {row["status"]: row["n"] for row in own.values("status").annotate(n=Count("pk")).order_by()}
    running = own.filter(status__in=(RequestStatus.PUBLISHED, RequestStatus.SELECTING, RequestStatus.STANDSTILL))
    waiting = Objection.objects.filter(award__request__buyer=organisation, status=ObjectionStatus.FILED)
    return {
        "organisation": organisation,
        "pipeline": [(status.label, status.value, counts.get(status, 0)) for status in _PIPELINE],
        "drafts": drafts_of(organisation)[:_SHOWN],
        "running": running.select_related("item", "auction").order_by("enrol_until")[:_SHOWN],
        "objections": waiting.select_related("award__request", "by").order_by("due_at"),
        "finished": own.filter(status__in=(RequestStatus.AWARDED, RequestStatus.FAILED)).order_by("-published_at")[:6],
    }


def of_regulator(organisation: Organisation) -> dict[str, Any]:
    """Complaints to decide, selections that went on with two, demands for cancelled items."""
    complaints = Objection.objects.filter(status=ObjectionStatus.COMPLAINED)
    noted = Entry.objects.filter(kind="request.noted").select_related("case").order_by("-at")
    return {
        "organisation": organisation,
        "complaints": complaints.select_related("award__request__buyer", "by").order_by("due_at"),
        "noted": noted[:_SHOWN],
        "reports": DemandReport.objects.select_related("item").order_by("-reported_at")[:_SHOWN],
    }
