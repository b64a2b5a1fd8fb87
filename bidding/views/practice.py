"""The practice room's page: the live room's own parts around a session in memory (UX §2.8). No account needed."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bidding.methods.live import Live
from bidding.practice.feedback import feedback
from bidding.practice.hall import hall, now
from bidding.practice.session import YOU, Session
from core.clock import rfc3339
from core.money import shown


@require_GET
@never_cache
def practice(request: HttpRequest) -> HttpResponse:
    """A new room; its session begins when the page's socket comes."""
    name = secrets.token_hex(16)
    session = Session(now())
    context = {
        "state": _state(session),
        "bidding": True,
        "full": hall.full,
        "urls": {
            "socket": f"/ws/practice/{name}/",
            "bid": reverse("practice"),
            "state": reverse("practice_state", args=[name]),
            "feedback": reverse("practice_feedback", args=[name]),
        },
    }
    return render(request, "bidding/practice.html", context)


@require_GET
@never_cache
def practice_state(request: HttpRequest, name: str) -> JsonResponse:
    """The `state` message over HTTP, as the live room has it."""
    return JsonResponse(_state(_session(name)), json_dumps_params={"ensure_ascii": False})


@require_GET
@never_cache
def practice_feedback(request: HttpRequest, name: str) -> HttpResponse:
    """What there is to say once it is over: result, why, and what cost time."""
    session = _session(name)
    if not session.over:
        raise Http404(name)
    you = session.your_state()
    outcome = session.outcome()
    lines = feedback(
        session.heard,
        won=outcome.winner == session.labels[YOU],
        closed_at=session.terms.closes_at,
        last_price=shown(outcome.amount or 0),
        your_floor=shown(session.own_best() or 0),
    )
    context = {"lines": lines, "why": Live().explain(outcome), "you": you, "outcome": outcome}
    return render(request, "bidding/_practice_feedback.html", context)


def _session(name: str) -> Session:
    found = hall.find(name)
    if found is None:
        raise Http404(name)
    return found


def _state(session: Session) -> dict[str, Any]:
    moment = now()
    public = session.public_state(moment)
    return {"type": "state", **public, "now": rfc3339(moment), "you": session.your_state(), "watchers": None}
