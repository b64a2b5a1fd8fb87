"""The one search box."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bidding.searching import found


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits `q`; each kind leads to its whole list."""
    return render(request, "bidding/search.html", {"found": found(request.GET.get("q", ""))})
