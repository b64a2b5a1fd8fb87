"""An officer looks at a flag."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from flags.evidence_page import Page, page_of
from flags.models import Flag, Status
from ratings.actions.exits import look_at

_RELATED = ("triaged_by", "opened_by", "concluded_by", "exit_case")


def look(reader: User, number: str) -> Page:
    """The flag with what this officer may do. A look at what is not public is recorded. Raises Http404."""
    flag = get_object_or_404(Flag.objects.select_related(*_RELATED), number=number)
    if flag.status != Status.CONFIRMED:
        look_at(reader, flag.number)
    return page_of(flag, reader)
