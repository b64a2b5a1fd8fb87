"""Addresses and secrets of bots lie encrypted: whoever has one can write into the group."""

import hashlib
import os

from django.conf import settings

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_ABOUT = b"bot/v1"


class SecretLost(Exception):
    """It was encrypted under another SECRET_KEY and has to be entered again."""


def seal(text: str) -> bytes:
    """Encrypted under a key derived from SECRET_KEY."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, text.encode(), _ABOUT)


def unseal(sealed: bytes | memoryview) -> str:
    """The text again; raises SecretLost."""
    raw = bytes(sealed)
    try:
        return AESGCM(_key()).decrypt(raw[:_NONCE], raw[_NONCE:], _ABOUT).decode()
    except InvalidTag:
        raise SecretLost from None


def _key() -> bytes:
    return hashlib.sha256(b"bot-address/v1\0" + settings.SECRET_KEY.encode()).digest()
