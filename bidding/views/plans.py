"""An entrant's doors to its unnamed plan, and the experts' door to all of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import limited
from accounts.models import User
from agencies.policies import NotAnAgency
from bidding import plans, queries
from bidding.actions import submit_plan, withdraw_plan
from bidding.forms import PlanForm
from bidding.origins import origin_of, remembers_device
from core.errors import Refused
from core.legible import PDF
from core.views import attachment


@login_required
@require_POST
@limited("30/m")
@remembers_device
def plan_submit(request: HttpRequest, number: str) -> HttpResponse:
    """Send or replace the plan; a refusal is shown on the request's page with its remedy."""
    queries.public_request(number)
    agency, form = queries.agency_of(request.user), PlanForm(request.POST, request.FILES)
    try:
        if agency is None or not isinstance(request.user, User):
            raise NotAnAgency
        if form.is_valid():
            submit_plan(request.user, agency, number, form.cleaned_data["plan"], origin_of(request))
            messages.success(request, _("方案已提交，截止前可替换或撤回。"))
        else:
            messages.error(request, _("请选择方案文件。"))
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    return redirect("request_page", number)


@login_required
@require_POST
@limited("30/m")
def plan_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the plan back."""
    queries.public_request(number)
    agency = queries.agency_of(request.user)
    try:
        if agency is None:
            raise NotAnAgency
        withdraw_plan(agency, number)
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    else:
        messages.success(request, _("方案已撤回，截止前可重新提交。"))
    return redirect("request_page", number)


@login_required
@require_safe
@never_cache
def plan_download(request: HttpRequest, number: str, label: str) -> HttpResponse:
    """A plan under its label, for the experts who mark it; absent and not yours look the same."""
    subject = queries.public_request(number)
    assert isinstance(request.user, User)
    plan = plans.plan_for(request.user, subject, label)
    if plan is None or not plan.file.path.exists():
        raise Http404(label)
    ending = "pdf" if plan.file.media_type == PDF else "docx"
    response = attachment(plan.file, f"{label}.{ending}")
    response.headers["Cache-Control"] = "private, no-store"
    return response
