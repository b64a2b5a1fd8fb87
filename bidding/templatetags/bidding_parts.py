"""What selection adds to the pages of the packages below it."""

from typing import Any

from django import template

from accounts.queries import organisation_of
from agencies.models import Agency
from bidding import queries
from bidding.models import Enrolment
from bidding.offer_page import offer_panel
from bidding.rooms.state import bid_blockers
from bidding.rules.enrolment import blockers
from bidding.selection_page import BY_LOT, drawn_rows, selection_page
from core.clock import database_now
from core.errors import Refused
from journal.awards.outcome import Outcome
from marketplace.models import Method, Request, RequestStatus

register = template.Library()


@register.inclusion_tag("bidding/_enrolment_panel.html", takes_context=True)
def enrolment_panel(context: dict[str, Any], subject: Request) -> dict[str, Any]:
    """Enrol, leave, or "为什么我不能报价", as the reader's agency stands to this request."""
    request = context["request"]
    agency = queries.agency_of(request.user)
    enrolment = None
    against: list[Refused] = []
    if agency is not None:
        enrolment = Enrolment.objects.filter(request=subject, agency=agency, withdrawn_at__isnull=True).first()
        if enrolment is None:
            against = [*blockers(queries.applicant(agency, subject), queries.opening(subject), database_now())]
        else:
            against = bid_blockers(subject, agency, enrolment)
    return {
        "request": request,
        "subject": subject,
        "agency": agency,
        "enrolment": enrolment,
        "blockers": against,
        "taking_enrolments": subject.status == RequestStatus.PUBLISHED,
        "selecting": subject.status == RequestStatus.SELECTING,
        "live": subject.method == Method.LIVE,
        "over": queries.auction_over(subject),
    }


@register.inclusion_tag("bidding/_offer_panel.html", takes_context=True)
def sealed_prices(context: dict[str, Any], subject: Request, *, room: bool = False) -> dict[str, Any]:
    """Seal, replace, withdraw and open one's own price; for everybody else how far the prices are.

    In a `room` its forms lead back there, and the page looks again less often.
    """
    request = context["request"]
    panel = offer_panel(subject, queries.agency_of(request.user), database_now(), room=room)
    return {"request": request, "subject": subject, "panel": panel, "room": room}


@register.inclusion_tag("bidding/_selection_panel.html", takes_context=True)
def selection_panel(context: dict[str, Any], subject: Request) -> dict[str, Any]:
    """Where a selection by draw, by credit or a direct one stands, and what the reader may do for it now."""
    request = context["request"]
    if subject.method not in (*BY_LOT, Method.DIRECT) or queries.auction_over(subject):
        return {}
    page = selection_page(subject, organisation_of(request.user), queries.agency_of(request.user))
    return {"page": page, "subject": subject, "request": request}


@register.inclusion_tag("bidding/_award_lots.html")
def drawn_entrants(subject: Request, outcome: Outcome) -> dict[str, Any]:
    """Everybody who took part in a draw, and what became of each."""
    return {"rows": drawn_rows(subject, outcome), "subject": subject, "credit": "scores" in outcome.facts}


@register.inclusion_tag("bidding/_result_panel.html")
def result_panel(subject: Request) -> dict[str, Any]:
    """Winner and price once the selection is over."""
    return {"subject": subject, "notice": queries.result_of(subject)}


@register.inclusion_tag("bidding/_agency_awards.html")
def agency_awards(agency: Agency) -> dict[str, Any]:
    """What an agency has won here."""
    won = queries.awards_of(agency)
    return {"awards": won[:10], "count": won.count()}


@register.filter
def of(table: dict[int, list[str]], key: int) -> list[str]:
    """What a table says of a key; nothing if it says nothing."""
    return table.get(key, [])
