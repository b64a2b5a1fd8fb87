"""A bidder's doors to sealed prices, and what is public of them after the opening."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import limited
from accounts.models import User
from agencies.models import Agency
from agencies.policies import NotAnAgency
from bidding import offers
from bidding.actions import reveal_key, seal_offer, withdraw_offer
from bidding.forms import OfferForm, OfferKeyForm
from bidding.origins import origin_of, remembers_device
from bidding.queries import agency_of, public_request
from bidding.rules.offers import KeyUnfit, OfferMalformed, read_key
from core.errors import Refused


@login_required
@require_POST
@limited("60/m")
@remembers_device
def offer_seal(request: HttpRequest, number: str) -> HttpResponse:
    """What the bidder's browser sealed; the price is not in it."""

    def act(user: User, agency: Agency) -> str:
        form = OfferForm(request.POST)
        if not form.is_valid():
            raise OfferMalformed()
        seal_offer(user, agency, number, form.cleaned_data["offer"], origin_of(request))
        return _("报价已密封。密钥保存在本浏览器和下载的文件中，截止前可替换或撤回。")

    return _door(request, number, act)


@login_required
@require_POST
@limited("60/m")
def offer_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the sealed price back."""

    def act(_user: User, agency: Agency) -> str:
        withdraw_offer(agency, number)
        return _("密封报价已撤回，截止前可重新密封。")

    return _door(request, number, act)


@login_required
@require_POST
@limited("60/m")
def offer_reveal(request: HttpRequest, number: str) -> HttpResponse:
    """The key of the bidder's own price, after the deadline."""

    def act(_user: User, agency: Agency) -> str:
        form = OfferKeyForm(request.POST)
        if not form.is_valid():
            raise KeyUnfit()
        reveal_key(agency, number, read_key(form.cleaned_data["key"]))
        return _("已提交开启密钥，全部报价将一并开启。")

    return _door(request, number, act)


@require_safe
def offers_json(_request: HttpRequest, number: str) -> JsonResponse:
    """After the opening: cipher texts and envelopes as they were sealed, for whoever checks the opening."""
    subject = public_request(number)
    opening = offers.opening_of(subject)
    if opening is None or opening.opened_at is None:
        raise Http404(number)
    found = {
        "case": number,
        "trustees": opening.trustees,
        "offers": [
            {"label": one.enrolment.label, **offers.sealed_of(one).as_json()} for one in offers.in_force(subject)
        ],
    }
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


def _door(request: HttpRequest, number: str, act: Callable[[User, Agency], str]) -> HttpResponse:
    public_request(number)
    agency = agency_of(request.user)
    try:
        if agency is None or not request.user.is_authenticated:
            raise NotAnAgency
        messages.success(request, act(request.user, agency))
    except Refused as refused:
        messages.error(request, f"{refused.text}。{refused.remedy}")
    return redirect("room" if request.POST.get("from") == "room" else "request_page", number)
