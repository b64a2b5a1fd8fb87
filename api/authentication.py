"""A token in `Authorization: Bearer …`, or the session of the pages with its CSRF token."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.queries import membership_of
from api.models import Token
from api.queries import token_behind
from core.clock import database_now

# The last use is told to the minute: not every call writes.
_FRESH = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """A token counts while it is not revoked and its person still acts for the organisation it was made for."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        token = token_behind(parts[1].decode("ascii", "replace")) if len(parts) == 2 else None
        membership = membership_of(token.user) if token else None
        if token is None or membership is None or membership.organisation_id != token.organisation_id:
            raise AuthenticationFailed(_("令牌无效或已撤销"), code="E_TOKEN")
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _note_use(token: Token) -> None:
    now = database_now()
    if token.used_at is None or now - token.used_at > _FRESH:
        Token.objects.filter(pk=token.pk).update(used_at=now)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes a token."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "/desk/api/"}


class BrowserSession(SessionAuthentication):
    """The session of the pages; a write needs its CSRF token in `X-CSRFToken`."""


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the session."""

    target_class = "api.authentication.BrowserSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "X-CSRFToken"}
