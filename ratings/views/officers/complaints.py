"""Officers' doors of complaints: one page with everything beside the rule; who complained and the evidence behind recorded looks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from accounts.models import Organisation, User
from accounts.queries import organisations_of
from contracts.forms import DoorForm
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from core.views import attachment
from ratings.actions import complaints as actions
from ratings.actions.complaints import UPHELD_ACT, Finding
from ratings.actions.exits import look_at
from ratings.forms import complaints as made
from ratings.models import Complaint, ComplaintStatus
from ratings.queries import complaints as queries
from ratings.queries import hands
from ratings.rules.complaints import ComplaintStep
from ratings.views.complaints import file_name

PAGE_SIZE = 30


@dataclass(frozen=True)
class Door:
    """A verb's form, what it does, and what is said when it is done."""

    form: Callable[[Complaint, Any, str], Any]
    act: Callable[[doors.Acting, str, dict[str, Any]], object]
    done: str | Promise


def _plain(kind: type[DoorForm]) -> Callable[[Complaint, Any, str], Any]:
    return lambda _complaint, data, key: kind(data, key=key)


def _decision(complaint: Complaint, data: Any, key: str) -> made.DecideForm:
    initial = {"act": UPHELD_ACT}
    return made.DecideForm(data, key=key, initial=initial, agency=complaint.agency_id is not None)


def _finding(data: dict[str, Any]) -> Finding:
    return Finding(data["outcome"] == "upheld", data["reasons"], data["summary"], data.get("act") or UPHELD_ACT)


DOORS: dict[str, Door] = {
    "take": Door(
        _plain(made.EmptyForm),
        lambda r, n, _d: actions.take(r.user, r.organisation, n),
        _("您已接办此件。"),
    ),
    "accept": Door(
        _plain(made.EmptyForm),
        lambda r, n, _d: actions.accept(r.user, r.organisation, n),
        _("已受理，开始调查。"),
    ),
    "refuse": Door(
        _plain(made.RefuseForm),
        lambda r, n, d: actions.refuse_acceptance(r.user, r.organisation, n, d["reasons"]),
        _("已不予受理，并告知投诉人。"),
    ),
    "put": Door(
        _plain(made.PutForm),
        lambda r, n, d: actions.put_to_subject(r.user, r.organisation, n, d["text"]),
        _("已通知被投诉方说明。"),
    ),
    "statement": Door(
        _plain(made.RecordStatementForm),
        lambda r, n, d: actions.record_statement(r.user, r.organisation, n, d["text"]),
        _("说明已记录。"),
    ),
    "extend": Door(
        _plain(made.EmptyForm),
        lambda r, n, _d: actions.extend(r.user, r.organisation, n),
        _("调查期限已延长。"),
    ),
    "decide": Door(
        _decision,
        lambda r, n, d: actions.decide_complaint(r.user, r.organisation, n, _finding(d)),
        _("结论已记录。"),
    ),
}


@doors.officer_required
@require_safe
@never_cache
def officer_complaints(request: doors.DeskRequest) -> HttpResponse:
    """All complaints, or those of a status, and beside them what was reported without signing in."""
    status = request.GET.get("status", "")
    page = Paginator(queries.officers_complaints(status), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "statuses": ComplaintStatus,
        "chosen": status,
        "reports": queries.anonymous_reports(),
        "now": database_now(),
    }
    return render(request, "ratings/complaint_officer_list.html", context)


@doors.officer_required
@require_safe
@never_cache
def officer_complaint(request: doors.DeskRequest, number: str) -> HttpResponse:
    """One complaint: what was said, deadlines, and what may be done next by this reader."""
    return _show(request, number)


@doors.limited("60/m")
@doors.officer_required
@require_POST
def officer_complaint_act(request: doors.DeskRequest, number: str, verb: str) -> HttpResponse:
    """Take one step; what is refused comes back with everything that was typed."""
    door = DOORS.get(verb)
    if door is None:
        raise Http404(verb)
    page = queries.page_for_officer(request.user, request.organisation, number)
    form = door.form(page.complaint, request.POST, verb)
    too_late = False
    if form.is_valid():
        try:
            door.act(request, number, form.cleaned_data)
        except Refused as refused:
            refused_to_form(form, refused)
            too_late = isinstance(refused, ComplaintStep)
    if form.errors:
        return _show(request, number, wrong=(verb, form), too_late=too_late)
    messages.success(request, str(door.done))
    return redirect("officer_complaint", number)


@doors.limited("60/m")
@doors.officer_required
@require_POST
@never_cache
def complainer(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Who complained, for the handler; a press of its own, because the look is recorded."""
    complaint = actions.look_at_secret(request.user, request.organisation, number, "complainer")
    context = {"complaint": complaint, "organisations": organisations_of(complaint.filed_by)}
    return render(request, "ratings/complaint_complainer.html", context)


@doors.officer_required
@require_safe
@never_cache
def complaint_evidence(request: doors.DeskRequest, number: str, n: int) -> HttpResponse:
    """A file of a complaint, for the handler; the look is recorded."""
    complaint = actions.look_at_secret(request.user, request.organisation, number, f"evidence {n}")
    found = get_object_or_404(complaint.files.select_related("file"), n=n)
    return attachment(found.file, file_name(number, n, found.file))


def looked_at(user: User, by: Organisation, number: str) -> queries.ComplaintPage:
    """The page; that it shows what was said, which may tell who complained, is a recorded look. Raises Http404."""
    page = queries.page_for_officer(user, by, number)
    if page.readable:
        look_at(user, f"{number} text")
    return page


def _show(
    request: doors.DeskRequest, number: str, wrong: tuple[str, Any] | None = None, *, too_late: bool = False
) -> HttpResponse:
    page = looked_at(request.user, request.organisation, number)
    for verb in page.verbs:
        refused = wrong is not None and verb.name == wrong[0]
        verb.form = wrong[1] if refused and wrong else DOORS[verb.name].form(page.complaint, None, verb.name)
    hand = hands.of_complaint(page.complaint) if too_late else None
    context = {
        "page": page,
        "complaint": page.complaint,
        "now": database_now(),
        "wrong": wrong[1] if wrong else None,
        "taken": hand.told() if hand and hand.by != request.user else "",
    }
    return render(request, "ratings/complaint_officer.html", context, status=400 if wrong else 200)
