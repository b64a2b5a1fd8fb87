"""Doors of the identity service: there, back, and what becomes of an identity that is new here."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

import requests
from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import add_query_params
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from accounts.doors import limited
from accounts.identity import actions, pending, queries
from accounts.identity.provider import Callback, protocol, provider
from accounts.models import User

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@limited("30/m")
@never_cache
@require_POST
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the service. By a page, not by a redirect: our policy lets no form lead to another site."""
    service = _service(request, provider_id)
    try:
        answer = service.redirect_from_request(request)
    except (requests.RequestException, OAuth2Error, KeyError) as trouble:
        return cast("HttpResponse", render_authentication_error(request, service, exception=trouble))
    if answer.status_code != 302:
        return cast("HttpResponse", answer)
    return render(request, "accounts/identity_going.html", {"address": answer["Location"], "service": service.name})


@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The browser comes back, with a code or with a refusal."""
    _service(request, provider_id)
    answer: HttpResponse = Callback.adapter_view(protocol(request))(request)
    return answer


@never_cache
@require_safe
def unknown(request: HttpRequest) -> HttpResponse:
    """What somebody may do whose identity belongs to no account: sign in and link it, join by their code, or register."""
    identity = pending.found(request)
    context = {"identity": identity, "service": queries.service(), "employer": queries.employer(identity)}
    return render(request, "accounts/identity_unknown.html", context)


@login_required
@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Link the identity that waits to the account that is signed in: whoever has shown to own both, after it came."""
    records = get_authentication_records(request, cast("User", request.user))
    if not any(record["at"] >= pending.since(request) for record in records):
        raise ReauthenticationRequired
    actions.link(cast("User", request.user), pending.found(request))
    pending.drop(request)
    messages.success(request, _("已关联，下次可以直接用实名身份登录"))
    return redirect("identity")


@limited("30/m")
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Become a member of the organisation that the service vouches for, with a new account."""
    user = actions.join(pending.found(request))
    pending.drop(request)
    account_adapter(request).login(request, user)
    messages.success(request, _("欢迎，您现在可以代表本单位办事"))
    return redirect("desk")


@login_required
@never_cache
@require_safe
def identity(request: HttpRequest) -> HttpResponse:
    """Which identity signs this account in."""
    user = cast("User", request.user)
    context = {"service": _offered(), "linked": queries.linked_to(user).first()}
    return render(request, "accounts/identity.html", context)


@login_required
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """Sign in by password alone from now on; whoever asks has shown lately to be the owner."""
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    actions.unlink(cast("User", request.user))
    messages.success(request, _("已解除关联"))
    return redirect("identity")


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Signed out here; the service may still know the browser, so the way to sign out there stands on the page."""
    context = {"service": _offered(), "address": _signing_out_there(request)}
    return render(request, "accounts/identity_signed_out.html", context)


def _signing_out_there(request: HttpRequest) -> str:
    try:
        address = protocol(request).openid_config.get("end_session_endpoint")
    except (requests.RequestException, OAuth2Error, ValueError):
        return ""
    back = {"client_id": settings.ENV.oidc_client_id, "post_logout_redirect_uri": settings.SITE_URL + "/"}
    return add_query_params(address, back) if address else ""


def _service(request: HttpRequest, provider_id: str) -> Any:
    if provider_id != settings.IDENTITY_SERVICE:
        raise Http404
    try:
        return provider(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None


def _offered() -> str:
    name = queries.service()
    if not name:
        raise Http404
    return name
