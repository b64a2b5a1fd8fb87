"""The live room's page, its bid by plain POST, and its state for those without a socket."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import limited
from agencies.models import Agency
from agencies.policies import NotAnAgency
from bidding.actions import Answer, Press, place_bids
from bidding.forms import BidForm
from bidding.queries import agency_of, auction_over, public_request
from bidding.rooms import wire
from bidding.rooms.state import public_state, your_state
from bidding.rooms.steps import open_steps
from core.clock import database_now, rfc3339
from core.http import wants_json
from marketplace.models import Method, Request


@require_GET
@never_cache
def room(request: HttpRequest, number: str) -> HttpResponse:
    """The live room, for bidders and for everybody else; other selections have none."""
    subject = public_request(number)
    if subject.method != Method.LIVE:
        return redirect("request_page", number)
    return room_page(request, subject)


@require_GET
@never_cache
def room_state(request: HttpRequest, number: str) -> HttpResponse:
    """The `state` message over HTTP, for those whose sockets do not get through."""
    return JsonResponse(_state(request, public_request(number)), json_dumps_params={"ensure_ascii": False})


@require_POST
@limited("240/m")
def room_bid(request: HttpRequest, number: str) -> HttpResponse:
    """A bid by plain POST: the same judgement and the same answer as over the socket."""
    subject = public_request(number)
    form = BidForm(request.POST)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"type": "error", "code": "E_BAD_FIELD", "errors": form.errors}, status=400)
        return room_page(request, subject, form, status=400)
    answer = _place(request, subject, form.values)
    if wants_json(request):
        return HttpResponse(wire.answer(answer), content_type="application/json", status=409 if answer.refusal else 200)
    if answer.refusal is None:
        return HttpResponseRedirect(f"{reverse('room', args=[number])}?accepted={answer.seq}")
    again = BidForm({**request.POST.dict(), "key": ""}, initial=BidForm().initial)
    return room_page(request, subject, again, answer=answer, status=409)


def _place(request: HttpRequest, subject: Request, values: dict[str, Any]) -> Answer:
    agency = agency_of(request.user)
    if agency is None or request.user.pk is None:
        return Answer(values["key"], None, database_now(), NotAnAgency().as_wire())
    press = Press(
        key=UUID(str(values["key"])),
        agency=agency.pk,
        user=request.user.pk,
        amount=values["amount"],
        confirmed=values["confirmed"],
        language=translation.get_language() or "zh-hans",
    )
    [answer] = place_bids(subject.number or "", [press])
    return answer


def room_page(
    request: HttpRequest,
    subject: Request,
    form: BidForm | None = None,
    *,
    answer: Answer | None = None,
    hidden: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The room as its reader sees it; `answer` is about a bid just posted, `hidden` about a floor or a sealed price."""
    number = subject.number or ""
    state = _state(request, subject)
    context = {
        "request_obj": subject,
        "auction": getattr(subject, "auction", None),
        "over": auction_over(subject),
        "state": state,
        "bidding": state["you"] is not None,
        "blockers": state["you"]["blockers"] if state["you"] else [],
        "bid_form": form or BidForm(),
        "answer": answer,
        "hidden": hidden,
        "steps": open_steps(subject, request.user),
        "urls": {
            "socket": f"/ws/requests/{number}/",
            "bid": reverse("room_bid", args=[number]),
            "floor": reverse("room_floor", args=[number]),
            "sealed": reverse("room_sealed", args=[number]),
            "state": reverse("room_state", args=[number]),
        },
    }
    return render(request, "bidding/room.html", context, status=status)


def _state(request: HttpRequest, subject: Request) -> dict[str, Any]:
    number = subject.number or ""
    agency: Agency | None = agency_of(request.user)
    you = your_state(number, agency.pk, translation.get_language() or "zh-hans") if agency else None
    return {"type": "state", **public_state(number), "now": rfc3339(database_now()), "you": you, "watchers": None}
