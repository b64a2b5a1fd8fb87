"""Doors of experts: what waits for their marks, the marks themselves, a conflict; and the operator's door to the pool."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.models import User
from bidding import experts, plans, queries
from bidding.actions import give_marks, nominate_expert, recuse, retire_expert
from bidding.forms import ExpertForm
from bidding.models import Seat, Stage
from core.clock import database_now
from core.errors import Refused
from marketplace.models import Request
from marketplace.rulesets import Merit, ruleset

_SHOWN = 30


@login_required
@require_safe
@never_cache
def expert(request: HttpRequest) -> HttpResponse:
    """Where the expert sits and sat, what waits first; a stranger finds nothing here."""
    assert isinstance(request.user, User)
    found = experts.expert_of(request.user)
    if found is None:
        raise Http404
    seats = list(experts.seats_of(request.user)[:_SHOWN])
    waiting = sorted(experts.waited_for(seats), key=lambda one: one.due_at)
    past = [one for one in seats if one not in waiting]
    return render(request, "bidding/expert.html", {"expert": found, "waiting": waiting, "past": past})


@doors.limited("60/m")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def expert_marks(request: HttpRequest, number: str) -> HttpResponse:
    """The plans by label, and a mark with its reason for each; what was typed is kept where it is refused."""
    subject, seat = _seat(request, number)
    if request.method != "POST":
        return _page(request, subject, seat)
    assert isinstance(request.user, User)
    sent = _sent(request)
    try:
        give_marks(request.user, number, sent)
    except Refused as refused:
        return _page(request, subject, seat, sent, f"{refused.text}。{refused.remedy}", status=400)
    messages.success(request, _("评分已封存，全部专家提交后一并公开。"))
    return redirect("expert_marks", number)


@doors.limited("30/m")
@login_required
@require_POST
def expert_conflict(request: HttpRequest, number: str) -> HttpResponse:
    """Declare a conflict of interest; the next of the drawn order follows."""
    subject, seat = _seat(request, number)
    assert isinstance(request.user, User)
    try:
        recuse(request.user, number)
    except Refused as refused:
        return _page(request, subject, seat, trouble=f"{refused.text}。{refused.remedy}", status=400)
    messages.success(request, _("已回避，由抽取顺序的下一位专家接替。"))
    return redirect("expert")


@doors.operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def operate_experts(request: doors.OperatorRequest) -> HttpResponse:
    """Who is in the pool, and the form that asks somebody in."""
    form = ExpertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["email"]
        made = nominate_expert(request.user, member.user, member.organisation, form.cleaned_data["items"])
        messages.success(request, _("已聘任，专家编号 %(code)s。") % {"code": made.code})
        return redirect("operate_experts")
    pool = experts.pool().prefetch_related("items")
    return render(
        request, "bidding/operate_experts.html", {"form": form, "pool": pool}, status=400 if form.errors else 200
    )


@doors.operator_required
@require_POST
def expert_retire(request: doors.OperatorRequest, pk: int) -> HttpResponse:
    """No draw sealed from now on has this expert."""
    retire_expert(pk)
    messages.success(request, _("已退出专家库；已被抽中的评审不受影响。"))
    return redirect("operate_experts")


def _seat(request: HttpRequest, number: str) -> tuple[Request, Seat]:
    """The request and the user's seat; absent and not yours look the same."""
    subject = queries.public_request(number)
    assert isinstance(request.user, User)
    seat = experts.seat_of(request.user, subject)
    if seat is None:
        raise Http404(number)
    return subject, seat


def _sent(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """`points-<label>` and `reason-<label>` of the form, by label."""
    labels = [name.removeprefix("points-") for name in request.POST if name.startswith("points-")]
    return {
        label: {"points": request.POST[f"points-{label}"], "reason": request.POST.get(f"reason-{label}", "")}
        for label in labels
    }


def _page(
    request: HttpRequest,
    subject: Request,
    seat: Seat,
    sent: dict[str, dict[str, Any]] | None = None,
    trouble: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    selection = getattr(subject, "selection", None)
    scoring = selection is not None and selection.stage == Stage.SCORING
    may_mark = scoring and seat.ended_at is None and seat.given_at is None and database_now() < seat.due_at
    kept = sent or {mark["label"]: mark for mark in seat.marks or []}
    context = {
        "subject": subject,
        "seat": seat,
        "rows": [{"plan": one, "mark": kept.get(one.enrolment.label, {})} for one in plans.before(seat)],
        "may_mark": may_mark,
        "trouble": trouble,
        "beyond": ruleset(subject.ruleset).of(Merit).explain_beyond_points,
        "own": seat.marks or [],
        "weights": subject.weights,
    }
    return render(request, "bidding/expert_marks.html", context, status=status)
