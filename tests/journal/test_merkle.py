"""Merkle trees as RFC 6962 defines them, against its published vectors and the definition written down naively."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import merkle
from journal.merkle import Frontier, Unproven, merkle_root

# The eight leaves and roots of certificate-transparency's own tests.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}

a_tree = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def naive_root(leaves):
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m, leaves):
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m, leaves, whole):
    """RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def grown(leaves):
    """Every perfect subtree's hash by its place, as a store that only ever appends comes to know them."""
    known, frontier = {}, Frontier(0, [])
    for index, leaf in enumerate(leaves):
        for level, made in enumerate(frontier.append(merkle.leaf_hash(leaf))):
            known[level, index >> level] = made
    return known


def inclusion(leaves, index):
    return merkle.folded(merkle.inclusion_places(index, len(leaves)), grown(leaves))


def consistency(leaves, first):
    return merkle.folded(merkle.consistency_places(first, len(leaves)), grown(leaves))


def test_roots_are_the_published_ones():
    assert [merkle_root(LEAVES[: n + 1]).hex() for n in range(8)] == ROOTS
    assert merkle_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("of", "published"), INCLUSIONS.items())
def test_inclusion_proofs_are_the_published_ones(of, published):
    index, size = of
    assert [h.hex() for h in inclusion(LEAVES[:size], index)] == published


@pytest.mark.parametrize(("of", "published"), CONSISTENCIES.items())
def test_consistency_proofs_are_the_published_ones(of, published):
    first, second = of
    assert [h.hex() for h in consistency(LEAVES[:second], first)] == published


@given(a_tree)
def test_a_root_is_what_the_definition_says(leaves):
    assert merkle_root(leaves) == naive_root(leaves)


@given(a_tree, st.data())
def test_every_leaf_is_proven_by_the_path_of_the_definition(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion(leaves, index)
    assert proof == naive_path(index, leaves)
    merkle.check_inclusion(merkle.leaf_hash(leaves[index]), index, len(leaves), proof, naive_root(leaves))


@given(a_tree, st.data())
def test_every_older_tree_is_proven_by_the_proof_of_the_definition(leaves, data):
    first = data.draw(st.integers(1, len(leaves)))
    proof = consistency(leaves, first)
    assert proof == naive_subproof(first, leaves, True)
    merkle.check_consistency(first, naive_root(leaves[:first]), len(leaves), naive_root(leaves), proof)


@given(a_tree, st.data())
def test_nothing_else_is_proven_by_a_path(leaves, data):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    leaf, root, proof = merkle.leaf_hash(leaves[index]), naive_root(leaves), inclusion(leaves, index)
    wrong = [(merkle.leaf_hash(b"another leaf"), index, size, proof, root), (leaf, index, size, proof, bytes(32))]
    wrong += [
        (leaf, index, size, [*proof, bytes(32)], root),
        (leaf, size, size, proof, root),
        (leaf, -1, size, proof, root),
    ]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        wrong += [(leaf, index, size, [*proof[:place], bytes(32), *proof[place + 1 :]], root)]
        wrong += [(leaf, index, size, proof[:place] + proof[place + 1 :], root), (leaf, index ^ 1, size, proof, root)]
    for claim in wrong:
        if leaves[index ^ 1 : (index ^ 1) + 1] == [leaves[index]] and claim[1] == index ^ 1:
            continue  # a twin beside it is in the tree too
        with pytest.raises(Unproven):
            merkle.check_inclusion(*claim)


@given(a_tree, st.data())
def test_a_tree_that_was_rewritten_does_not_extend_the_old_one(leaves, data):
    first = data.draw(st.integers(1, len(leaves)))
    place = data.draw(st.integers(0, first - 1))
    rewritten = [*leaves[:place], leaves[place] + b"!", *leaves[place + 1 :]]
    old, new = naive_root(leaves[:first]), naive_root(rewritten)
    with pytest.raises(Unproven):
        merkle.check_consistency(first, old, len(leaves), new, consistency(rewritten, first))
    with pytest.raises(Unproven):
        merkle.check_consistency(first, old, len(leaves), new, consistency(leaves, first))


@given(a_tree, st.data())
def test_a_consistency_proof_with_a_hash_more_or_less_is_none(leaves, data):
    first = data.draw(st.integers(1, len(leaves)))
    proof = consistency(leaves, first)
    old, new = naive_root(leaves[:first]), naive_root(leaves)
    with pytest.raises(Unproven):
        merkle.check_consistency(first, old, len(leaves), new, [*proof, bytes(32)])
    if proof:
        with pytest.raises(Unproven):
            merkle.check_consistency(first, old, len(leaves), new, proof[:-1])
        with pytest.raises(Unproven):
            merkle.check_consistency(first, old, len(leaves), new, proof[1:])


def test_the_empty_tree_is_extended_by_every_tree_and_by_its_own_root_only():
    merkle.check_consistency(0, merkle.EMPTY_ROOT, 1, naive_root([b"a"]), [])
    merkle.check_consistency(0, merkle.EMPTY_ROOT, 0, merkle.EMPTY_ROOT, [])
    with pytest.raises(Unproven):
        merkle.check_consistency(0, bytes(32), 1, naive_root([b"a"]), [])
    with pytest.raises(Unproven):
        merkle.check_consistency(2, bytes(32), 1, bytes(32), [])
    with pytest.raises(ValueError, match="cannot extend"):
        merkle.consistency_places(2, 1)
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_places(1, 1)


@given(a_tree)
def test_a_tree_grows_on_from_its_peaks(leaves):
    known = grown(leaves)
    frontier = Frontier(len(leaves), [known[place] for place in merkle.peaks(len(leaves))])
    assert frontier.root() == naive_root(leaves)
    frontier.append(merkle.leaf_hash(b"next"))
    assert frontier.root() == naive_root([*leaves, b"next"])


def test_a_frontier_wants_as_many_peaks_as_the_size_has():
    with pytest.raises(ValueError, match="2 peaks"):
        Frontier(3, [bytes(32)])
