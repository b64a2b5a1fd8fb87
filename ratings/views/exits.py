"""Doors of exit cases: the agency's own side of one, and what everybody may read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from agencies.commitments import AGENCY
from contracts.forms import DoorForm
from core.errors import Refused
from core.filtering import chips
from core.http import refused_to_form
from core.views import attachment
from journal.queries import record
from ratings import filters
from ratings.actions import exits
from ratings.forms import exits as made
from ratings.models import DocumentKind, ExitCase
from ratings.queries import exits as queries
from ratings.queries.dates import dates_of


@dataclass(frozen=True)
class Door:
    """A verb's form, what it does, and what is said when it is done."""

    form: Callable[..., Any]
    act: Callable[[doors.Acting, str, Any], object]
    done: str | Promise


DOORS: dict[str, Door] = {
    "receive": Door(
        DoorForm, lambda r, n, f: exits.receive_notice(r.organisation, n), _("告知书已查收，申辩期限开始计算。")
    ),
    "defend": Door(
        made.DefenceForm,
        lambda r, n, f: exits.defend(r.user, r.organisation, n, f.arguments, f.cleaned_data["files"]),
        _("陈述申辩已提交，决定书将逐条回应。"),
    ),
    "time": Door(DoorForm, lambda r, n, f: exits.ask_for_time(r.organisation, n), _("申辩期限已延长。")),
    "hearing": Door(DoorForm, lambda r, n, f: exits.ask_for_hearing(r.organisation, n), _("已申请听证。")),
    "appeal": Door(
        made.AppealForm,
        lambda r, n, f: exits.appeal(r.user, r.organisation, n, f.cleaned_data["text"]),
        _("申诉已提交，处理决定暂不生效。"),
    ),
    "repair": Door(
        made.CorrectionForm,
        lambda r, n, f: exits.ask_to_repair_measure(r.user, r.organisation, n, f.cleaned_data["correction"]),
        _("信用修复申请已提交。"),
    ),
    "reentry": Door(
        made.ReentryForm,
        lambda r, n, f: exits.ask_for_reentry(
            r.user, r.organisation, n, f.cleaned_data["correction"], signed=f.cleaned_data["signed"]
        ),
        _("重新入驻申请已提交。"),
    ),
}


@doors.agency_required
@require_safe
@never_cache
def desk_cases(request: doors.DeskRequest) -> HttpResponse:
    """The cases about an agency, and leaving of its own will."""
    agency = request.organisation.agency
    context = {"cases": queries.cases_of(request.organisation), "agency": agency, "form": DoorForm()}
    return render(request, "ratings/desk_cases.html", context)


@doors.agency_required
@require_safe
@never_cache
def desk_case(request: doors.DeskRequest, number: str) -> HttpResponse:
    """One of them, with the whole file once the notice is received."""
    return _show(request, queries.case_of_party(request.organisation, number))


@doors.limited("60/m")
@doors.agency_required
@require_POST
def desk_case_act(request: doors.DeskRequest, number: str, verb: str) -> HttpResponse:
    """Take a step; what is refused comes back with everything that was typed."""
    case = queries.case_of_party(request.organisation, number)
    door = DOORS.get(verb)
    if door is None:
        raise Http404(verb)
    form = door.form(request.POST, request.FILES, key=verb)
    if form.is_valid():
        try:
            door.act(request, number, form)
        except Refused as refused:
            refused_to_form(form, refused)
    if form.errors:
        case.refresh_from_db()
        return _show(request, case, wrong=(verb, form))
    messages.success(request, str(door.done))
    return redirect("desk_case", number)


@doors.agency_required
@require_safe
@never_cache
def desk_evidence(request: doors.DeskRequest, number: str, pk: int) -> HttpResponse:
    """A file of its own case."""
    case = queries.case_of_party(request.organisation, number)
    if case.served_at is None:
        raise Http404
    evidence = get_object_or_404(case.evidence.select_related("file"), pk=pk)
    return attachment(evidence.file, evidence.name)


@doors.limited("10/m")
@doors.agency_required
@require_POST
def desk_withdraw(request: doors.DeskRequest) -> HttpResponse:
    """Take part no more, or again."""
    agency = request.organisation.agency
    if agency.withdrawn_at is None:
        exits.withdraw(agency)
        messages.success(request, str(_("已自行退出：不再参与新的选取，在履合同和义务不变。")))
    else:
        exits.come_back(agency)
        messages.success(request, str(_("已恢复参与。")))
    return redirect("desk_cases")


@require_safe
def exit_list(request: HttpRequest) -> HttpResponse:
    """处理公示: every measure and every correction."""
    found = filters.ExitFilter(request.GET, queryset=queries.public_cases())
    pages = found.pages
    page = pages.get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "page_obj": page,
        "summary": filters.summary(found, pages.shown),
        "chips": chips(found),
        "loosened": [] if pages.found else filters.loosened(found),
    }
    return render(request, "ratings/exit_list.html", context)


@require_safe
def exit_page(request: HttpRequest, number: str) -> HttpResponse:
    """One published case: decision, minutes, appeal, correction."""
    case = queries.public_case(number)
    public = case.documents.filter(public_at__isnull=False) | case.documents.filter(kind=DocumentKind.MINUTES)
    context = {"case": case, "documents": public.distinct().order_by("-pk"), "dates": dates_of(case)}
    return render(request, "ratings/exit_page.html", context)


@require_safe
def exit_record(request: HttpRequest, number: str) -> HttpResponse:
    """The case's file as a record that anybody can verify, once it is public."""
    queries.must_be_public(number)
    response = HttpResponse(b"".join(record(number)), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return response


def _show(request: doors.DeskRequest, case: ExitCase, wrong: tuple[str, Any] | None = None) -> HttpResponse:
    verbs = queries.verbs_of(case)
    for verb in verbs:
        verb.form = wrong[1] if wrong and verb.name == wrong[0] else DOORS[verb.name].form(key=verb.name)
    received = case.noticed_at is not None and case.served_at is not None
    context = {
        "case": case,
        "verbs": verbs,
        "dates": dates_of(case),
        "documents": case.documents.order_by("-pk") if received else [],
        "evidence": case.evidence.all() if received else [],
        "commitment": AGENCY,
        "received": received,
        "wrong": wrong[1] if wrong else None,
    }
    return render(request, "ratings/desk_case.html", context, status=400 if wrong else 200)
