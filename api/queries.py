"""Reads of tokens and webhooks."""

import hashlib

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Organisation, User
from api.models import HookDelivery, Token, Webhook


def hash_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_behind(secret: str) -> Token | None:
    """The token in force of that secret, whose person is active."""
    found = Token.objects.select_related("user").filter(
        hash=hash_of(secret), revoked_at__isnull=True, user__is_active=True
    )
    return found.first()


def tokens_of(user: User, organisation: Organisation) -> QuerySet[Token]:
    """A person's own tokens for an organisation, the newest first."""
    return Token.objects.filter(user=user, organisation=organisation)


def own_token(user: User, organisation: Organisation, pk: int) -> Token:
    """One of them; raises Http404."""
    return get_object_or_404(tokens_of(user, organisation), pk=pk)


def webhooks_of(organisation: Organisation) -> QuerySet[Webhook]:
    """An organisation's addresses, the newest first."""
    return Webhook.objects.filter(organisation=organisation, removed_at__isnull=True)


def own_webhook(organisation: Organisation, pk: int) -> Webhook:
    """One of them; raises Http404."""
    return get_object_or_404(webhooks_of(organisation), pk=pk)


def deliveries_of(webhook: Webhook) -> QuerySet[HookDelivery]:
    """The log of an address, the newest first."""
    return webhook.deliveries.select_related("entry__case").order_by("-id")


def own_delivery(organisation: Organisation, pk: int) -> HookDelivery:
    """One line of a log; raises Http404."""
    rows = HookDelivery.objects.select_related("webhook", "entry__case")
    return get_object_or_404(rows, pk=pk, webhook__organisation=organisation, webhook__removed_at__isnull=True)
