"""Prices that the server must be able to read and nobody else may: hidden floors and tie-out prices (R5.5, R5.6).

AES-256-GCM under a key from the environment (`PRICE_KEY`), which is in no dump; bound to what it is about, so that no row
can be moved to another bidder or auction. What stands in the case file is a commitment only.
"""

import json
import secrets
from dataclasses import dataclass

from django.conf import settings

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.money import parse, wire
from journal import canon

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Hidden:
    """A price in fen with the nonce that opens its commitment. Never shown by its `repr`: logs are read by people."""

    amount: int
    nonce: bytes

    def __repr__(self) -> str:
        return "Hidden(…)"


def hide(amount: int) -> Hidden:
    """A price with a fresh nonce."""
    return Hidden(amount, secrets.token_bytes(32))


def commitment(tag: str, label: str, hidden: Hidden) -> str:
    """`SHA-256(tag ‖ nonce ‖ JCS({"amount","label"}))` in hex; `tag` is `floor` or `tie-out`."""
    return canon.commitment(tag, hidden.nonce, {"amount": wire(hidden.amount), "label": label})


def seal(tag: str, case: str, label: str, hidden: Hidden) -> bytes:
    """The ciphertext that is stored."""
    nonce = secrets.token_bytes(_NONCE)
    text = json.dumps({"amount": wire(hidden.amount), "nonce": hidden.nonce.hex()}).encode()
    return nonce + AESGCM(settings.PRICE_KEY).encrypt(nonce, text, _about(tag, case, label))


def unseal(tag: str, case: str, label: str, sealed: bytes) -> Hidden:
    """The price in a stored ciphertext; raises cryptography's InvalidTag for another key, bidder or auction."""
    text = AESGCM(settings.PRICE_KEY).decrypt(sealed[:_NONCE], sealed[_NONCE:], _about(tag, case, label))
    said = json.loads(text)
    return Hidden(parse(said["amount"]), bytes.fromhex(said["nonce"]))


def _about(tag: str, case: str, label: str) -> bytes:
    return f"{tag}/{case}/{label}".encode()
