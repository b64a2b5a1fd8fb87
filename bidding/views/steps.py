"""Doors of what people decide about a live auction: officers pause it (R5.7), a low price is justified and decided (R5.8)."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import doors
from accounts.models import User
from bidding import actions, queries
from core.errors import Refused


@doors.second_factor_for_officers
@login_required
@require_POST
def pause_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Propose a pause, confirm another officer's proposal, or let the auction go on."""
    queries.public_request(number)
    user = request.user
    assert isinstance(user, User)
    match step:
        case "propose":
            reason = request.POST.get("reason", "")
            done = _("已提议暂停，须由另一人确认后生效。")
            return _told(request, number, lambda: actions.propose_pause(user, number, reason), done)
        case "confirm":
            return _told(request, number, lambda: actions.confirm_pause(user, number), _("竞价已暂停，理由已公开。"))
        case "end":
            return _told(request, number, lambda: actions.end_pause(user, number), _("已公告恢复时间。"))
        case _:
            raise Http404(step)


@doors.member_required
@require_POST
def low_step(request: doors.DeskRequest, number: str, step: str) -> HttpResponse:
    """The lowest bidder justifies its price; the buyer accepts or refuses it."""
    queries.public_request(number)
    user, by, text = request.user, request.organisation, request.POST.get("text", "")
    match step:
        case "justify":
            done = _("价格说明已提交并以代号公开。")
            return _told(request, number, lambda: actions.justify_low_price(by, number, text), done)
        case "decide":
            accepted = request.POST.get("accepted") == "1"
            return _told(
                request,
                number,
                lambda: actions.decide_low_price(user, by, number, text, accepted=accepted),
                _("认定已作出，理由已公开。"),
            )
        case _:
            raise Http404(step)


def _told(request: HttpRequest, number: str, verb: Callable[[], object], done: str) -> HttpResponse:
    """Do it, and say in the room what came of it."""
    try:
        verb()
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    else:
        messages.success(request, done)
    return redirect("room", number)
