"""Hidden prices by plain POST: a floor (R5.6), and the sealed price of a tie-out (R5.5). The same verbs as over the socket."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import limited
from agencies.policies import NotAnAgency
from bidding.actions import Answer, Press, send_sealed_price, set_floor, withdraw_floor
from bidding.forms import HiddenPriceForm
from bidding.queries import agency_of, public_request
from bidding.rooms import wire
from bidding.views.room import room_page
from core.clock import database_now
from core.http import wants_json
from marketplace.models import Request

_Verb = Callable[[str, Press], Answer]


@require_POST
@limited("120/m")
def room_floor(request: HttpRequest, number: str) -> HttpResponse:
    """Set, lower or withdraw the reader's own floor."""
    withdrawn = "withdraw" in request.POST
    done = _("已撤回最低价，不再代为报价") if withdrawn else _("最低价已生效，平台将代为报价")
    return _press(request, number, withdraw_floor if withdrawn else set_floor, "floor", done)


@require_POST
@limited("120/m")
def room_sealed(request: HttpRequest, number: str) -> HttpResponse:
    """Send the reader's one sealed price of a tie-out."""
    return _press(request, number, send_sealed_price, "sealed", _("加试报价已提交，截止时统一开启"))


def _press(request: HttpRequest, number: str, verb: _Verb, what: str, done: str) -> HttpResponse:
    subject = public_request(number)
    form = HiddenPriceForm(request.POST)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"type": "error", "code": "E_BAD_FIELD", "errors": form.errors}, status=400)
        messages.error(request, _("请填写金额，例如 100150 或 100150.00"))
        return redirect("room", number)
    answer = _answer(request, subject, verb, form.values)
    if wants_json(request):
        return HttpResponse(wire.answer(answer), content_type="application/json", status=409 if answer.refusal else 200)
    if answer.refusal is None:
        messages.success(request, done)
        return redirect("room", number)
    return room_page(request, subject, hidden={"what": what, "refusal": answer.refusal}, status=409)


def _answer(request: HttpRequest, subject: Request, verb: _Verb, values: dict[str, Any]) -> Answer:
    agency = agency_of(request.user)
    if agency is None or request.user.pk is None:
        return Answer(values["key"], None, database_now(), NotAnAgency().as_wire())
    press = Press(
        key=UUID(str(values["key"])),
        agency=agency.pk,
        user=request.user.pk,
        amount=values["amount"] or 0,
        confirmed=values["confirmed"],
        language=translation.get_language() or "zh-hans",
    )
    return verb(subject.number or "", press)
