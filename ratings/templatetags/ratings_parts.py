"""Credit as parts of pages that lie below this package."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from agencies.models import Agency
from marketplace.models import Request, ServiceItem
from ratings.queries import complaints
from ratings.queries.credit import credit_of
from ratings.queries.inspections import found_at
from ratings.queries.lists import shown_flags

register = template.Library()


@register.inclusion_tag("ratings/_credit_card.html")
def credit_card(agency: Agency) -> dict[str, Any]:
    """The card on an agency's page: grade, K and what they mean."""
    return {"agency": agency, "credit": credit_of(agency)}


@register.inclusion_tag("ratings/_credit_badge.html")
def credit_badge(agency: Agency) -> dict[str, Any]:
    """The grade in one line of a list."""
    return {"credit": credit_of(agency)}


@register.inclusion_tag("ratings/_complaint_upheld.html")
def agency_complaints(agency: Agency) -> dict[str, Any]:
    """Complaints upheld against an agency, and where to file one."""
    return {"upheld": complaints.upheld_of_agency(agency), "href": _door("agency", agency.uscc)}


@register.inclusion_tag("ratings/_complaint_upheld.html")
def request_complaints(request: Request) -> dict[str, Any]:
    """Complaints upheld against a request's buyer and its requests, and where to file one on either."""
    return {
        "upheld": complaints.upheld_of_buyer(request.buyer),
        "href": _door("request", request.number or ""),
        "buyer_href": _door("organisation", request.buyer.uscc),
    }


@register.inclusion_tag("ratings/_complaint_upheld.html")
def item_complaints(item: ServiceItem) -> dict[str, Any]:
    """Departments found to demand a cancelled item still."""
    return {"upheld": complaints.upheld_of_item(item.code), "href": _door("item", item.code)}


@register.inclusion_tag("ratings/_list_flags.html")
def agency_lists(agency: Agency) -> dict[str, Any]:
    """The imported lists an agency stands on, with provenance."""
    return {"flags": shown_flags(agency)}


@register.inclusion_tag("ratings/_inspections_found.html")
def inspections_found(agency: Agency) -> dict[str, Any]:
    """What random inspections found at an agency."""
    return {"found": found_at(agency)[:20]}


def _door(key: str, value: str) -> str:
    return f"{reverse('new_complaint')}?{urlencode({key: value})}"
