"""Where allauth asks the house what to do with an identity."""

import logging
from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError, AuthProcess

from accounts.identity import pending

log = logging.getLogger(__name__)


class IdentityAdapter(DefaultSocialAccountAdapter):
    """A known identity signs in. An unknown one never takes an account over: it waits until its owner has shown to be that."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        pending.keep(request, sociallogin.identity)
        raise ImmediateHttpResponse(redirect("identity_unknown"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("identity")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        cancelled = error == AuthError.CANCELLED
        if not cancelled:
            log.warning("a sign-in by the identity service failed: %s", exception or error)
        context = {"cancelled": cancelled, "service": provider.name}
        raise ImmediateHttpResponse(
            render(request, "accounts/identity_failed.html", context, status=200 if cancelled else 403)
        )
