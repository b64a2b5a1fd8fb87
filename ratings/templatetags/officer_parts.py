"""What officers find on every page that their inbox leads to."""

from typing import Any

from django import template

from accounts.models import Kind
from accounts.queries import organisation_of
from core.clock import database_now
from ratings.queries.officers import following as following_task

register = template.Library()


@register.inclusion_tag("ratings/_following.html", takes_context=True)
def following(context: Any) -> dict[str, Any]:
    """The way to the next thing in the inbox that is not on this page; nothing for others than officers."""
    request = context["request"]
    organisation = organisation_of(request.user) if request.user.is_authenticated else None
    if organisation is None or organisation.kind != Kind.REGULATOR:
        return {}
    return {"officer": True, "task": following_task(organisation, request.path, database_now())}
