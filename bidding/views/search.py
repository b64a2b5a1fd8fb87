"""The one search box: items, requests, agencies and awards that fit a text, the best of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies import queries as agency_queries
from agencies.filters import AgencyFilter
from bidding import queries
from bidding.filters import AwardFilter
from core.filtering import Searching
from core.text import clean
from marketplace.filters import RequestFilter
from marketplace.queries import requests_in_public
from marketplace.searching import items_like

_SHOWN, _ITEMS = 5, 3


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits `q`; each kind leads to its whole list."""
    text = clean(request.GET.get("q", ""))[:80]
    asked = QueryDict(mutable=True)
    asked["q"] = text
    context: dict[str, Any] = {"text": text, "query": asked.urlencode()}
    if text:
        context |= {
            "items": items_like(text)[:_ITEMS],
            "requests": _best(RequestFilter(asked, queryset=requests_in_public())),
            "agencies": _best(AgencyFilter(asked, queryset=agency_queries.directory())),
            "awards": _best(AwardFilter(asked, queryset=queries.awards_newest_first())),
        }
        context["nothing"] = not (
            context["items"] or any(context[k]["rows"] for k in ("requests", "agencies", "awards"))
        )
    return render(request, "bidding/search.html", context)


def _best(found: Searching) -> dict[str, Any]:
    pages = found.pages
    return {"rows": list(pages.get_page(1))[:_SHOWN], "count": pages.shown}
