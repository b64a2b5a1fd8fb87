"""Doors of agencies: registration, directory, public page and the agency's own desk."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.views import welcome
from agencies import actions, commitments, filters, insiders, policies, queries
from agencies.certificates.actions import look_up_soon
from agencies.forms import AgencyRegistrationForm, InsiderForm, ProfileForm, QualificationForm, TieForm, WorkForm
from agencies.models import InsiderKind, TieNature
from core.errors import Refused
from core.filtering import chips
from core.http import refused_to_form
from journal.queries import record

form_page = require_http_methods(["GET", "HEAD", "POST"])


@doors.limited("30/m")
@sensitive_post_parameters("password")
@form_page
def register_agency(request: HttpRequest) -> HttpResponse:
    """One form, no approval: active and signed in afterwards (P19.1)."""
    form = AgencyRegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agency = actions.register(form.applicant(), signed=form.cleaned_data["commitment"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            return welcome(request, agency.commitment.signed_by, _("入驻成功，立即生效：现在就可以报名"))
    return render(request, "agencies/register_agency.html", {"form": form, "commitment": commitments.AGENCY})


@require_safe
def agency_list(request: HttpRequest) -> HttpResponse:
    """The directory."""
    found = filters.AgencyFilter(request.GET, queryset=queries.directory())
    pages = found.pages
    page, count = pages.get_page(request.GET.get("page")), pages.found
    context = {
        "filter": found,
        "page": page,
        "summary": filters.summary(found, count),
        "chips": chips(found),
        "loosened": [] if count else filters.loosened(found),
        "more_open": any(request.GET.get(name) for name in ("origin", "grade", "standing", "sort")),
    }
    return render(request, "agencies/agency_list.html", context)


@require_safe
def agency_page(request: HttpRequest, uscc: str) -> HttpResponse:
    """Everything public about one agency."""
    agency = queries.agency_by(uscc)
    context = {
        "agency": agency,
        "organisation": agency.organisation,
        "qualifications": queries.qualification_lines(agency),
        "works": agency.past_works.all(),
        "ties": queries.ties_of(agency),
        "insiders": insiders.insiders_of(agency),
        "linked": insiders.linked_to(agency),
        "timeline": queries.timeline(agency),
        "may_edit": policies.may_edit(request.user, agency),
    }
    return render(request, "agencies/agency_page.html", context)


@require_safe
def agency_record(request: HttpRequest, uscc: str) -> HttpResponse:
    """The agency's case file as a record that anybody can verify."""
    agency = queries.agency_by(uscc)
    response = HttpResponse(b"".join(record(agency.case.name)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{agency.case.name}.json"'
    return response


@doors.agency_required
@require_safe
def desk_agency(request: doors.DeskRequest) -> HttpResponse:
    """What the agency tells about itself, with the doors to change it."""
    agency = request.organisation.agency
    context = {
        "agency": agency,
        "qualifications": queries.qualification_lines(agency),
        "running_out": queries.running_out(agency),
        "works": agency.past_works.all(),
        "ties": queries.ties_of(agency),
        "insiders": insiders.insiders_of(agency),
    }
    return render(request, "agencies/desk_agency.html", context)


@doors.agency_required
@form_page
def desk_profile(request: doors.DeskRequest) -> HttpResponse:
    """Change the profile."""
    agency = request.organisation.agency
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.showing(agency)
    return _answer(
        request,
        form,
        lambda: actions.change_profile(request.user, agency, form.cleaned_data),
        page={"title": _("修改机构资料"), "submit": _("保存")},
    )


@doors.agency_required
@form_page
def desk_qualification_new(request: doors.DeskRequest) -> HttpResponse:
    """State a certificate."""
    agency = request.organisation.agency
    form = QualificationForm(request.POST or None, request.FILES or None)
    return _answer(
        request,
        form,
        lambda: actions.claim_qualification(request.user, agency, form.claim()),
        page={"title": _("登记资质"), "submit": _("登记"), "hint": _("登记后立即可用于报名；资质真实性在中选时核验。")},
    )


@doors.agency_required
@form_page
def desk_qualification(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """State a certificate anew."""
    row = queries.own_qualification(request.organisation.agency, pk)
    posted = request.method == "POST"
    form = QualificationForm(request.POST, request.FILES) if posted else QualificationForm.showing(row)
    return _answer(
        request,
        form,
        lambda: actions.change_qualification(request.user, row, form.claim()),
        page={"title": _("修改资质"), "submit": _("保存"), "hint": _("修改后需重新核验，原有记录保留在案卷中。")},
    )


@doors.agency_required
@require_POST
def desk_qualification_remove(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Take a claim back."""
    actions.take_back_qualification(request.user, queries.own_qualification(request.organisation.agency, pk))
    return _done(request)


@doors.agency_required
@require_POST
def desk_qualification_look_up(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Have a certificate looked up anew."""
    look_up_soon(queries.own_qualification(request.organisation.agency, pk))
    messages.success(request, _("一分钟内重新核对，结果显示在这里"))
    return redirect("desk_agency")


@doors.agency_required
@form_page
def desk_tie_new(request: doors.DeskRequest) -> HttpResponse:
    """Declare a tie."""
    agency = request.organisation.agency
    form = TieForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda: actions.declare_tie(
            request.user, agency, form.cleaned_data["department"], TieNature(form.cleaned_data["nature"])
        ),
        page={
            "title": _("声明与部门的利益关系"),
            "submit": _("声明"),
            "hint": _("声明后立即公开，存续期间不能参加该部门的采购（P20.1）。隐瞒属于失信行为。"),
        },
    )


@doors.agency_required
@require_POST
def desk_tie_end(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """State that a tie has ended."""
    actions.end_tie(request.user, queries.own_tie(request.organisation.agency, pk))
    return _done(request)


@doors.agency_required
@form_page
def desk_insider_new(request: doors.DeskRequest) -> HttpResponse:
    """Declare an owner or a licensed professional."""
    agency = request.organisation.agency
    form = InsiderForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda: insiders.declare_insider(
            request.user, agency, **{**form.cleaned_data, "kind": InsiderKind(form.cleaned_data["kind"])}
        ),
        page={
            "title": _("公开股东或持证人员"),
            "submit": _("公开"),
            "hint": _("与其他机构共有的股东或持证人员会互相关联展示；重新注册不能洗白信用记录。"),
        },
    )


@doors.agency_required
@require_POST
def desk_insider_end(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """State that somebody has left."""
    insiders.end_insider(request.user, insiders.own_insider(request.organisation.agency, pk))
    return _done(request)


@doors.agency_required
@form_page
def desk_work_new(request: doors.DeskRequest) -> HttpResponse:
    """Show past work."""
    agency = request.organisation.agency
    form = WorkForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda: actions.show_work(request.user, agency, **form.cleaned_data),
        page={"title": _("添加过往业绩"), "submit": _("公开")},
    )


@doors.agency_required
@require_POST
def desk_work_remove(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """Take past work off the page."""
    actions.take_down_work(request.user, queries.own_work(request.organisation.agency, pk))
    return _done(request)


def _answer(request: HttpRequest, form: Form, act: Callable[[], object], *, page: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            return _done(request)
    return render(request, "agencies/desk_form.html", {"form": form, **page})


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("已保存，并记入公开案卷"))
    return redirect("desk_agency")
