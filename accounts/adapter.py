"""How allauth fits the house: nobody signs up as a bare user; registration is of organisations."""

from django.http import HttpRequest

from allauth.account.adapter import DefaultAccountAdapter

from core.http import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Closes allauth's own sign-up: registering an organisation makes the user (P19.1)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def format_email_subject(self, subject: str) -> str:
        return subject
