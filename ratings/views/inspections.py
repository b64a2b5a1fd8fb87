"""双随机抽查 for everybody: plans, draws and findings; and the doors of whoever contributes to a draw."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from accounts.queries import organisation_of
from core.clock import database_now
from core.errors import Refused
from draws.forms import NoncesForm, OffersForm
from draws.rules import ContributionMalformed, read_bytes
from journal.queries import record
from ratings.actions import inspections
from ratings.inspection_page import plan_page
from ratings.models import Plan
from ratings.queries.inspections import public_plans

PAGE_SIZE = 20


@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """Every plan, the newest first."""
    page = Paginator(public_plans(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "ratings/inspection_list.html", {"page_obj": page})


@require_safe
@never_cache
def inspection_plan(request: HttpRequest, number: str) -> HttpResponse:
    """One plan: how it was drawn, by whom it is inspected, what was found."""
    return _show(request, number)


@require_safe
def inspection_record(request: HttpRequest, number: str) -> HttpResponse:
    """The plan's case file as a record that anybody can verify."""
    plan = get_object_or_404(Plan, number=number)
    response = HttpResponse(b"".join(record(plan.number)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{plan.number}.json"'
    return response


@doors.limited("30/m")
@doors.member_required
@require_POST
def contribute(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Random bytes committed to, and in envelopes; the bytes themselves stay in the browser."""
    form = OffersForm(request.POST)
    try:
        if not form.is_valid():
            raise ContributionMalformed()
        inspections.contribute(request.user, request.organisation, number, form.cleaned_data["offers"])
    except Refused as refused:
        return _show(request, number, refused)
    messages.success(request, _("已提交。请保存下载的文件，名单封存后回到本页公开随机数。"))
    return redirect("inspection_plan", number)


@doors.limited("30/m")
@doors.member_required
@require_POST
def reveal(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The bytes, after the lists are sealed."""
    form = NoncesForm(request.POST)
    try:
        if not form.is_valid():
            raise ContributionMalformed()
        inspections.reveal(request.organisation, number, _nonces(form.cleaned_data["nonces"]))
    except Refused as refused:
        return _show(request, number, refused)
    messages.success(request, _("随机数已公开。"))
    return redirect("inspection_plan", number)


def _nonces(text: str) -> dict[str, bytes]:
    try:
        return {str(name): read_bytes(nonce) for name, nonce in json.loads(text).items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise ContributionMalformed() from error


def _show(request: HttpRequest, number: str, refused: Refused | None = None) -> HttpResponse:
    related = ("by", "of_agencies", "of_inspectors")
    plan = get_object_or_404(Plan.objects.select_related(*related), number=number)
    page = plan_page(plan, organisation_of(request.user), database_now())
    context = {"page": page, "plan": plan, "refused": refused, "form": NoncesForm(request.POST if refused else None)}
    return render(request, "ratings/inspection_plan.html", context, status=400 if refused else 200)
