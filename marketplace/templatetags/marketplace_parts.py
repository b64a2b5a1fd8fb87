"""What the marketplace adds to the pages of the packages below it."""

from typing import Any

from django import template

from agencies.models import Agency

register = template.Library()


@register.inclusion_tag("marketplace/_agency_offerings.html")
def agency_offerings(agency: Agency) -> dict[str, Any]:
    """What an agency offers, with its reference prices."""
    return {"offerings": agency.offerings.select_related("item").order_by("item_id")}
