"""Officers' doors of exit cases: one page with everything beside the rule, each next action one form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.models import User
from agencies.queries import agency_by
from contracts.forms import DoorForm
from core.errors import Refused
from core.http import refused_to_form
from core.views import attachment
from ratings.actions import exits
from ratings.forms import officers as made
from ratings.models import AppealOutcome, DocumentKind, Evidence, Measure, Step, Trigger
from ratings.queries import hands
from ratings.queries.officers import CasePage, case_for_officer, cases, page_for
from ratings.rules.exit_refusals import ExitStep, InterimNeedsHarm

PAGE_SIZE = 30


@dataclass(frozen=True)
class Door:
    """A verb's form, what it does, and what is said when it is done."""

    form: Callable[[CasePage, Any, str], Any]
    act: Callable[[doors.Acting, str, Any], object]
    done: str | Promise


def _plain(kind: type[DoorForm]) -> Callable[[CasePage, Any, str], Any]:
    return lambda _page, data, key: kind(data, key=key)


def _ruling(page: CasePage, data: Any, key: str) -> made.RulingForm:
    initial = {"measure": page.case.proposed}
    return made.RulingForm(data, key=key, initial=initial, arguments=page.arguments, items=page.items)


def _who(request: doors.Acting) -> tuple[Any, Any]:
    return request.user, request.organisation


DOORS: dict[str, Door] = {
    "notice": Door(
        _plain(made.NoticeForm),
        lambda r, n, f: exits.serve_notice(*_who(r), n, f.cleaned_data["reasons"]),
        gettext_lazy("告知书已发出。"),
    ),
    "dismiss": Door(
        _plain(made.ReasonsForm),
        lambda r, n, f: exits.dismiss(*_who(r), n, f.cleaned_data["reasons"]),
        gettext_lazy("已不予立案，不公开。"),
    ),
    "set_hearing": Door(
        _plain(made.SetHearingForm),
        lambda r, n, f: exits.set_hearing(*_who(r), n, f.cleaned_data["at"], f.cleaned_data["place"]),
        gettext_lazy("听证通知书已发出。"),
    ),
    "minutes": Door(
        _plain(made.MinutesForm),
        lambda r, n, f: exits.hold_hearing(*_who(r), n, f.cleaned_data["minutes"]),
        gettext_lazy("听证笔录已归档。"),
    ),
    "decide": Door(
        _ruling,
        lambda r, n, f: exits.decide(*_who(r), n, f.ruling()),
        gettext_lazy("决定已记录。"),
    ),
    "second": Door(
        _plain(made.SecondForm),
        lambda r, n, f: exits.second(
            *_who(r), n, agrees=f.cleaned_data["agrees"] == "yes", opinion=f.cleaned_data["opinion"]
        ),
        gettext_lazy("审议意见已记录。"),
    ),
    "decide_appeal": Door(
        _plain(made.AppealDecisionForm),
        lambda r, n, f: exits.decide_appeal(*_who(r), n, _outcome(f.cleaned_data)),
        gettext_lazy("申诉决定已公布。"),
    ),
    "interim": Door(
        _plain(made.InterimForm),
        lambda r, n, f: exits.order_interim(*_who(r), n, f.cleaned_data["reason"]),
        gettext_lazy("暂时停止已生效，请另一名工作人员复核。"),
    ),
    "review_interim": Door(
        _plain(made.ReviewForm),
        lambda r, n, f: exits.review_interim(
            *_who(r), n, f.cleaned_data["opinion"], keep=f.cleaned_data["keep"] == "yes"
        ),
        gettext_lazy("复核意见已记录。"),
    ),
    "decide_reentry": Door(
        _plain(made.GrantForm),
        lambda r, n, f: exits.decide_reentry(
            *_who(r), n, f.cleaned_data["opinion"], granted=f.cleaned_data["granted"] == "yes"
        ),
        gettext_lazy("审核意见已记录。"),
    ),
}


@doors.officer_required
@require_safe
@never_cache
def officer_cases(request: doors.DeskRequest) -> HttpResponse:
    """All cases, or those at one step."""
    step = request.GET.get("step", "")
    page = Paginator(cases(step), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "ratings/officer_cases.html", {"page_obj": page, "steps": Step, "chosen": step})


@doors.officer_required
@require_safe
@never_cache
def officer_case(request: doors.DeskRequest, number: str) -> HttpResponse:
    """One case: facts beside the rule, documents, deadlines, and what may be done next by this reader."""
    return _show(request, number)


@doors.limited("60/m")
@doors.officer_required
@require_POST
def officer_act(request: doors.DeskRequest, number: str, verb: str) -> HttpResponse:
    """Take one step; what is refused comes back with everything that was typed."""
    door = DOORS.get(verb)
    if door is None:
        raise Http404(verb)
    page = page_for(case_for_officer(number), request.user)
    form = door.form(page, request.POST, verb)
    too_late = False
    if form.is_valid():
        try:
            door.act(request, number, form)
        except Refused as refused:
            refused_to_form(form, refused)
            too_late = isinstance(refused, ExitStep | InterimNeedsHarm)
    if form.errors:
        return _show(request, number, wrong=(verb, form), too_late=too_late)
    messages.success(request, str(door.done))
    return redirect("officer_case", number)


@doors.limited("30/m")
@doors.officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def officer_open(request: doors.DeskRequest, uscc: str) -> HttpResponse:
    """Open a case against an agency on facts that no rule can see."""
    agency = agency_by(uscc)
    form = made.OpenCaseForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            case = exits.open_by_officer(
                request.user,
                request.organisation,
                agency,
                Trigger(data["trigger"]),
                data["text"],
                Measure(data["proposed"]),
                data["files"],
            )
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("已立案。"))
            return redirect("officer_case", case.number)
    status = 400 if form.errors else 200
    return render(request, "ratings/officer_open.html", {"form": form, "agency": agency}, status=status)


@doors.officer_required
@require_safe
@never_cache
def officer_document(request: doors.DeskRequest, number: str, pk: int) -> HttpResponse:
    """A document of a case; looking at one that is not public is recorded."""
    document = exits.look_at_document(request.user, number, pk)
    return render(request, "ratings/officer_document.html", {"document": document, "case": document.case})


@doors.officer_required
@require_safe
@never_cache
def officer_evidence(request: doors.DeskRequest, number: str, pk: int) -> HttpResponse:
    """A file of a case; looking at it is recorded."""
    evidence = get_object_or_404(Evidence.objects.select_related("file"), pk=pk, case__number=number)
    exits.look_at(request.user, f"{number} {evidence.file.sha256[:16]}")
    return attachment(evidence.file, evidence.name)


def looked_at(user: User, number: str) -> CasePage:
    """The page; that it shows what the agency said in its defence is a look at a protected document. Raises Http404."""
    page = page_for(case_for_officer(number), user)
    for defence in page.case.documents.filter(kind=DocumentKind.DEFENCE):
        exits.look_at(user, defence.number)
    return page


def _show(
    request: doors.DeskRequest, number: str, wrong: tuple[str, Any] | None = None, *, too_late: bool = False
) -> HttpResponse:
    page = looked_at(request.user, number)
    for verb in page.verbs:
        if wrong and verb.name == wrong[0]:
            verb.form = wrong[1]
        elif not verb.blocked:
            verb.form = DOORS[verb.name].form(page, None, verb.name)
    hand = hands.of_case(page.case) if too_late else None
    context = {
        "page": page,
        "case": page.case,
        "wrong": wrong[1] if wrong else None,
        "taken": hand.told() if hand and hand.by != request.user else "",
    }
    return render(request, "ratings/officer_case.html", context, status=400 if wrong else 200)


def _outcome(data: dict[str, Any]) -> exits.Outcome:
    measure = Measure(data["measure"]) if data["measure"] else None
    return exits.Outcome(AppealOutcome(data["outcome"]), data["reasons"], measure, data["months"])
