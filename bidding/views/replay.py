"""Replay of a selection (P10.1): plays the public record; a version for other sites' frames."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from csp.decorators import csp_replace

from bidding.queries import auction_over, public_request
from bidding.replays import refused_presses
from bidding.rooms.state import public_state
from core.clock import database_now, rfc3339
from marketplace.models import Request


@require_GET
def award_replay(request: HttpRequest, number: str) -> HttpResponse:
    """Watch it again, at one's own pace; 404 while it runs."""
    return render(request, "bidding/replay.html", _context(_over(number)))


@require_GET
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
def award_replay_embed(request: HttpRequest, number: str) -> HttpResponse:
    """The same for a frame on anybody's page: no session, nothing to press but the player."""
    return render(request, "bidding/replay_embed.html", _context(_over(number)))


@require_GET
def award_refused(request: HttpRequest, number: str) -> JsonResponse:
    """The presses that were refused, with their reasons: they are in no case file, and public once names are."""
    presses = refused_presses(_over(number))
    return JsonResponse({"presses": presses}, json_dumps_params={"ensure_ascii": False})


def _over(number: str) -> Request:
    subject = public_request(number)
    if not auction_over(subject):
        raise Http404(number)
    return subject


def _context(subject: Request) -> dict[str, Any]:
    number = subject.number or ""
    state = {"type": "state", **public_state(number), "now": rfc3339(database_now()), "you": None, "watchers": None}
    return {"request_obj": subject, "state": state, "live": hasattr(subject, "auction")}
