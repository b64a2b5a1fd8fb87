"""What the marketplace adds to the pages of the packages below it."""

from typing import Any

from django import template

from agencies.models import Agency
from marketplace import queries
from marketplace.models import OPEN_STATUSES

register = template.Library()


@register.inclusion_tag("marketplace/_agency_offerings.html")
def agency_offerings(agency: Agency) -> dict[str, Any]:
    """What an agency offers, with its reference prices."""
    return {"offerings": agency.offerings.select_related("item").order_by("item_id")}


@register.inclusion_tag("marketplace/_request_cards.html")
def newest_requests(count: int = 6) -> dict[str, Any]:
    """The newest requests that take enrolments."""
    return {"requests": queries.requests_in_public().filter(status__in=OPEN_STATUSES)[:count]}
