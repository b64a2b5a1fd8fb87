"""Proofs of many leaves of one tree that say nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.merkle import Frontier, Unproven, folded, leaf_hash, merkle_root
from journal.trails import Trail, Wanted

some_leaves = st.integers(1, 90).flatmap(
    lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1), min_size=1).map(sorted))
)


def tree(size):
    leaves = [bytes([n]) for n in range(size)]
    known, frontier = {}, Frontier(0, [])
    for index, leaf in enumerate(leaves):
        for level, made in enumerate(frontier.append(leaf_hash(leaf))):
            known[level, index >> level] = made
    return leaves, known, merkle_root(leaves)


def proofs(size, indexes, known):
    wanted = Wanted(size)
    return [folded(wanted.by(index), known) for index in indexes]


@given(some_leaves)
def test_each_proof_leads_to_the_root_over_those_before_it(some):
    size, indexes = some
    leaves, known, root = tree(size)
    trail = Trail(size, root)
    for index, proof in zip(indexes, proofs(size, indexes, known), strict=True):
        trail.check(leaf_hash(leaves[index]), index, proof)


@given(some_leaves, st.data())
def test_no_hash_in_any_of_them_can_be_changed_dropped_or_added(some, data):
    size, indexes = some
    leaves, known, root = tree(size)
    made = proofs(size, indexes, known)
    place = data.draw(st.integers(0, len(made) - 1))
    proof = made[place]
    spoilt = [[*proof, bytes(32)]]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        spoilt += [[*proof[:at], bytes(32), *proof[at + 1 :]], proof[:at] + proof[at + 1 :]]
    for wrong in spoilt:
        trail = Trail(size, root)
        for index, right in zip(indexes[:place], made[:place], strict=True):
            trail.check(leaf_hash(leaves[index]), index, right)
        with pytest.raises(Unproven):
            trail.check(leaf_hash(leaves[indexes[place]]), indexes[place], wrong)


@given(some_leaves, st.data())
def test_another_leaf_is_never_proven(some, data):
    size, indexes = some
    leaves, known, root = tree(size)
    place = data.draw(st.integers(0, len(indexes) - 1))
    trail = Trail(size, root)
    for number, (index, proof) in enumerate(zip(indexes, proofs(size, indexes, known), strict=True)):
        if number == place:
            with pytest.raises(Unproven):
                trail.check(leaf_hash(b"another"), index, proof)
        trail.check(leaf_hash(leaves[index]), index, proof)


def test_leaves_come_in_order_and_once():
    leaves, known, root = tree(8)
    trail = Trail(8, root)
    (proof,) = proofs(8, [3], known)
    trail.check(leaf_hash(leaves[3]), 3, proof)
    for again in (3, 2, 8, -1):
        with pytest.raises(Unproven, match="does not follow"):
            trail.check(leaf_hash(leaves[3]), again, proof)


def test_neighbours_need_about_one_hash_each():
    _leaves, known, _root = tree(64)
    made = proofs(64, list(range(64)), known)
    assert len(made[0]) == 6
    assert sum(map(len, made)) < 2 * 64
