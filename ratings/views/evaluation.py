"""Doors of evaluation: one page with what is public, what the reader may still say, and what was said back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from accounts.models import Kind
from accounts.queries import organisation_of
from contracts.forms import DoorForm
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from ratings.actions import evaluations
from ratings.forms import evaluation as made
from ratings.models import DisputeStatus, FiveGrades, Mark, MarkSide, Outcome
from ratings.papers import moment
from ratings.queries.evaluation import disputes_open, evaluation_in_public, page_for
from ratings.queries.evaluation_facts import outcomes_of
from ratings.rules.evaluation_refusals import EvaluationOver, RatedAlready

_PAGE_SIZE = 30


@dataclass(frozen=True)
class Door:
    """A verb about one mark: its form, what it does, and what is said when it is done."""

    form: type[DoorForm]
    act: Callable[[doors.Acting, str, MarkSide, dict[str, Any]], object]
    done: str | Promise


DOORS: dict[str, Door] = {
    "reply": Door(
        made.WordsForm,
        lambda r, n, side, data: evaluations.reply(r.user, r.organisation, n, side, data["text"]),
        gettext_lazy("回应已公开。"),
    ),
    "dispute": Door(
        made.WordsForm,
        lambda r, n, side, data: evaluations.dispute(r.user, r.organisation, n, side, data["text"]),
        gettext_lazy("争议已提交，裁定前这份评价不计入信用。"),
    ),
    "report": Door(
        made.WordsForm,
        lambda r, n, side, data: evaluations.report_rectification(r.user, r.organisation, n, side, data["text"]),
        gettext_lazy("整改情况已报告，等待评价方确认。"),
    ),
    "judge": Door(
        made.JudgeForm,
        lambda r, n, side, data: evaluations.judge_rectification(
            r.organisation, n, side, data["text"], confirmed=data["confirmed"] == "yes"
        ),
        gettext_lazy("整改意见已记录。"),
    ),
}
DECIDE = Door(
    made.VerdictForm,
    lambda r, n, side, data: evaluations.decide_dispute(
        r.user, r.organisation, n, side, DisputeStatus(data["verdict"]), data["text"]
    ),
    gettext_lazy("裁定已公布。"),
)


@require_safe
@never_cache
def evaluation_page(request: HttpRequest, number: str) -> HttpResponse:
    """What was said, once it is revealed; before that, who may still rate until when."""
    return _show(request, number)


@doors.limited("30/m")
@doors.member_required
@require_POST
def evaluation_rate(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The reader's own side rates."""
    page = page_for(number, request.organisation)
    if page.side is None:
        # Too late or twice is said; who has no side here finds no door.
        if page.own is not None:
            raise RatedAlready()
        if request.organisation.pk in (page.contract.buyer_id, page.contract.agency_id):
            raise EvaluationOver(until=moment(page.evaluation.closes_at))
        raise Http404(number)
    form = _rate_form(page.side, request.POST)
    if form.is_valid():
        try:
            _rate(request, number, page.side, form)
        except Refused as refused:
            refused_to_form(form, refused)
    if form.errors:
        return _show(request, number, rating=form)
    messages.success(request, _("评价已提交，公开前只有贵单位可以看到。"))
    return redirect("evaluation_page", number)


@doors.limited("30/m")
@doors.member_required
@require_POST
def evaluation_act(request: doors.DeskRequest, number: str, side: str, verb: str) -> HttpResponse:
    """Reply, dispute, report or judge what was put right."""
    door = DOORS.get(verb)
    if door is None:
        raise Http404(verb)
    return _act(request, number, side, verb, door)


@doors.limited("30/m")
@doors.officer_required
@require_POST
def evaluation_decide(request: doors.DeskRequest, number: str, side: str) -> HttpResponse:
    """An officer decides on a dispute."""
    return _act(request, number, side, "decide", DECIDE)


@doors.buyer_required
@require_safe
@never_cache
def outcomes(request: doors.DeskRequest) -> HttpResponse:
    """A department's list of finished contracts in its field, those that wait for it first."""
    if request.organisation.kind != Kind.DEPARTMENT:
        raise Http404
    page = Paginator(outcomes_of(request.organisation), _PAGE_SIZE).get_page(request.GET.get("page"))
    mine = Mark.objects.filter(organisation=request.organisation, evaluation__in=list(page.object_list))
    given = set(mine.values_list("evaluation_id", flat=True))
    context = {"page_obj": page, "given": given, "now": database_now(), "organisation": request.organisation}
    return render(request, "ratings/outcomes.html", context)


@doors.officer_required
@require_safe
@never_cache
def disputes(request: doors.DeskRequest) -> HttpResponse:
    """Disputes about marks that wait for a regulator."""
    page = Paginator(disputes_open(), _PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "ratings/disputes.html", {"page_obj": page, "now": database_now()})


def _act(request: doors.DeskRequest, number: str, side: str, verb: str, door: Door) -> HttpResponse:
    evaluation_in_public(number)
    if side not in MarkSide.values:
        raise Http404(side)
    form = door.form(request.POST, key=f"{verb}-{side}")
    if form.is_valid():
        try:
            door.act(request, number, MarkSide(side), form.cleaned_data)
        except Refused as refused:
            refused_to_form(form, refused)
    if form.errors:
        return _show(request, number, bound=form)
    messages.success(request, str(door.done))
    return redirect(f"{reverse('evaluation_page', args=[number])}#mark-{side}")


def _show(
    request: HttpRequest, number: str, *, rating: DoorForm | None = None, bound: DoorForm | None = None
) -> HttpResponse:
    page = page_for(number, organisation_of(request.user))
    if page.side is not None:
        page.form = rating if rating is not None else _rate_form(page.side, None, _preset(request))
    for row in page.rows:
        row.forms = {verb: _form(verb, f"{verb}-{row.mark.side}", bound) for verb in row.doors}
    wrong = rating if rating is not None else bound
    context = {"page": page, "subject": page.contract.award.request, "wrong": wrong, "grades": FiveGrades}
    return render(request, "ratings/evaluation.html", context, status=200 if wrong is None else 400)


def _form(verb: str, key: str, bound: DoorForm | None) -> DoorForm:
    kind = DECIDE.form if verb == "decide" else DOORS[verb].form
    return bound if bound is not None and bound.door == key else kind(key=key)


def _rate_form(side: MarkSide, data: Any, preset: int | None = None) -> DoorForm:
    if side == MarkSide.DEPARTMENT:
        return made.OutcomeForm(data, key="rate")
    return made.RateForm(data, key="rate", side=side, preset=preset)


def _rate(request: doors.DeskRequest, number: str, side: MarkSide, form: DoorForm) -> None:
    who = request.user, request.organisation
    if isinstance(form, made.RateForm):
        verb = evaluations.rate_agency if side == MarkSide.BUYER else evaluations.rate_buyer
        verb(*who, number, form.said())
    else:
        data = form.cleaned_data
        evaluations.rate_outcome(*who, number, Outcome(data["outcome"]), data["document"], data["comment"])


def _preset(request: HttpRequest) -> int | None:
    """The grade that the reader asked to fill in everywhere."""
    wanted = request.GET.get("all", "")
    return int(wanted) if wanted in {str(grade.value) for grade in FiveGrades} else None
