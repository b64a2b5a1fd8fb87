"""The officers' door of results delivered on probation: each is checked (R8)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import doors
from core.errors import Refused
from core.http import refused_to_form
from ratings.actions import exits
from ratings.forms.officers import CheckForm
from ratings.queries import hands
from ratings.queries.checks import checks


@doors.limited("60/m")
@doors.officer_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def officer_check(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """One result, where it is, and what the check found."""
    check = get_object_or_404(checks(), pk=pk)
    form = CheckForm(request.POST or None)
    taken = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            exits.check_result(request.user, request.organisation, pk, data["note"], ok=data["ok"] == "yes")
        except Refused as refused:
            refused_to_form(form, refused)
            check.refresh_from_db()
            hand = hands.latest([(check.checked_by, check.checked_at)])
            taken = hand.told() if hand and hand.by != request.user else ""
        else:
            messages.success(request, _("核验结果已记录。"))
            return redirect("officer_check", pk)
    status = 400 if form.errors else 200
    return render(request, "ratings/officer_check.html", {"check": check, "form": form, "taken": taken}, status=status)
