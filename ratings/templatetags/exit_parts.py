"""Exit cases as parts of pages that lie below this package."""

from typing import Any

from django import template

from agencies.models import Agency, Standing
from ratings.models import Step
from ratings.queries.exits import public_cases

register = template.Library()


@register.inclusion_tag("ratings/_standing_notice.html")
def standing_notice(agency: Agency) -> dict[str, Any]:
    """Why an agency is not in full standing, until when, by which decision, and what it can do next."""
    cases = []
    if agency.standing not in (Standing.ACTIVE, Standing.WITHDRAWN):
        cases = list(public_cases().filter(agency=agency, step=Step.IN_FORCE))
    return {"agency": agency, "cases": cases}
