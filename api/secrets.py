"""A webhook's secret: sealed under a key from the environment, so that no dump can sign; and the signature it makes.

The form is that of Standard Webhooks (standardwebhooks.com): `whsec_` and base64, HMAC-SHA256 over `id.timestamp.body`.
"""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PREFIX = "whsec_"
_NONCE = 12


def new_secret() -> str:
    """24 random bytes as their owner keeps them."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def seal(secret: str, owner: int) -> bytes:
    """For the row of organisation `owner`, and of no other."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, secret.encode(), _about(owner))


def unseal(sealed: bytes, owner: int) -> str:
    """The inverse of `seal`."""
    return AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], _about(owner)).decode()


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """`v1,<base64>`."""
    signed = f"{message}.{timestamp}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(_PREFIX)), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _key() -> bytes:
    return hashlib.sha256(b"webhook-secret/v1\0" + settings.PRICE_KEY).digest()


def _about(owner: int) -> bytes:
    return f"webhook-secret/v1/{owner}".encode()
