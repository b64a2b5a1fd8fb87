"""The protocol with the identity service: allauth's OpenID Connect, with every check of the specification done.

allauth trusts an ID token that came over TLS. We check its signature, issuer, audience, expiry and nonce all the same,
and that the user info is about the same subject (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2).
"""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

from accounts.identity import rules


class IdentityProtocol(OpenIDConnectOAuth2Adapter):
    """One exchange with the service. `nonce` is what this browser was sent away with."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The service's own description; it must name the issuer that was configured."""
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != settings.ENV.oidc_issuer:
            raise OAuth2Error("the service names another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        claims = self._checked(str(kwargs["response"].get("id_token") or ""), app.client_id)
        userinfo = self._about(claims["sub"], token.token)
        identity = rules.read(claims, userinfo, uscc_claim=settings.ENV.oidc_uscc_claim)
        login = self.get_provider().sociallogin_from_response(request, identity.as_dict())
        login.identity = identity
        return login

    def _checked(self, id_token: str, client_id: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=settings.ENV.oidc_issuer,
            audience=client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        if not self.nonce or not constant_time_compare(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("the token answers another question")
        if not claims.get("sub"):
            raise OAuth2Error("the token is about nobody")
        return claims

    def _about(self, subject: str, access_token: str) -> dict[str, Any]:
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        userinfo: dict[str, Any] = self._fetch_user_info(access_token)
        if userinfo.get("sub") != subject:
            raise OAuth2Error("the user info is about somebody else")
        return userinfo


class IdentityProvider(OpenIDConnectProvider):
    """What allauth asks about the service; nothing in the address of a visitor changes what is asked of it."""

    oauth2_adapter_class = IdentityProtocol
    pkce_enabled_default = True

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        asked: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        return {**asked, "scope": self.get_scope(), "auth_params": self.get_auth_params()}

    def redirect(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**kwargs.get("auth_params", {}), "nonce": nonce}
        answer: HttpResponse = super().redirect(request, process, *args, **kwargs, nonce=nonce)
        return answer

    def extract_uid(self, data: dict[str, str]) -> str:
        return data["uid"]

    def extract_common_fields(self, data: dict[str, str]) -> dict[str, str]:
        """None: no account is made from an identity by itself."""
        return {}

    def extract_email_addresses(self, data: dict[str, str]) -> list[Any]:
        """None: an address links nobody to an account."""
        return []

    def extract_extra_data(self, data: dict[str, str]) -> dict[str, str]:
        """What is kept of the claims: the name, so that people know which identity is linked."""
        return {"name": data["name"]}


class Callback(OAuth2CallbackView):
    """Where the service sends the browser back to."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, answer


def protocol(request: HttpRequest) -> IdentityProtocol:
    """An exchange with the configured service; raises SocialApp.DoesNotExist where there is none."""
    return IdentityProtocol(request, settings.IDENTITY_SERVICE)


def provider(request: HttpRequest) -> Any:
    """The configured service as allauth knows it; raises SocialApp.DoesNotExist where there is none."""
    return get_adapter(request).get_provider(request, provider=settings.IDENTITY_SERVICE)
