"""Award notices (中选公告): the result, why, and what can still be objected to."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bidding import objecting, queries
from bidding.queries import public_request


@require_GET
def award_list(request: HttpRequest) -> HttpResponse:
    """All awards, newest first."""
    page = Paginator(queries.awards_newest_first(), 20).get_page(request.GET.get("page"))
    return render(request, "bidding/award_list.html", {"page_obj": page})


@require_GET
def award_page(request: HttpRequest, number: str) -> HttpResponse:
    """One award notice, or the notice of a failed selection; 404 while it runs."""
    subject = public_request(number)
    notice = queries.result_of(subject)
    if notice is None:
        raise Http404(number)
    return render(
        request,
        "bidding/award.html",
        {"request_obj": subject, **notice, **objecting.objection_doors(subject, notice["award"], request.user)},
    )
