"""Doors of selections that are no auction: pick from a short list, confirm or decline what an enterprise named."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import doors
from agencies.policies import NotAnAgency
from bidding import actions, queries
from core.errors import Refused


@doors.limited("60/m")
@doors.member_required
@require_POST
def pick_door(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The buyer picks one of the short list, with a reason."""
    queries.public_request(number)
    label, reason = request.POST.get("label", ""), request.POST.get("reason", "")
    return _told(
        request,
        number,
        lambda: actions.pick(request.organisation, number, label, reason),
        _("已择定，结果和理由已公开。"),
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def confirm_door(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The agency named confirms."""
    queries.public_request(number)

    def act() -> object:
        agency = queries.agency_of(request.user)
        if agency is None:
            raise NotAnAgency
        return actions.confirm(request.user, agency, number)

    return _told(request, number, act, _("已确认，结果已公开。"))


@doors.limited("60/m")
@doors.member_required
@require_POST
def decline_door(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The agency named declines, with a reason."""
    queries.public_request(number)

    def act() -> object:
        agency = queries.agency_of(request.user)
        if agency is None:
            raise NotAnAgency
        return actions.decline(agency, number, request.POST.get("reason", ""))

    return _told(request, number, act, _("已说明不接受，原因已公开。"))


def _told(request: doors.DeskRequest, number: str, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it, and say on the notice's page what came of it."""
    try:
        act()
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
        return redirect("request_page", number)
    messages.success(request, done)
    return redirect("award_page", number)
