"""The desk: what to do next, shaped by what the reader's organisation is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Kind
from accounts.queries import organisation_of
from bidding import desks


@login_required
@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """One address for everybody who signs in."""
    organisation = organisation_of(request.user)
    if organisation is None:
        if request.user.is_authenticated and request.user.is_staff:
            return redirect("operate")
        return render(request, "bidding/desk_nobody.html")
    match Kind(organisation.kind):
        case Kind.AGENCY:
            return render(request, "bidding/desk_agency.html", desks.of_agency(organisation))
        case Kind.REGULATOR:
            return render(request, "bidding/desk_regulator.html", desks.of_regulator(organisation))
        case Kind.ENTERPRISE | Kind.DEPARTMENT:
            return render(request, "bidding/desk_buyer.html", desks.of_buyer(organisation))
