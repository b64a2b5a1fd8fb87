"""The regulators' console (UX §2.14): one inbox in the order of severity and deadline, and their punctuality in public."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import doors
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from ratings.actions import exits
from ratings.doors import more_doors
from ratings.forms.officers import GrantForm
from ratings.queries import hands
from ratings.queries.exits import document_of, repairs
from ratings.queries.officers import inbox
from ratings.queries.punctuality import lines

# Where officers go besides the inbox; packages above add theirs (ratings.doors).
DOORS = [
    ("disputes", gettext_lazy("评价争议")),
    ("officer_complaints", gettext_lazy("投诉举报")),
    ("officer_lists", gettext_lazy("失信名单")),
    ("officer_inspections", gettext_lazy("双随机抽查")),
]


@doors.officer_required
@require_safe
@never_cache
def console(request: doors.DeskRequest) -> HttpResponse:
    """Everything that waits for the regulators: grave things first, then by date."""
    now = database_now()
    rows = [{"task": task, "overdue": task.overdue(now)} for task in inbox(request.organisation, now)]
    return render(request, "ratings/console.html", {"tasks": rows, "doors": [*DOORS, *more_doors()]})


@doors.limited("60/m")
@doors.officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def officer_repair(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """An agency's request for repair: what was corrected, beside what it is about."""
    repair = get_object_or_404(repairs(), pk=pk)
    form = GrantForm(request.POST or None)
    taken = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            exits.decide_repair(
                request.user, request.organisation, pk, data["opinion"], granted=data["granted"] == "yes"
            )
        except Refused as refused:
            refused_to_form(form, refused)
            repair.refresh_from_db()
            hand = hands.of_repair(repair)
            taken = hand.told() if hand and hand.by != request.user else ""
        else:
            messages.success(request, _("审核意见已记录。"))
            return redirect("officer_repair", pk)
    status = 400 if form.errors else 200
    context = {"repair": repair, "form": form, "taken": taken, "document": document_of(repair)}
    return render(request, "ratings/officer_repair.html", context, status=status)


@require_safe
@cache_control(max_age=60)
def punctuality(request: HttpRequest) -> HttpResponse:
    """办案时效, for everybody."""
    return render(request, "ratings/punctuality.html", {"lines": lines(database_now())})
