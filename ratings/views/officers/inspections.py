"""Officers' doors of random inspections: plan one, keep the register of inspectors, report and confirm findings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from agencies.queries import agency_by
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from core.views import attachment
from ratings.actions import inspections
from ratings.forms.inspections import InspectorForm, InterestForm, PlanForm, ReadForm, SheetForm
from ratings.models import Inspection
from ratings.queries.inspections import digest_of, public_plans, register_of


@doors.officer_required
@require_safe
@never_cache
def officer_inspections(request: doors.DeskRequest) -> HttpResponse:
    """All plans, and the way to a new one and to the register."""
    return render(request, "ratings/officer_inspections.html", {"plans": public_plans()[:100]})


@doors.limited("30/m")
@doors.officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def officer_plan(request: doors.DeskRequest) -> HttpResponse:
    """Plan an inspection; its draws open with it."""
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = inspections.plan_inspection(request.user, request.organisation, form.draft(database_now()))
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("抽查计划已公开，现在请提交贵单位的随机数。"))
            return redirect("inspection_plan", plan.number)
    return render(request, "ratings/officer_plan.html", {"form": form}, status=400 if form.errors else 200)


@doors.officer_required
@require_safe
@never_cache
def inspectors(request: doors.DeskRequest) -> HttpResponse:
    """The register of the office's inspectors, and what keeps whom from whom."""
    return _register(request)


@doors.limited("30/m")
@doors.officer_required
@require_POST
def enter_inspector(request: doors.DeskRequest) -> HttpResponse:
    """A colleague enters the register."""
    form = InspectorForm(request.organisation, request.POST, key="inspector")
    if form.is_valid():
        try:
            inspections.enter_inspector(
                request.organisation, form.cleaned_data["user"], form.cleaned_data["certificate"]
            )
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("已列入检查人员名录。"))
            return redirect("inspectors")
    return _register(request, entering=form)


@doors.limited("30/m")
@doors.officer_required
@require_POST
def retire_inspector(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Somebody leaves the register."""
    inspections.retire_inspector(request.organisation, pk)
    messages.success(request, _("已移出检查人员名录。"))
    return redirect("inspectors")


@doors.limited("30/m")
@doors.officer_required
@require_POST
def declare_interest(request: doors.DeskRequest) -> HttpResponse:
    """An inspector stays away from an agency."""
    form = InterestForm(list(register_of(request.organisation)), request.POST, key="interest")
    if form.is_valid():
        data = form.cleaned_data
        try:
            inspections.declare_interest(
                request.organisation, int(data["inspector"]), agency_by(data["uscc"]), data["reason"]
            )
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("回避情形已登记。"))
            return redirect("inspectors")
    return _register(request, declaring=form)


@doors.limited("30/m")
@doors.officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_sheet(request: doors.DeskRequest, number: str, uscc: str) -> HttpResponse:
    """The sheet of one inspection: a drawn inspector fills it in."""
    one = _inspection(number, uscc)
    form = SheetForm(one.plan, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            inspections.report(request.user, number, uscc, form.sheet(), form.cleaned_data["files"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("检查结果已填报，请另一名检查人员确认后公开。"))
            return redirect("inspection_sheet", number, uscc)
    return _sheet(request, one, form)


@doors.limited("30/m")
@doors.officer_required
@require_POST
def confirm_inspection(request: doors.DeskRequest, number: str, uscc: str) -> HttpResponse:
    """Another drawn inspector confirms what was read, and it is public."""
    form, one = ReadForm(request.POST, key="confirm"), _inspection(number, uscc)
    if form.is_valid():
        try:
            inspections.confirm(request.user, number, uscc, form.cleaned_data["read"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("检查结果已公开。"))
            return redirect("inspection_plan", number)
    return _sheet(request, one, SheetForm(one.plan), confirming=form)


@doors.officer_required
@require_safe
@never_cache
def inspection_file(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Evidence of an inspection; looking at it is recorded."""
    found = inspections.look_at_file(request.user, request.organisation, pk)
    return attachment(found.file, found.name)


def _inspection(number: str, uscc: str) -> Inspection:
    related = Inspection.objects.select_related("plan", "agency__organisation", "reported_by", "opened")
    return get_object_or_404(related, plan__number=number, agency__organisation__uscc=uscc)


def _register(
    request: doors.DeskRequest, entering: InspectorForm | None = None, declaring: InterestForm | None = None
) -> HttpResponse:
    own = list(register_of(request.organisation))
    context = {
        "inspectors": own,
        "entering": entering or InspectorForm(request.organisation, key="inspector"),
        "declaring": declaring or InterestForm(own, key="interest"),
    }
    return render(request, "ratings/inspectors.html", context, status=400 if entering or declaring else 200)


def _sheet(
    request: doors.DeskRequest, one: Inspection, form: SheetForm, confirming: ReadForm | None = None
) -> HttpResponse:
    mine = one.published_at is None and one.inspectors.filter(user=request.user).exists()
    context = {
        "one": one,
        "plan": one.plan,
        "form": form,
        "may_report": mine and (not one.reported_by_id or one.reported_by_id == request.user.pk),
        "may_confirm": mine and bool(one.reported_by_id) and one.reported_by_id != request.user.pk,
        "confirming": confirming or ReadForm(initial={"read": digest_of(one)}, key="confirm"),
        "read": digest_of(one),
    }
    wrong = form.errors or (confirming is not None and confirming.errors)
    return render(request, "ratings/inspection_sheet.html", context, status=400 if wrong else 200)
