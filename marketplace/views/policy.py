"""政策对照: each clause, the rules that hold it, and the tests that hold the rules."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace import clauses


@require_safe
def policy_page(request: HttpRequest) -> HttpResponse:
    """The table, as it was made when the documents were."""
    return render(request, "marketplace/policy.html", {"clauses": clauses.table()})
