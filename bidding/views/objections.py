"""Doors of objection: one form each, on the award's own page, so that none can be misaddressed (R5.9)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import doors
from bidding import actions, objecting, queries
from bidding.models import Objection
from core.errors import Refused


@doors.member_required
@require_POST
def objection_file(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Object to the award."""
    queries.public_request(number)
    return _told(
        request,
        number,
        lambda: actions.file_objection(request.user, request.organisation, number, request.POST.get("text", "")),
        _("异议已提交并公开，采购人须在期限内答复。"),
    )


@doors.member_required
@require_POST
def award_decline(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The winner gives the award up."""
    queries.public_request(number)
    return _told(
        request,
        number,
        lambda: actions.decline_award(request.organisation, number, request.POST.get("text", "")),
        _("已放弃中选，理由已公开。"),
    )


@doors.member_required
@require_POST
def objection_step(request: doors.DeskRequest, pk: int, step: str) -> HttpResponse:
    """Answer, complain, extend, decide or withdraw."""
    objection = objecting.objection_in_public(pk)
    number = objection.award.request.number or ""
    return _told(request, number, lambda: _take(request, objection, step), _("已记录并公开。"))


def _take(request: doors.DeskRequest, objection: Objection, step: str) -> object:
    user, by, text = request.user, request.organisation, request.POST.get("text", "")
    match step:
        case "answer":
            return actions.answer_objection(user, by, objection.pk, text)
        case "complain":
            return actions.complain(by, objection.pk, text)
        case "extend":
            return actions.extend_decision(by, objection.pk)
        case "decide":
            upheld = request.POST.get("upheld") == "1"
            return actions.decide_complaint(user, by, objection.pk, text, upheld=upheld)
        case "withdraw":
            return actions.withdraw_objection(by, objection.pk)
        case _:
            raise Http404(step)


def _told(request: doors.DeskRequest, number: str, verb: object, done: str) -> HttpResponse:
    """Do it, and say on the award's page what came of it."""
    assert callable(verb)
    try:
        verb()
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    else:
        messages.success(request, done)
    return redirect("award_page", number)
