"""Tokens, writes that were pressed with a key, and the addresses that are told of entries."""

from api.models.hooks import MOST_ATTEMPTS, HookDelivery, HookDeliveryStatus, Scope, Webhook
from api.models.presses import KeyedPress
from api.models.tokens import Token, TokenScope

__all__ = [
    "MOST_ATTEMPTS",
    "HookDelivery",
    "HookDeliveryStatus",
    "KeyedPress",
    "Scope",
    "Token",
    "TokenScope",
    "Webhook",
]
