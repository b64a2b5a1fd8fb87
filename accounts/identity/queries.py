"""Reads of identities."""

from django.conf import settings
from django.db.models import QuerySet

from allauth.socialaccount.models import SocialAccount

from accounts.identity.rules import JOINABLE, Identity
from accounts.models import Organisation, User


def service() -> str:
    """The name of the identity service; empty where none is configured."""
    return settings.ENV.oidc_name if settings.ENV.oidc_issuer else ""


def linked_to(user: User) -> QuerySet[SocialAccount]:
    """The identities that sign this account in: at most one in practice."""
    linked: QuerySet[SocialAccount] = SocialAccount.objects.filter(user=user, provider=settings.IDENTITY_SERVICE)
    return linked


def employer(identity: Identity) -> Organisation | None:
    """The organisation that an identity could join by its code."""
    if not identity.uscc:
        return None
    return Organisation.objects.filter(uscc=identity.uscc, kind__in=JOINABLE).first()
