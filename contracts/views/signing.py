"""The page itself, and the doors of signing and changing."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from contracts import actions, plan_form, queries
from contracts.actions.payer import refuse_another_payer
from contracts.forms import ConfirmForm, DoorForm, ReasonForm
from contracts.page import ContractPage
from contracts.rulesets import contract_rules
from contracts.views.shown import page_for, plan_options, show, told


@require_safe
def contract_page(request: HttpRequest, number: str) -> HttpResponse:
    """The contract for everybody; what is private for those whose it is."""
    return show(request, number)


@doors.limited("60/m")
@doors.member_required
@require_POST
def contract_propose(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Propose another text before the signing; or one more row to type in."""
    page = page_for(request, number)
    options = plan_options(page)
    if "add" in request.POST:
        return _with_room(request, page, plan_form.PlanForm(request.POST, key="propose-c", **options))
    form = plan_form.PlanForm(request.POST, key="propose-c", **options)
    return told(
        request,
        number,
        form,
        lambda data: actions.propose(
            request.user, request.organisation, number, data["plan"], data["terms"], data["payer"]
        ),
        _("已提出新的合同文本并由贵单位确认，等待对方确认。"),
        part="text",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def contract_confirm(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Confirm one exact text: the contract, or a change of it."""
    queries.contract_in_public(number)
    return told(
        request,
        number,
        ConfirmForm(request.POST, key="confirm-c"),
        lambda data: actions.confirm(request.user, request.organisation, number, data["sha256"]),
        _("已确认。双方都确认同一文本后即时生效并备案。"),
        part="text",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def contract_pass_over(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The winner did not sign: pass to the next in rank."""
    queries.contract_in_public(number)
    return told(
        request,
        number,
        DoorForm(request.POST, key="pass_over-c"),
        lambda _data: actions.pass_over(request.organisation, number),
        _("中选机构逾期未签，中选已失效，按排名递补。"),
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def contract_change(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Propose a change of the signed contract."""
    page = page_for(request, number)
    options = plan_options(page)
    form = plan_form.ChangeForm(request.POST, key="change-c", **options)
    if "add" in request.POST:
        return _with_room(request, page, form)
    return told(
        request,
        number,
        form,
        lambda data: _propose_change(request, number, data),
        _("变更已提出并由贵单位确认，等待对方确认。"),
        part="text",
    )


@doors.limited("60/m")
@doors.member_required
@require_POST
def contract_change_answer(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Refuse a change with reasons, or take one's own back. Agreeing is confirming its text."""
    queries.contract_in_public(number)
    match request.POST.get("step"):
        case "confirm":
            return contract_confirm(request, number)
        case "refuse":
            return told(
                request,
                number,
                ReasonForm(request.POST, key="refuse-c"),
                lambda data: actions.refuse_change(request.organisation, number, data["reason"]),
                _("已答复不同意变更，合同照旧。"),
                part="text",
            )
        case "withdraw":
            return told(
                request,
                number,
                DoorForm(request.POST, key="withdraw-c"),
                lambda _data: actions.withdraw_change(request.organisation, number),
                _("已撤回变更。"),
                part="text",
            )
        case _:
            raise Http404(number)


def _propose_change(request: doors.DeskRequest, number: str, data: Mapping[str, Any]) -> None:
    refuse_another_payer(request.organisation, number, data["payer"])
    actions.propose_change(request.user, request.organisation, number, data["plan"], data["reason"], data["terms"])


def _with_room(request: doors.DeskRequest, page: ContractPage, typed: plan_form.PlanForm) -> HttpResponse:
    """The same form with what was typed and another row."""
    most = contract_rules(page.contract.ruleset).most_milestones
    rows = plan_form.rows_with_room(typed.rows, most)
    initial = {**{name: typed.data.get(name, "") for name in typed.fields}, "plan": rows}
    again = type(typed)(key=typed.door, initial=initial, **plan_options(page))
    again.grown = True
    return show(request, page.number, bound=again, complain=False, page=page)
