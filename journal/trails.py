"""Inclusion proofs of many leaves of one tree that say nothing twice. Imports nothing of the platform.

The leaves come in ascending order. Each climbs from itself towards the root; as soon as the proof before it has shown the
hash of the node it stands at, the two must agree and the rest is known. The first proof leads to the root and is RFC 6962's;
of neighbours the later one has hardly a hash of its own. A node is named by its level and its place in it: `(level, node)`
is over the leaves from `node·2^level`, as many of `2^level` as there are.
"""

from collections.abc import Iterator

from journal.merkle import Place, Unproven, cover, node_hash


class Wanted:
    """The side that proves: which hashes each proof has to give."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._shown: dict[int, tuple[int, int]] = {}

    def by(self, index: int) -> list[list[Place]]:
        """For each hash of the proof of leaf `index`, the perfect subtrees it is folded from."""
        found = []
        for level, node, sibling in _climb(index, self._size):
            if node in self._shown.get(level, ()):
                break
            self._shown[level] = (node, node if sibling is None else sibling)
            if sibling is not None:
                found.append(cover(sibling << level, min(sibling + 1 << level, self._size)))
        return found


class Trail:
    """The side that checks, with the tree's size and root."""

    def __init__(self, size: int, root: bytes) -> None:
        self._size, self._root = size, root
        self._shown: dict[int, dict[int, bytes]] = {}
        self._last = -1

    def check(self, leaf: bytes, index: int, hashes: list[bytes]) -> None:
        """Raise Unproven unless the hash `leaf` stands at `index`; only what is proven is remembered."""
        if not self._last < index < self._size:
            raise Unproven(f"leaf {index} does not follow leaf {self._last} in a tree of {self._size}")
        made: list[tuple[int, dict[int, bytes]]] = []
        given = iter(hashes)
        expected = self._root
        for level, node, sibling in _climb(index, self._size):
            shown = self._shown.get(level)
            if shown is not None and node in shown:
                expected = shown[node]
                break
            known = {node: leaf}
            if sibling is not None:
                beside = next(given, None)
                if beside is None:
                    raise Unproven("the proof is too short")
                known[sibling] = beside
                leaf = node_hash(beside, leaf) if node & 1 else node_hash(leaf, beside)
            made.append((level, known))
        if next(given, None) is not None:
            raise Unproven("the proof is too long")
        if leaf != expected:
            raise Unproven("the proof leads elsewhere")
        self._shown.update(made)
        self._last = index


def _climb(index: int, size: int) -> Iterator[tuple[int, int, int | None]]:
    """`(level, node, sibling)` from a leaf to below the root; no sibling where the tree ends beside the node."""
    level, last = 0, size - 1
    while last:
        if index & 1:
            yield level, index, index - 1
        else:
            yield level, index, index + 1 if index < last else None
        index, last, level = index >> 1, last >> 1, level + 1
