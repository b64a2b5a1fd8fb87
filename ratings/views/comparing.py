"""Comparing agencies: for everybody, and as the record of a buyer's free choice."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from accounts.queries import organisation_of
from agencies.models import Agency
from core.clock import database_now
from core.errors import Refused
from core.exports import Kind, exported
from core.http import refused_to_form
from core.queries import regions
from marketplace.models import Request, ServiceItem
from ratings.actions.choosing import record_choice
from ratings.asked import Asked, asked_for
from ratings.comparison_page import columns_of, lines_of
from ratings.forms.comparison import ChoiceForm
from ratings.queries import comparing
from ratings.rules.comparison import LEAST, MOST, judge_choice, judge_chosen


@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four agencies side by side; with fewer, how to add some."""
    return _show(request, _asked(request))


@require_safe
def compare_export(request: HttpRequest, kind: Kind) -> HttpResponseBase:
    """The same table to take away."""
    document = _asked(request).document(database_now())
    return exported(request, kind, lines_of(document), columns_of(document), name="comparison")


@doors.limited("30/m")
@doors.buyer_required
@require_POST
def choice_record(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Freeze the comparison into the file of the buyer's own request."""
    form = ChoiceForm(request.POST)
    own = comparing.own_request(request.organisation, number)
    if form.is_valid():
        codes = request.POST.getlist("a")
        try:
            record_choice(request.user, request.organisation, number, codes, form.cleaned_data["text"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            return redirect("choice_page", number)
    return _show(request, _asked(request, own), form)


@require_safe
def choice_page(request: HttpRequest, number: str) -> HttpResponse:
    """The comparison as it was recorded, and why the buyer chose whom."""
    choice = comparing.choice_of(number)
    document = comparing.document_of(choice)
    context = {"choice": choice, "document": document, "lines": lines_of(document), "subject": choice.request}
    return render(request, "ratings/choice.html", context)


@require_safe
def choice_json(_request: HttpRequest, number: str) -> HttpResponse:
    """The very bytes whose SHA-256 stands in the case file."""
    choice = comparing.choice_of(number)
    response = HttpResponse(bytes(choice.body), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}-comparison.json"'
    return response


def _asked(request: HttpRequest, own: Request | None = None) -> Asked:
    """The address, or the form that repeats it."""
    given = request.POST if request.method == "POST" else request.GET
    return asked_for(given, organisation_of(request.user), own)


def _show(request: HttpRequest, asked: Asked, form: ChoiceForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "asked": asked,
        "chosen": [(one, _without(asked, one)) for one in asked.agencies],
        "directory": f"{reverse('agency_list')}?{_kept(asked, asked.agencies)}",
        "items": _items(asked),
        "regions": regions(),
        "full": len(asked.agencies) >= MOST,
        "query": _kept(asked, asked.agencies),
        "form": form,
        **_back(asked),
    }
    if LEAST <= len(asked.agencies) <= MOST:
        document = comparing.comparison(asked.agencies, asked.item, asked.place, database_now())
        context |= {"document": document, "lines": lines_of(document)}
        if asked.request is not None and form is None:
            context |= _recording(asked, asked.request)
    wrong = bool(asked.problems) or (form is not None and bool(form.errors))
    return render(request, "ratings/compare.html", context, status=400 if wrong else 200)


def _kept(asked: Asked, agencies: Iterable[Agency]) -> str:
    """The query string that asks for these agencies in the same way."""
    ways = [("a", one.uscc) for one in agencies]
    if asked.request is not None:
        ways.append(("for", asked.request.number or ""))
    else:
        ways += [("item", asked.item.code)] if asked.item else []
        ways += [("at", asked.place.code)] if asked.place else []
    if asked.form:
        ways.append(("form", asked.form))
    return urlencode(ways)


def _items(asked: Asked) -> list[ServiceItem]:
    """What any of them offers, and what is asked for."""
    found = comparing.items_of(asked.agencies)
    return found if asked.item is None or asked.item in found else [asked.item, *found]


def _back(asked: Asked) -> dict[str, Any]:
    """Where the form waits: with what is compared so far, and with each of them as the one chosen."""
    if not asked.form:
        return {}
    place = reverse("request_new") if asked.form == "new" else reverse("request_edit", args=[asked.form])
    some = len(asked.agencies) >= LEAST
    ways = [("back", "1"), *(("a", one.uscc) for one in asked.agencies if some)]
    choices = [(one, f"{place}?{urlencode([*ways, ('chosen', one.uscc)])}") for one in asked.agencies if some]
    return {"back": f"{place}?{urlencode(ways)}", "choices": choices}


def _without(asked: Asked, left_out: Agency) -> str:
    return f"?{_kept(asked, [one for one in asked.agencies if one != left_out])}"


def _recording(asked: Asked, request: Request) -> dict[str, Any]:
    """The form that records the choice, or why it cannot be recorded so."""
    try:
        judge_choice(request.method, request.status, recorded=comparing.choice_in(request) is not None)
        chosen = comparing.chosen_of(request)
        if chosen is None:
            raise Http404
        judge_chosen(chosen.uscc, chosen.organisation.name, [one.uscc for one in asked.agencies])
    except Refused as refused:
        return {"not_now": refused}
    return {"form": ChoiceForm(initial={"text": request.direct_reason})}
