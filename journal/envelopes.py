"""Envelopes that `threshold` of the trustees can open together, and fewer cannot. Imports nothing of Django.

The secret is split (Shamir) and each share encrypted to its trustee: X25519 with one ephemeral key, HKDF-SHA-256,
AES-256-GCM, all of which browsers have. All that a sender would draw at random comes from the secret itself, so an
envelope can be made only in one way: whoever learns the secret can tell whether the envelope was honest (`made_of`).
Otherwise a sender could put one number in the commitment, another in the envelope, and choose between them by speaking
or keeping silent. That is safe only for secrets that nobody can guess: exactly 32 random bytes.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from journal import shamir

SECRET_BYTES = 32
_NONCE = bytes(12)  # every key encrypts one message only


class EnvelopeUnfit(ValueError):
    """The envelope, a key or a share of it cannot be used."""


@dataclass(frozen=True)
class Envelope:
    """The sender's ephemeral public key, and for each trustee in their order the encrypted share."""

    ephemeral: bytes
    sealed: tuple[bytes, ...]


def public_key(private: bytes) -> bytes:
    """The public key, 32 bytes, of a trustee's private key, 32 random bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_envelope(
    secret: bytes, trustee_public_keys: Sequence[bytes], threshold: int, *, context: bytes = b""
) -> Envelope:
    """Seal 32 random bytes for the trustees; `context` says what they belong to and opens nowhere else."""
    if len(secret) != SECRET_BYTES:
        raise EnvelopeUnfit(f"an envelope holds {SECRET_BYTES} random bytes, not {len(secret)}")
    if len(set(trustee_public_keys)) != len(trustee_public_keys):
        raise EnvelopeUnfit("a trustee is named twice")
    terms = _terms(trustee_public_keys, threshold, context)
    ephemeral = _derive(secret, b"envelope/ephemeral/v1" + terms, SECRET_BYTES)
    count = len(trustee_public_keys)
    shares = shamir.split(secret, shares=count, threshold=threshold, random=_stream(secret, terms))
    sender = public_key(ephemeral)
    return Envelope(
        sender,
        tuple(
            AESGCM(_key(ephemeral, theirs, sender, theirs, number, terms)).encrypt(_NONCE, shares[number], terms)
            for number, theirs in enumerate(trustee_public_keys, 1)
        ),
    )


def open_share(
    envelope: Envelope, private: bytes, trustee_public_keys: Sequence[bytes], threshold: int, *, context: bytes = b""
) -> tuple[int, bytes]:
    """A trustee's own share with its number; raises EnvelopeUnfit when the envelope was not made for it, or is broken."""
    own = public_key(private)
    if own not in trustee_public_keys or len(envelope.sealed) != len(trustee_public_keys):
        raise EnvelopeUnfit("the envelope was not made for this trustee")
    number = list(trustee_public_keys).index(own) + 1
    terms = _terms(trustee_public_keys, threshold, context)
    key = _key(private, envelope.ephemeral, envelope.ephemeral, own, number, terms)
    try:
        return number, AESGCM(key).decrypt(_NONCE, envelope.sealed[number - 1], terms)
    except InvalidTag as error:
        raise EnvelopeUnfit(f"share {number} cannot be decrypted") from error


def join(shares: Mapping[int, bytes] | Iterable[tuple[int, bytes]], threshold: int) -> bytes:
    """The secret of `threshold` or more shares; check it against its commitment (see `join_fitting`)."""
    return shamir.join(dict(shares), threshold)


def join_fitting(shares: Mapping[int, bytes], threshold: int, fits: Callable[[bytes], bool]) -> bytes | None:
    """The secret that fits, from whichever shares are true, so that a false one spoils nothing; None if none fits."""
    usable = {number: share for number, share in shares.items() if len(share) == SECRET_BYTES}
    for chosen in combinations(sorted(usable), threshold):
        secret = shamir.join({number: usable[number] for number in chosen}, threshold)
        if fits(secret):
            return secret
    return None


def made_of(
    envelope: Envelope, secret: bytes, trustee_public_keys: Sequence[bytes], threshold: int, *, context: bytes = b""
) -> bool:
    """Whether this is the envelope that an honest sender of this secret makes, byte for byte."""
    return envelope == seal_envelope(secret, trustee_public_keys, threshold, context=context)


def _terms(keys: Sequence[bytes], threshold: int, context: bytes) -> bytes:
    """What the envelope is bound to: who may open it, how many of them it takes, and what it belongs to."""
    parts = (struct.pack(">II", threshold, len(keys)), *keys, context)
    return hashlib.sha256(b"".join(struct.pack(">I", len(part)) + part for part in parts)).digest()


def _derive(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret)


def _stream(secret: bytes, terms: bytes) -> Callable[[int], bytes]:
    """Fresh bytes at each call, which only those who know the secret can foresee."""
    calls = 0

    def draw(length: int) -> bytes:
        nonlocal calls
        calls += 1
        return _derive(secret, b"envelope/coefficients/v1" + terms + struct.pack(">I", calls), length)

    return draw


def _key(private: bytes, other: bytes, sender: bytes, trustee: bytes, number: int, terms: bytes) -> bytes:
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError as error:
        raise EnvelopeUnfit("a public key is no key of X25519") from error
    return _derive(shared, b"envelope/share/v1" + sender + trustee + struct.pack(">I", number) + terms, 32)
