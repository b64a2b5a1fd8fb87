"""The Merkle tree of RFC 6962: one hash for many leaves, in their order. Imports nothing of Django."""

import hashlib
from collections.abc import Sequence

_LEAF, _NODE = b"\x00", b"\x01"


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The tree's root, 32 bytes; of no leaves at all, the SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    row = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves]
    # Pairing from the left and passing an odd last one up splits at the largest power of two, as the RFC says.
    while len(row) > 1:
        paired = [hashlib.sha256(_NODE + row[n] + row[n + 1]).digest() for n in range(0, len(row) - 1, 2)]
        row = paired + row[len(row) - len(row) % 2 :]
    return row[0]
