"""Signed notes and checkpoints as C2SP writes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), with Ed25519 keys.

Imports nothing of the platform. A note is a text that ends in a line break, an empty line, and one line for each signature:
`— name base64(key id ‖ signature)`. A checkpoint is a note whose text is origin, tree size, base64 root, and possibly more.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_NAME = re.compile(r"[^\s+]+")
_SECRET = "PRIVATE+KEY+"  # noqa: S105 (what a key begins with)


class Malformed(ValueError):
    """A note, checkpoint or key is not written as it has to be."""


class Forged(ValueError):
    """No known key signed the note, or a signature under the name of a known key is not its own."""


@dataclass(frozen=True)
class Verifier:
    """Who may sign: a name and an Ed25519 public key of 32 bytes."""

    name: str
    key: bytes

    @classmethod
    def read(cls, text: str) -> "Verifier":
        """From `name+hex key id+base64(0x01 ‖ key)`; raises Malformed."""
        name, key_id, key = _parted(text)
        found = cls(name, key)
        if found.id.hex() != key_id:
            raise Malformed(f"the key of {name} has the id {found.id.hex()}, not {key_id}")
        return found

    @property
    def id(self) -> bytes:
        """The first 4 bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)`."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.key)}"

    def signed(self, text: str, signature: bytes) -> bool:
        """Is it this key's signature of `text`?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A secret key of 32 bytes, under its name."""

    name: str
    seed: bytes

    @classmethod
    def new(cls, name: str) -> "Signer":
        """A fresh one; raises Malformed for a name with blanks or a plus sign."""
        if not _NAME.fullmatch(name):
            raise Malformed(f"{name!r} cannot name a key")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> "Signer":
        """From `PRIVATE+KEY+name+hex key id+base64(0x01 ‖ seed)`; raises Malformed, which never shows the key."""
        if not text.startswith(_SECRET):
            raise Malformed(f"a signing key begins with {_SECRET}")
        name, key_id, seed = _parted(text.removeprefix(_SECRET))
        found = cls(name, seed)
        if found.verifier.id.hex() != key_id:
            raise Malformed(f"the signing key of {name} does not fit its id {key_id}")
        return found

    @property
    def verifier(self) -> Verifier:
        """What others check its signatures with."""
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    def secret(self) -> str:
        """The text that `read` takes: keep it to yourself."""
        return f"{_SECRET}{self.name}+{self.verifier.id.hex()}+{_base64(_ED25519 + self.seed)}"

    def line(self, text: str) -> str:
        """The signature line for `text`."""
        return f"— {self.name} {_base64(self.verifier.id + self._key().sign(text.encode()))}\n"

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class Signature:
    """One line under a note."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A text with its signatures, not yet checked."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, note: str) -> "Note":
        """Take it apart; raises Malformed."""
        text, gap, lines = note.rpartition("\n\n")
        if not gap or not lines.endswith("\n") or any(ord(sign) < 0x20 and sign != "\n" for sign in note):
            raise Malformed("this is no signed note")
        return cls(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))

    def signed_by(self, known: Iterable[Verifier]) -> list[Verifier]:
        """Which of the `known` keys signed it, at least one; raises Forged. Signatures of unknown keys count for nothing."""
        keys = {(key.name, key.id): key for key in known}
        found = []
        for one in self.signatures:
            key = keys.get((one.name, one.key_id))
            if key is not None:
                if not key.signed(self.text, one.signature):
                    raise Forged(f"the signature of {key} is forged, or the text was changed")
                found.append(key)
        if not found:
            raise Forged("no known key signed it")
        return found


@dataclass(frozen=True)
class Checkpoint:
    """A tree at one moment: whose, how many leaves, its root (32 bytes), and further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """From the text of a note; raises Malformed."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or not all(lines):
            raise Malformed("this is no checkpoint")
        origin, size, root, *extensions = lines
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
            raise Malformed("the checkpoint's size is no number")
        return cls(origin, int(size), _bytes(root, 32), tuple(extensions))

    @property
    def text(self) -> str:
        """What is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, _base64(self.root), *self.extensions))


def sign(text: str, signers: Sequence[Signer]) -> str:
    """The note of `text`, which ends in a line break, with a signature of each of `signers`."""
    if not text.endswith("\n"):
        raise Malformed("the text of a note ends in a line break")
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Malformed("a signature line is not written as it has to be")
    whole = _bytes(found[2])
    if len(whole) < 5:
        raise Malformed("a signature is too short")
    return Signature(found[1], whole[:4], whole[4:])


def _parted(text: str) -> tuple[str, str, bytes]:
    """`(name, key id in hex, 32 bytes)` of a key's text."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        raise Malformed("a key is written as name+id+base64")
    key = _bytes(parts[2], 33)
    if key[:1] != _ED25519:
        raise Malformed("only Ed25519 keys are known here")
    return parts[0], parts[1].lower(), key[1:]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str, length: int | None = None) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("what should be base64 is not") from None
    if length not in (None, len(value)) or _base64(value) != text:
        raise Malformed(f"what should be base64 of {length or 'some'} bytes is not")
    return value
