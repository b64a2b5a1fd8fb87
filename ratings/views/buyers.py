"""`/b/<uscc>/`: a buyer's credit for everybody who thinks of working for it, as a page and as JSON."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ratings.queries.buyers import buyer_in_public, credit_of_buyer, document_of


@require_safe
@cache_control(max_age=60)
def buyer_credit(request: HttpRequest, uscc: str) -> HttpResponse:
    """Public, without an account. Raises Http404."""
    buyer = buyer_in_public(uscc)
    return render(request, "ratings/buyer_credit.html", {"buyer": buyer, "credit": credit_of_buyer(buyer)})


@require_safe
@cache_control(max_age=60)
def buyer_credit_json(_request: HttpRequest, uscc: str) -> JsonResponse:
    """The same with every line it was computed from. Raises Http404."""
    document = document_of(buyer_in_public(uscc))
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
