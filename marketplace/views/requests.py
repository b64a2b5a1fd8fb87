"""Requests in public: the list, one request's page, and its case file as a record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.filtering import chips
from marketplace import filters, queries
from marketplace.checking import findings_of
from marketplace.policy import Severity
from marketplace.rulesets import ruleset
from marketplace.timeline import timeline


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """All requests in public, filtered."""
    found = filters.RequestFilter(request.GET, queryset=queries.requests_in_public())
    pages = found.pages
    context = {
        "filter": found,
        "page": pages.get_page(request.GET.get("page")),
        "summary": filters.summary(found, pages.shown),
        "chips": chips(found),
        "loosened": [] if pages.found else filters.loosened(found),
        "more_open": any(request.GET.get(name) for name in ("buyer", "ceiling", "closing", "method", "sort")),
    }
    return render(request, "marketplace/request_list.html", context)


@require_safe
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request: its notice, how it goes on, and its case file."""
    subject = queries.request_in_public(number)
    numbers = ruleset(subject.ruleset)
    context = {
        "subject": subject,
        "numbers": numbers,
        "step": numbers.live.step(subject.ceiling),
        "cited": [f for f in findings_of(subject, numbers) if f.severity == Severity.CITED],
        "attachments": subject.attachments.select_related("file").order_by("pk"),
        "timeline": timeline(number),
        "required": subject.item.required.all(),
    }
    return render(request, "marketplace/request_page.html", context)


@require_safe
def request_record(request: HttpRequest, number: str) -> HttpResponse:
    """The request's case file as a record that anybody can verify."""
    text = b"".join(queries.record_of(queries.request_in_public(number)))
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return response
