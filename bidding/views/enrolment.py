"""One click to enrol, one to leave."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import limited
from agencies.policies import NotAnAgency
from bidding.actions import enrol, leave
from bidding.origins import origin_of, remembers_device
from bidding.queries import agency_of, public_request
from core.errors import Refused


@login_required
@require_POST
@limited("60/m")
@remembers_device
def enrol_door(request: HttpRequest, number: str) -> HttpResponse:
    """Enrol the reader's agency; a refusal is shown on the request's page with its remedy."""
    public_request(number)
    agency = agency_of(request.user)
    try:
        if agency is None or not request.user.is_authenticated:
            raise NotAnAgency
        enrolment = enrol(request.user, agency, number, origin_of(request))
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    else:
        messages.success(
            request, _("报名成功。本次选取中您的代号是“%(label)s”，只有您自己知道。") % {"label": enrolment.label}
        )
    return redirect("request_page", number)


@login_required
@require_POST
@limited("60/m")
def leave_door(request: HttpRequest, number: str) -> HttpResponse:
    """Take the enrolment back before the deadline."""
    public_request(number)
    agency = agency_of(request.user)
    try:
        if agency is None:
            raise NotAnAgency
        leave(agency, number)
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    else:
        messages.success(request, _("已撤回报名，截止前可重新报名。"))
    return redirect("request_page", number)
