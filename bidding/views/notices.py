"""Doors of what happens to a request in public before its selection: change, withdraw, ask, answer (R3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import doors
from accounts.doors import limited
from bidding import actions, announcements, queries
from bidding.forms import AnswerForm, QuestionForm
from bidding.models import Question
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from core.queries import calendar
from marketplace import schedule
from marketplace.forms import CancelForm, ChangeForm
from marketplace.models import Request
from marketplace.policy import failures
from marketplace.queries import own_request
from marketplace.rulesets import ruleset

form_page = require_http_methods(["GET", "HEAD", "POST"])


@doors.buyer_required
@form_page
def request_change(request: doors.DeskRequest, number: str) -> HttpResponse:
    """The one form again, restricted to what may change; the difference is shown before it is made."""
    subject = own_request(request.organisation, number)
    if request.method != "POST":
        return _change_page(request, subject, ChangeForm(subject=subject, initial=ChangeForm.initial_of(subject)))
    form = ChangeForm(request.POST, subject=subject)
    if not form.is_valid():
        return _change_page(request, subject, form, status=400)
    if "confirm" not in request.POST:
        return _change_preview(request, number, form)
    try:
        actions.change(request.organisation, number, form.values, form.cleaned_data["reason"])
    except Refused as refused:
        refused_to_form(form, refused)
        return _change_page(request, subject, form, status=400)
    messages.success(request, _("公告已变更，已报名机构已收到通知。"))
    return redirect("request_page", number)


@doors.buyer_required
@form_page
def request_cancel(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Withdraw a request while it takes enrolments."""
    subject = own_request(request.organisation, number)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(request.organisation, number, form.cleaned_data["reason"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("需求已撤回，原因已公开，已报名机构已收到通知。"))
            return redirect("request_page", number)
    return render(request, "marketplace/request_cancel.html", {"subject": subject, "form": form})


@limited("20/m")
@doors.agency_required
@form_page
def question_ask(request: doors.DeskRequest, number: str) -> HttpResponse:
    """Ask about a request. Nobody learns who asked."""
    subject = queries.public_request(number)
    form = QuestionForm(request.POST or None)
    agency = queries.agency_of(request.user)
    assert agency is not None
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask(agency, number, form.cleaned_data["text"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("问题已公开（第 %(n)s 问），答复后会通知贵机构。") % {"n": asked.n})
            return _to_questions(number)
    context = {"subject": subject, "form": form, "asking_until": announcements.asking_until(subject)}
    return render(request, "bidding/question_ask.html", context, status=400 if form.is_bound else 200)


@doors.buyer_required
@form_page
def question_answer(request: doors.DeskRequest, number: str, n: int) -> HttpResponse:
    """Answer a question, once and in public."""
    subject = own_request(request.organisation, number)
    question = announcements.question(subject, n)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(request.user, request.organisation, number, n, form.cleaned_data["text"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("答复已公开，已报名机构已收到通知。"))
            return _to_questions(number)
    return _answer_page(request, subject, question, form)


def _answer_page(request: doors.DeskRequest, subject: Request, question: Question, form: AnswerForm) -> HttpResponse:
    context = {"subject": subject, "question": question, "form": form}
    return render(request, "bidding/question_answer.html", context, status=400 if form.is_bound else 200)


def _to_questions(number: str) -> HttpResponse:
    response = redirect("request_page", number)
    response["Location"] += "#questions"
    return response


def _change_preview(request: doors.DeskRequest, number: str, form: ChangeForm) -> HttpResponse:
    """Check your answers: what will be different, what the policy check says, and the new deadline."""
    subject = own_request(request.organisation, number)
    seen = announcements.preview(own_request(request.organisation, number), form.values)
    failing = failures(seen.findings)
    if failing or not seen.changes:
        if not seen.changes:
            form.add_error(None, _("没有任何变更"))
        return _change_page(request, subject, form, failing=failing, status=400)
    numbers = ruleset(subject.ruleset)
    ceiling = form.values.get("ceiling", subject.ceiling)
    context = {
        "subject": subject,
        "form": form,
        "sent": [(name, value) for name, value in request.POST.items() if name in form.fields],
        "changes": seen.changes,
        "notice": schedule.notice(database_now(), subject.method, ceiling, numbers, calendar()),
        "any_time": numbers.live.any_time_after_seconds,
    }
    return render(request, "bidding/request_change_preview.html", context)


def _change_page(
    request: doors.DeskRequest, subject: Request, form: ChangeForm, *, failing: Any = (), status: int = 200
) -> HttpResponse:
    numbers = announcements.numbers_of(subject)
    changed = announcements.changes_of(subject.number or "").count()
    context = {
        "subject": subject,
        "form": form,
        "failing": failing,
        "open": subject.status == "published" and numbers is not None,
        "left": max(numbers.changes_most - changed, 0) if numbers else 0,
    }
    return render(request, "bidding/request_change.html", context, status=status)
