"""What was typed into the request form, laid aside while agencies are compared and taken up again afterwards."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from accounts.doors import DeskRequest
from marketplace import queries
from marketplace.forms import RequestForm, agency_label
from marketplace.models import Method, Request

_PLACE = "request_form_aside"


def lay_aside(request: DeskRequest, draft: Request | None) -> str:
    """Keep the form in the session as it was sent, complete or not; the address of the comparison it begins."""
    sent = request.POST
    given = {name: sent.getlist(name) for name in RequestForm.base_fields if name in sent}
    request.session[_PLACE] = {"form": _name(draft), "given": given}
    codes = sent.getlist("compared")
    named = queries.named_agency(sent.get("direct_agency", ""))
    if named is not None and named.uscc not in codes:
        codes = [named.uscc, *codes]
    ways = [("form", _name(draft)), ("item", sent.get("item", "")), ("at", sent.get("region", ""))]
    return f"{reverse('compare')}?{urlencode([*ways, *(('a', code) for code in codes)])}"


def taken_up(request: DeskRequest, draft: Request | None) -> QueryDict | None:
    """The form as it was sent, with those compared since (`a`) and the one chosen (`chosen`); None where none waits."""
    kept = request.session.get(_PLACE)
    if "back" not in request.GET or kept is None or kept["form"] != _name(draft):
        return None
    given = QueryDict(mutable=True)
    for name, values in kept["given"].items():
        given.setlist(name, values)
    given["method"] = Method.DIRECT
    given.setlist("compared", request.GET.getlist("a"))
    if chosen := queries.agencies_coded([request.GET.get("chosen", "")]):
        given["direct_agency"] = agency_label(chosen[0])
    return given


def forget(request: DeskRequest) -> None:
    """What is kept as a draft need not wait any more."""
    request.session.pop(_PLACE, None)


def as_initial(given: QueryDict) -> dict[str, Any]:
    """What was sent, as the values of a form that is not judged yet."""
    return {name: given.getlist(name) if name == "compared" else given[name] for name in given}


def _name(draft: Request | None) -> str:
    return str(draft.pk) if draft else "new"
