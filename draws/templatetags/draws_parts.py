"""Draws as parts of other pages: what they ask of the reader, and how far they are."""

from typing import Any

from django import template

from accounts.queries import organisation_of
from core.clock import database_now
from draws.forms import NoncesForm
from draws.models import Draw
from draws.shown import draws_of, seats

register = template.Library()


@register.inclusion_tag("draws/_doors.html", takes_context=True)
def draw_doors(context: dict[str, Any], case: str) -> dict[str, Any]:
    """What the draws in this case file ask of the reader's organisation now; nothing for everybody else."""
    request = context["request"]
    organisation = organisation_of(request.user)
    found = []
    if organisation is not None:
        draws = Draw.objects.filter(case__name=case, drawn_at__isnull=True).prefetch_related("contributions")
        found = seats(draws, organisation, database_now())
    return {
        "giving": [seat for seat in found if seat.does == "contribute"],
        "opening": [seat for seat in found if seat.does == "reveal"],
        "form": NoncesForm(),
        "here": request.get_full_path(),
        "request": request,
    }


@register.inclusion_tag("draws/_draws.html")
def draws_shown(case: str) -> dict[str, Any]:
    """Every draw in this case file, and how far it is."""
    return {"draws": draws_of(case, database_now())}


@register.filter
def terms_of(found: list[Any]) -> list[dict[str, Any]]:
    """What the browser needs for these seats."""
    return [seat.terms for seat in found]
