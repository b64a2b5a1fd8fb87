"""An agency says what it offers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import doors
from marketplace import actions
from marketplace.forms import ServicesForm


@doors.agency_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk_services(request: doors.DeskRequest) -> HttpResponse:
    """Tick what you offer; it counts at once (P19.1)."""
    agency = request.organisation.agency
    before = dict(agency.offerings.values_list("item_id", "price_from"))
    form = ServicesForm(request.POST or None, initial={"items": list(before)})
    if request.method == "POST" and form.is_valid():
        actions.offer(agency, {code: before.get(code) for code in form.cleaned_data["items"]})
        messages.success(request, _("服务事项已更新，立即生效。"))
        return redirect("desk_services")
    return render(request, "marketplace/desk_services.html", {"form": form, "agency": agency})
