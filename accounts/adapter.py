"""How allauth fits the house: nobody signs up as a bare user; registration is of organisations."""

from django.http import HttpRequest
from django.urls import reverse

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records

from core.http import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Closes allauth's own sign-up: registering an organisation makes the user (P19.1)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came by the identity service is told that it may still know the browser."""
        came = {record.get("method") for record in get_authentication_records(request, request.user)}
        if "socialaccount" in came:
            return reverse("identity_signed_out")
        return str(super().get_logout_redirect_url(request))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def format_email_subject(self, subject: str) -> str:
        return subject
