"""Doors of delivery, acceptance and more time."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import doors
from contracts import actions, queries
from contracts.forms import DecideForm, DeliverForm, ExtensionAnswerForm, ExtensionForm
from contracts.models import DeliveryStatus
from contracts.views.shown import told


@doors.limited("60/m")
@doors.member_required
@require_POST
def delivery_make(request: doors.DeskRequest, number: str, n: int) -> HttpResponse:
    """Hand in the next version of a milestone's result."""
    queries.contract_in_public(number)
    form = DeliverForm(request.POST, request.FILES, key=f"deliver-m{n}")
    return told(
        request,
        number,
        form,
        lambda data: actions.deliver(request.user, request.organisation, number, n, form.uploads(), data["note"]),
        _("成果已交付，采购人的验收期限开始计算。"),
        part=f"milestone-{n}",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def delivery_decide(request: doors.DeskRequest, number: str, n: int) -> HttpResponse:
    """Accept, accept a part, or return."""
    queries.contract_in_public(number)
    return told(
        request,
        number,
        DecideForm(request.POST, key=f"decide-m{n}"),
        lambda data: actions.decide(
            request.user,
            request.organisation,
            number,
            n,
            DeliveryStatus(data["verdict"]),
            amount=data["amount"] or 0,
            reason=data["reason"],
            opinion=data["opinion"],
        ),
        _("验收结论已记入案卷。"),
        part=f"milestone-{n}",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def extension_ask(request: doors.DeskRequest, number: str, n: int) -> HttpResponse:
    """Ask for more time."""
    queries.contract_in_public(number)
    return told(
        request,
        number,
        ExtensionForm(request.POST, key=f"extend-m{n}"),
        lambda data: actions.ask_for_time(request.organisation, number, n, data["wd"], data["reason"]),
        _("延期申请已提交。"),
        part=f"milestone-{n}",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def extension_answer(request: doors.DeskRequest, number: str, n: int) -> HttpResponse:
    """Grant it or not."""
    queries.contract_in_public(number)
    return told(
        request,
        number,
        ExtensionAnswerForm(request.POST, key=f"answer-m{n}"),
        lambda data: actions.answer_extension(
            request.organisation, number, n, data["answer"], granted=data["granted"] == "1"
        ),
        _("延期申请已答复。"),
        part=f"milestone-{n}",
    )
