"""Exit cases as parts of pages that lie below this package."""

from typing import Any

from django import template

from accounts.models import Kind
from accounts.queries import organisation_of
from agencies.models import Agency
from core.clock import database_now
from ratings.models import ExitCase
from ratings.papers import measure_in_words
from ratings.queries.exits import binding_cases, corrections_of, interim_of

register = template.Library()


@register.inclusion_tag("ratings/_standing_notice.html", takes_context=True)
def standing_notice(context: Any, agency: Agency) -> dict[str, Any]:
    """What an agency is and why, until when, by which decision, and what it can do next; a correction stands where the
    decision stood, as prominent. An officer finds here where a case is opened.
    """
    now = database_now()
    request = context.get("request")
    return {
        "agency": agency,
        "now": now,
        "cases": list(binding_cases(agency)),
        "corrections": list(corrections_of(agency, now)),
        "interim": interim_of(agency, now),
        "officer": request is not None and _is_officer(request.user),
    }


@register.filter
def measure(case: ExitCase) -> str:
    """`暂停 3 个月`: what was decided, with its term and items."""
    return measure_in_words(case)


def _is_officer(user: Any) -> bool:
    organisation = organisation_of(user) if user.is_authenticated else None
    return organisation is not None and organisation.kind == Kind.REGULATOR
