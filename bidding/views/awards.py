"""Award notices (中选公告): the result, why, and what can still be objected to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bidding import filters, objecting, queries
from bidding.pdf import address_of, hash_of, rendering_of
from bidding.queries import public_request
from core import documents, qr
from core.filtering import chips


@require_GET
def award_list(request: HttpRequest) -> HttpResponse:
    """All awards, filtered."""
    found = filters.AwardFilter(request.GET, queryset=queries.awards_newest_first())
    pages = found.pages
    context = {
        "filter": found,
        "page_obj": pages.get_page(request.GET.get("page")),
        "summary": filters.summary(found, pages.shown),
        "chips": chips(found),
        "loosened": [] if pages.found else filters.loosened(found),
        "more_open": any(request.GET.get(name) for name in ("status", "buyer", "method", "sort")),
    }
    return render(request, "bidding/award_list.html", context)


@require_GET
def award_page(request: HttpRequest, number: str) -> HttpResponse:
    """One award notice, or the notice of a failed selection; 404 while it runs."""
    subject = public_request(number)
    notice = queries.result_of(subject)
    if notice is None:
        raise Http404(number)
    award = notice["award"]
    context = {"request_obj": subject, **notice, **objecting.objection_doors(subject, award, request.user)}
    if award is not None:
        context |= {"qr": qr.data_uri(address_of(award)), "award_hash": hash_of(award)}
    return render(request, "bidding/award.html", context)


@require_GET
@never_cache
def award_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The newest award's notice as PDF; while it is being made, a page that waits for it."""
    award = queries.awards_newest_first().filter(request=public_request(number)).first()
    if award is None:
        raise Http404(number)
    english, asks = get_language() == "en", request.headers.get("HX-Request")
    rendering = rendering_of(award, english=english)
    if rendering.state == "ready" and not asks:
        return documents.response(rendering, f"{number}{'-en' if english else ''}.pdf")
    context = {"rendering": rendering, "href": request.path, "poll": request.path, "request_obj": award.request}
    return render(request, "components/_pdf.html" if asks else "bidding/award_waiting.html", context)
