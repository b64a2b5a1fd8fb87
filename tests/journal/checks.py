"""What must hold of any case file."""

import hashlib
from itertools import pairwise
from typing import Any

import rfc8785


def assert_chain_holds(entries: list[dict[str, Any]]) -> None:
    """Parsed entries with their `hash` form one unbroken chain from 1; written anew here, so as not to ask the code itself."""
    head = bytes(32)
    for number, entry in enumerate(entries, 1):
        body = {name: entry[name] for name in ("at", "case", "data", "kind", "seq")}
        assert entry["seq"] == number
        head = hashlib.sha256(head + rfc8785.dumps(body)).digest()
        assert entry["hash"] == head.hex(), f"entry {number} does not follow from the one before it"
    assert all(earlier["at"] <= later["at"] for earlier, later in pairwise(entries))
