"""The front page and the list of live auctions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bidding import filters, queries, statistics
from bidding.rooms.state import public_state
from core.clock import database_now, rfc3339
from core.filtering import chips


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What moves now, the four figures, and three doors."""
    running = queries.running_now().first()
    hero = None
    if running is not None and running.number is not None:
        state = {"type": "state", **public_state(running.number), "now": rfc3339(database_now()), "you": None}
        hero = {"request": running, "state": {**state, "watchers": None}}
    context = {
        "hero": hero,
        "next_auction": queries.starting_soon().first(),
        "tiles": statistics.tiles(),
        "newest": queries.newest_requests()[:6],
        "awards": queries.awards_newest_first()[:6],
    }
    return render(request, "home/home.html", context)


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
