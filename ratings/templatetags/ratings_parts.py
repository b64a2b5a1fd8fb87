"""Credit as parts of pages that lie below this package."""

from typing import Any

from django import template

from agencies.models import Agency
from ratings.queries import credit_of

register = template.Library()


@register.inclusion_tag("ratings/_credit_card.html")
def credit_card(agency: Agency) -> dict[str, Any]:
    """The card on an agency's page: grade, K and what they mean."""
    return {"agency": agency, "credit": credit_of(agency)}


@register.inclusion_tag("ratings/_credit_badge.html")
def credit_badge(agency: Agency) -> dict[str, Any]:
    """The grade in one line of a list."""
    return {"credit": credit_of(agency)}
