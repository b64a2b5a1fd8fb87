"""The seal of a record: a signed checkpoint of the log, and a proof for each entry that is in it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from journal import merkle
from journal.notes import Checkpoint, Forged, Malformed, Note, Verifier
from journal.trails import Trail
from journal.verify.broken import Broken

# A checkpoint says until when it is complete: what is older and not in it was kept out. A transaction may take a while.
LEEWAY = timedelta(minutes=10)
UNTIL = "until "


@dataclass
class Seals:
    """Checks the seal of one record. `trusted` are keys known from elsewhere; without any, those that the record names."""

    trusted: tuple[Verifier, ...] = ()
    sealed: int = 0
    checkpoint: Checkpoint | None = None
    signers: list[Verifier] = field(default_factory=list)
    _hashes: bytearray = field(default_factory=bytearray, repr=False)
    _times: list[str] = field(default_factory=list, repr=False)
    _trail: Trail | None = field(default=None, repr=False)

    def hold(self, hashed: bytes, at: str) -> None:
        """The next entry's hash and time, for when the proofs come."""
        self._hashes += hashed
        self._times.append(at)

    def open(self, note: Any, keys: Any) -> None:
        """Check the checkpoint's form and signature; raises Broken."""
        try:
            if not isinstance(note, str) or not isinstance(keys, list):
                raise Malformed("the sealing has fields of the wrong type")
            known = self.trusted or tuple(Verifier.read(str(key)) for key in keys)
            read = Note.read(note)
            self.signers = read.signed_by(known)
            self.checkpoint = Checkpoint.read(read.text)
            self.until()
        except (Malformed, Forged, ValueError) as error:
            raise Broken(None, f"the seal does not hold: {error}") from error
        self._trail = Trail(self.checkpoint.size, self.checkpoint.root)

    def take(self, proof: Any) -> None:
        """Check that the next entry is the one that was sealed; raises Broken."""
        seq = self.sealed + 1
        seqs = proof.get("seq") if isinstance(proof, dict) else None
        if seqs != seq or proof.keys() != {"seq", "index", "hashes"} or not isinstance(proof["index"], int):
            raise Broken(min(seq, len(self._times)) or None, f"has no proof of its sealing: one of {seqs} stands there")
        if seq > len(self._times):
            raise Broken(None, f"there is a proof for entry {seq}, but no such entry")
        leaf = merkle.leaf_hash(bytes(self._hashes[32 * seq - 32 : 32 * seq]))
        try:
            assert self._trail is not None
            self._trail.check(leaf, proof["index"], [_hash(text) for text in proof["hashes"]])
        except (ValueError, TypeError) as error:
            reason = f"is not the entry that was sealed as leaf {proof['index']}, or its proof is wrong: {error}"
            raise Broken(seq, reason) from error
        self.sealed = seq

    def finish(self) -> None:
        """What is not sealed has to be younger than the checkpoint; and sealed at all if keys were given. Raises Broken."""
        if self.checkpoint is None:
            if self.trusted:
                raise Broken(None, "the record is not sealed, so no key can vouch for it")
            return
        until = self.until()
        if until is None or self.sealed == len(self._times):
            return
        at = self._times[self.sealed]
        if _moment(at) < until - LEEWAY:
            reason = f"is of {at}, but was not sealed by {until.isoformat()}: it was added later, or kept out"
            raise Broken(self.sealed + 1, reason)

    def until(self) -> datetime | None:
        """The time up to which every entry is in the checkpoint, if it says so; raises ValueError."""
        said = self.until_text()
        return None if said is None else _moment(said)

    def until_text(self) -> str | None:
        """That time as the checkpoint writes it."""
        said = [line for line in (self.checkpoint.extensions if self.checkpoint else ()) if line.startswith(UNTIL)]
        return said[0].removeprefix(UNTIL) if said else None


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found


def _hash(text: Any) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != 32 or found.hex() != text:
        raise ValueError("a hash is not written in 64 lower-case digits")
    return found
