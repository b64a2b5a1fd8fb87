"""Commitment texts, versioned: whoever signs one signs its exact bytes (P22.1)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CommitmentText:
    """One version of a commitment's text. `sha256` is over the file's bytes, in hex."""

    version: str
    text: str
    sha256: str

    def as_entry(self) -> dict[str, str]:
        """How an entry names it: version and hash."""
        return {"version": self.version, "sha256": self.sha256}


def read(path: Path, version: str) -> CommitmentText:
    """The text in `path`, which is never changed after somebody signed it: a correction is a new file."""
    content = path.read_bytes()
    return CommitmentText(version, content.decode(), hashlib.sha256(content).hexdigest())


ENTERPRISE = read(Path(__file__).with_name("enterprise-2026-11.txt"), "2026-11")
