"""The list of live auctions, and when one of them opens, for people's own calendars."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bidding import filters, queries
from core import calendars
from core.clock import database_now
from core.filtering import chips


@require_GET
@never_cache
def live_list(request: HttpRequest) -> HttpResponse:
    """Auctions that run, are about to start, and have just closed."""
    lists = (queries.running_now(), queries.starting_soon(), queries.just_closed())
    running, soon, closed = (filters.LiveFilter(request.GET, queryset=rows) for rows in lists)
    context = {
        "filter": running,
        "summary": filters.live_summary(running, running.qs.count(), soon.qs.count()),
        "chips": chips(running),
        "running": running.qs[:50],
        "soon": soon.qs[:20],
        "closed": closed.qs[:20],
    }
    return render(request, "bidding/live_list.html", context)


@require_GET
def opening_ics(_request: HttpRequest, number: str) -> HttpResponse:
    """When bidding opens, as a calendar with one date; a 404 for a request without an auction."""
    subject = queries.public_request(number)
    auction = getattr(subject, "auction", None)
    if auction is None:
        raise Http404(number)
    date = calendars.Date(
        key=f"opening-{number}",
        at=auction.opens_at,
        title=_("竞价开始：%(title)s") % {"title": subject.title},
        text=f"{number} {subject.buyer.name}",
        path=reverse("room", args=[number]),
    )
    return calendars.response(_("竞价开始"), f"{number}-opening", [date], database_now())
