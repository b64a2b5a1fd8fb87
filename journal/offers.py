"""Sealed prices (R6): committed to and encrypted where the bidder sits, opened after the deadline. Imports nothing of Django.

The bidder draws a key k of 32 random bytes. The case file has `SHA-256("offer" ‖ k ‖ JCS({"amount","uscc"}))`, the
platform keeps the price encrypted under k, and k itself goes to the trustees in an envelope (`journal.envelopes`).
Whoever opens it, its bidder or the trustees, the same follows: an offer whose envelope is not the honest one of k is
void either way, so that keeping silent or speaking after the deadline is no choice.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.money import parse, wire
from journal import canon
from journal.contributions import Trustees
from journal.envelopes import SECRET_BYTES, Envelope, join_fitting, made_of, seal_envelope
from journal.merkle import merkle_root

# Every price is filled up to so many bytes, so that its length tells nothing; AES-GCM adds a tag of 16.
PRICE_BYTES = 24
CIPHERTEXT_BYTES = PRICE_BYTES + 16
_NONCE = bytes(12)  # every key encrypts one message only


class Void(StrEnum):
    """Why an offer does not count, on record."""

    UNOPENED = "unopened"  # all trustees answered, and neither they nor the bidder could open it
    ENVELOPE = "envelope"  # the trustees' envelope is not what an honest sender of this key makes
    UNREADABLE = "unreadable"  # the key does not decrypt the price
    UNFIT = "unfit"  # the price decrypted is not the one committed to, or not this bidder's
    MALFORMED = "malformed"  # no amount with two decimals
    NOT_POSITIVE = "not_positive"
    ABOVE_CEILING = "above_ceiling"


def commitment(k: bytes, amount: str, uscc: str) -> bytes:
    """What the case file has of a price until it is opened; `amount` such as "100150.00"."""
    return bytes.fromhex(canon.commitment("offer", k, {"amount": amount, "uscc": uscc}))


def root(commitments: Mapping[str, bytes]) -> bytes:
    """The Merkle root published at the deadline: over the commitments in the order of their labels."""
    return merkle_root([commitments[label] for label in sorted(commitments)])


@dataclass(frozen=True)
class SealedPrice:
    """What leaves the bidder's browser before the deadline."""

    commitment: bytes
    ciphertext: bytes
    envelope: Envelope

    @classmethod
    def of(cls, amount: str, uscc: str, k: bytes, trustees: Trustees) -> Self:
        """An honest offer. `k`: 32 random bytes, used for nothing else."""
        committed = commitment(k, amount, uscc)
        text = amount.encode().ljust(PRICE_BYTES)
        if len(text) != PRICE_BYTES:
            raise ValueError(f"{amount} is no price")
        ciphertext = AESGCM(_key(k, committed)).encrypt(_NONCE, text, committed)
        return cls(committed, ciphertext, seal_envelope(k, trustees.keys, trustees.threshold, context=committed))

    def as_json(self) -> dict[str, Any]:
        """All of it in hex."""
        envelope = {
            "ephemeral": self.envelope.ephemeral.hex(),
            "shares": [share.hex() for share in self.envelope.sealed],
        }
        return {"commitment": self.commitment.hex(), "ciphertext": self.ciphertext.hex(), "envelope": envelope}

    @property
    def digest(self) -> bytes:
        """`SHA-256(JCS({"ciphertext","envelope"}))`: the entry `offer.sealed` binds both with it."""
        stored = {name: value for name, value in self.as_json().items() if name != "commitment"}
        return hashlib.sha256(rfc8785.dumps(stored)).digest()

    def is_made_with(self, k: bytes, trustees: Trustees) -> bool:
        """Is this the envelope that an honest sender of k makes?"""
        if len(k) != SECRET_BYTES:
            return False
        return made_of(self.envelope, k, trustees.keys, trustees.threshold, context=self.commitment)

    def key_from(self, shares: Mapping[int, bytes | None], trustees: Trustees) -> bytes | None:
        """The key that trustees' shares give, false ones among them or not; None while, or because, they give none."""
        have = {number: share for number, share in shares.items() if share is not None}
        return join_fitting(have, trustees.threshold, lambda k: self.is_made_with(k, trustees))

    def price(self, k: bytes) -> str | None:
        """What decrypts with this key; None for the wrong one."""
        try:
            text = AESGCM(_key(k, self.commitment)).decrypt(_NONCE, self.ciphertext, self.commitment)
            return text.decode().rstrip(" ")
        except (InvalidTag, ValueError):
            return None


@dataclass(frozen=True)
class Opened:
    """An offer after its opening: its price (fen) if one could be read, and why it is void if it is."""

    amount: int | None
    void: Void | None = None


def opened(offer: SealedPrice, k: bytes, uscc: str, ceiling: int, trustees: Trustees) -> Opened:
    """What follows from an offer once its key is known, whoever gave it; `ceiling` in fen."""
    if not offer.is_made_with(k, trustees):
        return Opened(None, Void.ENVELOPE)
    text = offer.price(k)
    if text is None:
        return Opened(None, Void.UNREADABLE)
    if commitment(k, text, uscc) != offer.commitment:
        return Opened(None, Void.UNFIT)
    try:
        amount = parse(text)
    except ValueError:
        return Opened(None, Void.MALFORMED)
    if wire(amount) != text:
        return Opened(None, Void.MALFORMED)
    if amount <= 0:
        return Opened(amount, Void.NOT_POSITIVE)
    return Opened(amount, Void.ABOVE_CEILING if amount > ceiling else None)


def _key(k: bytes, committed: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"offer/price/v1" + committed).derive(k)
