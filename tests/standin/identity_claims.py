"""What the stand-in tells about its people: name, address, and the code of the employer as a claim of its own."""

from typing import Any

from django.conf import settings

from allauth.idp.oidc.adapter import DefaultOIDCAdapter


class Claims(DefaultOIDCAdapter):
    def get_claims(self, purpose: Any, user: Any, client: Any, scopes: Any, email: Any = None, **rest: Any) -> Any:
        claims = super().get_claims(purpose, user, client, scopes, email=email, **rest)
        uscc = settings.STANDIN_PEOPLE["people"][user.username].get("uscc")
        return {**claims, **({"org_uscc": uscc} if uscc else {})}
