"""The demo's doors: take a role with one click, pay without money, read the mails that were not sent.

They exist in demo mode only.
"""

from urllib.parse import urlsplit

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from contracts.providers import Stage
from core.clock import database_now
from demo import gateway, queries, roles
from demo.hooks import keep as keep_hook
from demo.models import Outcome, PretendCheckout

_STAYS_AT = ("/r/", "/live/", "/items/", "/requests/")


@require_POST
def take_role(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as the person behind a role; whoever looks at a request stays there, others go to their desk."""
    person = roles.person_behind(role)
    if person is None:
        raise Http404(role)
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    came_from = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return redirect(came_from if safe and came_from.startswith(_STAYS_AT) else "desk")


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    return render(request, "demo/outbox.html", {"mails": queries.newest_mails()})


@require_safe
def hooks(request: HttpRequest) -> HttpResponse:
    """The newest calls of the hooks."""
    return render(request, "demo/hooks.html", {"hooks": queries.newest_hooks()})


# Servers call it, without a cookie and so without a token.
@csrf_exempt
@require_POST
def take_hook(request: HttpRequest, kind: str) -> HttpResponse:
    """Stand in for whoever would be called, and answer as a chat platform does."""
    keep_hook(kind, request.META.get("QUERY_STRING", ""), request.body.decode(errors="replace"))
    return JsonResponse({"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"})


# What the buttons of the pretend page do.
_CHOICES = {
    "paid": Outcome.PAID,
    "later": Outcome.LATER,
    "declined": Outcome.DECLINED,
    "expired": Outcome.EXPIRED,
}


@doors.limited("60/m")
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """The pretend provider's page: whoever pays chooses what happens, then goes back to the platform."""
    checkout = queries.checkout(reference)
    if checkout is None:
        raise Http404(reference)
    if request.method == "POST":
        choice = request.POST.get("choice", "")
        if choice == "verify":
            return redirect(f"{request.path}?verify=1")
        outcome = _CHOICES.get(choice)
        chosen = gateway.choose(reference, outcome) if outcome else None
        return redirect(_back(chosen or checkout))
    stage = gateway.stage_of(checkout, database_now())
    return render(
        request,
        "demo/pay.html",
        {
            "checkout": checkout,
            "open": stage is Stage.OPEN,
            "processing": stage is Stage.PROCESSING,
            "verify": "verify" in request.GET,
            "back": _back(checkout),
        },
    )


def _back(checkout: PretendCheckout) -> str:
    """The path that the order named for such an end; orders of the past named none."""
    good = checkout.outcome in (Outcome.PAID, Outcome.LATER)
    path = urlsplit(checkout.success_url if good else checkout.cancel_url).path
    return path or reverse("contract_page", args=[checkout.number])
