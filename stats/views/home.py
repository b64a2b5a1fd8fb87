"""The front page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bidding import queries
from bidding.rooms.state import public_state
from core.clock import database_now, rfc3339
from ratings.queries.exits import public_cases
from stats.front_page import overview

_ROWS = 6


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What moves now, the four figures, three doors, where requests and agencies are, and what is new."""
    now = database_now()
    running = queries.running_now().first()
    hero = last = None
    if running is not None and running.number is not None:
        state = {"type": "state", **public_state(running.number), "now": rfc3339(now), "you": None}
        hero = {"request": running, "state": {**state, "watchers": None}}
    else:
        last = _last(now)
    context = {
        "hero": hero,
        "next_auction": None if hero else queries.starting_soon().first(),
        "last": last,
        "overview": overview(now),
        "newest": queries.newest_requests()[:_ROWS],
        "awards": queries.awards_newest_first()[:_ROWS],
        "exits": public_cases()[:_ROWS],
    }
    return render(request, "home/home.html", context)


def _last(now: datetime) -> dict[str, Any] | None:
    """The last auction that can be played again, as its replay wants it."""
    ended = queries.last_with_a_price()
    if ended is None or ended.number is None:
        return None
    state = {"type": "state", **public_state(ended.number), "now": rfc3339(now), "you": None, "watchers": None}
    return {"request": ended, "state": state}
