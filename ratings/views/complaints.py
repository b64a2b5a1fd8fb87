"""Doors of who complains and of who is complained about. Who complained is on no page but his own."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import doors
from accounts.models import Kind, Organisation, User
from accounts.queries import organisation_of
from agencies.queries import agency_by
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from core.models import StoredFile
from core.views import attachment
from marketplace.models import ItemStatus
from marketplace.queries import item_in_public, request_in_public
from ratings.actions import complaints as actions
from ratings.actions.complaints import Target
from ratings.forms.complaints import ComplaintForm, StatementOfSubjectForm
from ratings.models import ComplaintKind, ComplaintStatus
from ratings.queries import complaints as queries

_SUFFIX = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@doors.limited("10/h")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_complaint(request: HttpRequest) -> HttpResponse:
    """One form; whom it is about, and so its kind, comes from where the reader came from."""
    user = cast("User", request.user)
    target, kinds = target_of(request.GET)
    deliveries = deliveries_about(user, target)
    form = ComplaintForm(
        request.POST or None,
        request.FILES or None,
        kinds=kinds,
        department=target.agency is None and target.organisation is None and target.request is None,
        deliveries=[(one.pk, str(one.milestone.contract.award.request.number)) for one in deliveries],
    )
    if request.method == "POST" and form.is_valid():
        try:
            complaint = actions.file_complaint(user, chosen(target, kinds, form, deliveries), *_said(form))
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("已收到您的投诉，编号 %(number)s。") % {"number": complaint.number})
            return redirect("my_complaint", complaint.number)
    context = {"form": form, "target": target, "kinds": kinds}
    return render(request, "ratings/complaint_new.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
@never_cache
def my_complaints(request: HttpRequest) -> HttpResponse:
    """What the reader filed, and what was put to his organisation."""
    user = cast("User", request.user)
    organisation = organisation_of(user)
    about = queries.put_to(organisation) if organisation else []
    context = {"mine": queries.complaints_by(user), "about": about, "now": database_now()}
    return render(request, "ratings/complaint_list.html", context)


@login_required
@require_safe
@never_cache
def my_complaint(request: HttpRequest, number: str) -> HttpResponse:
    """One that the reader filed: where it stands, by when, and how it ended."""
    complaint = queries.complaint_by(cast("User", request.user), number)
    return render(request, "ratings/complaint_mine.html", {"complaint": complaint, "now": database_now()})


@login_required
@require_safe
@never_cache
def my_evidence(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """A file that the reader put in."""
    found = get_object_or_404(queries.complaint_by(cast("User", request.user), number).files, n=n)
    return attachment(found.file, file_name(number, n, found.file))


@doors.limited("30/m")
@doors.member_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def about_us(request: doors.DeskRequest, number: str) -> HttpResponse:
    """What was put to the subject, and its answer."""
    complaint = queries.put_to_by(request.organisation, number)
    form = StatementOfSubjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state(request.user, request.organisation, number, form.cleaned_data["text"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("说明已提交。"))
            return redirect("complaint_about_us", number)
    now = database_now()
    until = complaint.statement_until
    asked = complaint.status == ComplaintStatus.INVESTIGATING and complaint.stated_at is None
    context = {"complaint": complaint, "form": form, "may_state": asked and until is not None and now < until}
    return render(request, "ratings/complaint_about_us.html", context, status=400 if form.errors else 200)


def file_name(number: str, n: int, stored: StoredFile) -> str:
    """A name that tells nothing: `T-2026-000001-2.pdf`."""
    return f"{number}-{n}.{_SUFFIX.get(stored.media_type, 'bin')}"


def target_of(query: Mapping[str, str]) -> tuple[Target, list[ComplaintKind]]:
    """From the address: exactly one of agency, request, organisation, item; none is a department by name. Raises Http404."""
    given = {key: query[key] for key in ("agency", "request", "organisation", "item") if query.get(key)}
    if len(given) > 1:
        raise Http404
    match list(given.items()):
        case [("agency", uscc)]:
            return Target(ComplaintKind.AGENCY, agency=agency_by(uscc)), [ComplaintKind.AGENCY]
        case [("request", number)]:
            return _of_request(number)
        case [("organisation", uscc)]:
            return _of_organisation(uscc)
        case [("item", code)]:
            item = item_in_public(code)
            if item.status != ItemStatus.CANCELLED:
                raise Http404
            return Target(ComplaintKind.DEMAND, item=item), [ComplaintKind.DEMAND]
        case _:
            return Target(ComplaintKind.STEERING), [ComplaintKind.STEERING]


def _of_request(number: str) -> tuple[Target, list[ComplaintKind]]:
    target = Target(ComplaintKind.REQUEST, request=request_in_public(number))
    return target, [ComplaintKind.REQUEST]


def _of_organisation(uscc: str) -> tuple[Target, list[ComplaintKind]]:
    """An enterprise only buys; a department may also steer, a regulator only steer (P20.5)."""
    body = get_object_or_404(Organisation.objects.exclude(kind=Kind.AGENCY), uscc=uscc.upper())
    kinds = {
        Kind.ENTERPRISE: [ComplaintKind.BUYER],
        Kind.DEPARTMENT: [ComplaintKind.STEERING, ComplaintKind.BUYER],
        Kind.REGULATOR: [ComplaintKind.STEERING],
    }[Kind(body.kind)]
    return Target(kinds[0], organisation=body), kinds


def deliveries_about(user: User, target: Target) -> list[Any]:
    """The complainer's deliveries that the target rejected."""
    if target.organisation is None:
        return []
    return list(queries.rejected_deliveries(organisation_of(user), target.organisation))


def chosen(target: Target, kinds: list[ComplaintKind], form: ComplaintForm, deliveries: list[Any]) -> Target:
    """The target with what the form says of it; only after `is_valid`."""
    data = form.cleaned_data
    kind = ComplaintKind(data.get("kind") or kinds[0])
    picked = next((one for one in deliveries if one.pk == data.get("delivery")), None)
    return Target(
        kind,
        agency=target.agency,
        organisation=target.organisation,
        request=target.request,
        item=target.item,
        department=data.get("department", ""),
        delivery=picked if kind == ComplaintKind.BUYER else None,
    )


def _said(form: ComplaintForm) -> tuple[str, list[Any]]:
    return form.cleaned_data["text"], form.cleaned_data["files"]
