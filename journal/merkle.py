"""Merkle trees of RFC 6962: roots, and proofs that a leaf is in a tree or that a tree extends an older one.

Imports nothing of the platform: the offline verifier uses it as it is. A *place* `(level, index)` names the perfect subtree
over the leaves `index·2^level … (index+1)·2^level − 1`; whoever knows the hashes of all perfect subtrees can make every
proof from a few of them. A leaf completes the perfect subtrees that end with it; `Frontier.append` gives their hashes.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

Place = tuple[int, int]
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Unproven(ValueError):
    """A proof does not lead to the root it claims."""


def leaf_hash(leaf: bytes) -> bytes:
    """`SHA-256(0x00 ‖ leaf)`."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """`SHA-256(0x01 ‖ left ‖ right)`."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over `leaves` (their bytes, not yet hashed) in their order; SHA-256 of nothing for no leaf."""
    grown = Frontier(0, [])
    for leaf in leaves:
        grown.append(leaf_hash(leaf))
    return grown.root()


class Frontier:
    """The right edge of a tree: the hashes of its largest perfect subtrees, largest first. All that growing needs."""

    def __init__(self, size: int, hashes: Iterable[bytes]) -> None:
        """`hashes` are those at `peaks(size)`, in that order."""
        self.size, self._hashes = size, list(hashes)
        if len(self._hashes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self._hashes)}")

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf's hash; the hashes of the perfect subtrees it completes, from level 0 (itself) upwards."""
        made = [leaf]
        for _level in range(trailing_ones(self.size)):
            leaf = node_hash(self._hashes.pop(), leaf)
            made.append(leaf)
        self._hashes.append(leaf)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The root of the tree as it is."""
        return _fold(self._hashes) if self._hashes else EMPTY_ROOT


def trailing_ones(index: int) -> int:
    """How many perfect subtrees above itself the leaf `index` completes."""
    return (~index & (index + 1)).bit_length() - 1


def peaks(size: int) -> list[Place]:
    """Where the largest perfect subtrees of a tree of `size` leaves stand, largest first."""
    return cover(0, size)


def inclusion_places(index: int, size: int) -> list[list[Place]]:
    """What proves that leaf `index` is in the tree of `size`: for each hash of the path, the places it is folded from.

    The path is RFC 6962's, from the leaf upwards. Raises ValueError for a leaf that the tree does not have.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    return _path(index, 0, size)


def consistency_places(first: int, second: int) -> list[list[Place]]:
    """What proves that the tree of `second` leaves begins with the tree of `first`; none for equal sizes or an empty first."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {second} cannot extend one of {first}")
    if first in (0, second):
        return []
    return _subproof(first, 0, second, whole=True)


def folded(places: Iterable[Sequence[Place]], known: Mapping[Place, bytes]) -> list[bytes]:
    """The hashes of a proof from the hashes of the perfect subtrees it names."""
    return [_fold([known[place] for place in group]) for group in places]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root to which the path of the hash `leaf` leads; raises Unproven for a proof of the wrong length."""
    if not 0 <= index < size:
        raise Unproven(f"there is no leaf {index} in a tree of {size}")
    node, last, rest = index, size - 1, iter(proof)
    try:
        while last:
            if node & 1:
                leaf = node_hash(next(rest), leaf)
            elif node < last:
                leaf = node_hash(leaf, next(rest))
            node, last = node >> 1, last >> 1
    except StopIteration:
        raise Unproven("the proof is too short") from None
    if next(rest, None) is not None:
        raise Unproven("the proof is too long")
    return leaf


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise Unproven unless `proof` shows the hash `leaf` at `index` in the tree of `size` with `root`."""
    if root_from_inclusion(leaf, index, size, proof) != root:
        raise Unproven("the proof leads to another root")


def check_consistency(first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise Unproven unless `proof` shows that the tree of `second` begins with that of `first` (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second:
        raise Unproven(f"a tree of {second} cannot extend one of {first}")
    if first in (0, second):
        older, newer = (EMPTY_ROOT, second_root) if first == 0 else (second_root, second_root)
        if proof or first_root != older or (second == 0 and newer != EMPTY_ROOT):
            raise Unproven("trees of which nothing is to be proven have other roots, or a proof")
        return
    if _both_roots(first, first_root, second, proof) != (first_root, second_root):
        raise Unproven("the proof leads to other roots")


def _both_roots(first: int, first_root: bytes, second: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        raise Unproven("the proof is empty")
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if not last:
            raise Unproven("the proof is too long")
        if node & 1 or node == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise Unproven("the proof is too short")
    return older, newer


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring perfect subtrees that shrink to the right."""
    whole = hashes[-1]
    for left in reversed(hashes[:-1]):
        whole = node_hash(left, whole)
    return whole


def cover(start: int, end: int) -> list[Place]:
    """The perfect subtrees over the leaves from `start` to before `end`, where `start` suits the largest of them."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def _half(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _path(index: int, start: int, end: int) -> list[list[Place]]:
    if end - start == 1:
        return []
    middle = start + _half(end - start)
    if index < middle:
        return [*_path(index, start, middle), cover(middle, end)]
    return [*_path(index, middle, end), cover(start, middle)]


def _subproof(first: int, start: int, end: int, *, whole: bool) -> list[list[Place]]:
    if first == end:
        return [] if whole else [cover(start, end)]
    middle = start + _half(end - start)
    if first <= middle:
        return [*_subproof(first, start, middle, whole=whole), cover(middle, end)]
    return [*_subproof(first, middle, end, whole=False), cover(start, middle)]
