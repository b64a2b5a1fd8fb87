"""Envelopes and shares: some of the trustees together open them, fewer do not, and nobody else."""

import dataclasses
import hashlib
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal import shamir
from journal.envelopes import (
    EnvelopeUnfit,
    join,
    join_fitting,
    made_of,
    open_share,
    public_key,
    seal_envelope,
)

PRIVATE = [bytes([number]) * 32 for number in range(1, 6)]
KEYS = [public_key(private) for private in PRIVATE]
SECRET = hashlib.sha256(b"secret").digest()
WAYS = [(3, 5), (2, 3)]

secrets = st.binary(min_size=32, max_size=32)


def slow_times(a: int, b: int) -> int:
    """The product in the field of AES by shifting and adding, without tables."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def test_the_field_is_that_of_aes() -> None:
    assert shamir.times(0x57, 0x83) == 0xC1, "the example of FIPS 197, 4.2"
    for a in range(256):
        for b in range(256):
            assert shamir.times(a, b) == slow_times(a, b)
            assert b == 0 or shamir.times(shamir.over(a, b), b) == a
    with pytest.raises(ZeroDivisionError):
        shamir.over(1, 0)


def test_shares_are_the_values_of_the_polynomial() -> None:
    coefficients = iter([b"\x02", b"\x03"])
    shares = shamir.split(b"\x01", shares=4, threshold=3, random=lambda length: next(coefficients))
    assert shares == {x: bytes([1 ^ slow_times(2, x) ^ slow_times(3, slow_times(x, x))]) for x in range(1, 5)}, (
        "1 + 2x + 3x²"
    )


@given(secrets, st.data())
@pytest.mark.slow
def test_any_threshold_of_shares_gives_the_secret_and_fewer_fit_every_secret(
    secret: bytes, data: st.DataObject
) -> None:
    count = data.draw(st.integers(2, 7))
    threshold = data.draw(st.integers(2, count))
    rows = data.draw(st.lists(secrets, min_size=threshold - 1, max_size=threshold - 1))
    left = iter(rows)
    shares = shamir.split(secret, shares=count, threshold=threshold, random=lambda length: next(left))
    chosen = data.draw(st.permutations(sorted(shares)))
    assert shamir.join({number: shares[number] for number in chosen[:threshold]}, threshold) == secret
    few = {number: shares[number] for number in chosen[: threshold - 1]}
    with pytest.raises(shamir.SharesUnfit):
        shamir.join(few, threshold)
    # With one share invented at will, every secret can be had: the shares that are there rule none out.
    free = {shamir.join({**few, chosen[-1]: bytes([byte]) * 32}, threshold)[0] for byte in range(256)}
    assert free == set(range(256))


@pytest.mark.parametrize(("shares", "threshold"), [(2, 3), (3, 0), (256, 2)])
def test_some_ways_of_sharing_are_none(shares: int, threshold: int) -> None:
    with pytest.raises(shamir.SharesUnfit):
        shamir.split(SECRET, shares=shares, threshold=threshold, random=bytes)


@pytest.mark.parametrize("shares", [{1: b"a", 2: b"bc"}, {0: b"a", 1: b"b"}, {1: b"a", 256: b"b"}])
def test_shares_that_are_not_of_one_secret_are_refused(shares: dict[int, bytes]) -> None:
    with pytest.raises(shamir.SharesUnfit):
        shamir.join(shares, 2)


@pytest.mark.parametrize(("threshold", "count"), WAYS)
def test_every_choice_of_enough_trustees_opens_an_envelope(threshold: int, count: int) -> None:
    keys = KEYS[:count]
    envelope = seal_envelope(SECRET, keys, threshold, context=b"draw")
    shares = [open_share(envelope, private, keys, threshold, context=b"draw") for private in PRIVATE[:count]]
    assert [number for number, _ in shares] == list(range(1, count + 1))
    for chosen in combinations(shares, threshold):
        assert join(chosen, threshold) == SECRET
    for few in combinations(shares, threshold - 1):
        with pytest.raises(shamir.SharesUnfit):
            join(few, threshold)
        assert join(few, threshold - 1) != SECRET


def test_neither_a_stranger_nor_another_s_place_nor_another_matter_opens_a_share() -> None:
    envelope = seal_envelope(SECRET, KEYS, 3, context=b"draw")
    with pytest.raises(EnvelopeUnfit, match="not made for"):
        open_share(envelope, b"stranger" * 4, KEYS, 3, context=b"draw")
    for keys, threshold, context in (
        (KEYS, 3, b"other"),
        (KEYS, 2, b"draw"),
        (KEYS[::-1], 3, b"draw"),
        ([public_key(b"stranger" * 4), *KEYS[1:]], 3, b"draw"),
    ):
        with pytest.raises(EnvelopeUnfit, match="cannot be decrypted"):
            open_share(envelope, PRIVATE[1], keys, threshold, context=context)
    swapped = dataclasses.replace(envelope, sealed=envelope.sealed[::-1])
    with pytest.raises(EnvelopeUnfit, match="cannot be decrypted"):
        open_share(swapped, PRIVATE[0], KEYS, 3, context=b"draw")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 4), st.integers(0, 47), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, byte: int, by: int) -> None:
    envelope = seal_envelope(SECRET, KEYS, 3)
    broken = bytearray(envelope.sealed[place])
    broken[byte] ^= by
    sealed = (*envelope.sealed[:place], bytes(broken), *envelope.sealed[place + 1 :])
    with pytest.raises(EnvelopeUnfit):
        open_share(dataclasses.replace(envelope, sealed=sealed), PRIVATE[place], KEYS, 3)


@pytest.mark.parametrize("ephemeral", [bytes(32), b"short"])
def test_a_sender_s_key_that_is_none_is_refused(ephemeral: bytes) -> None:
    envelope = dataclasses.replace(seal_envelope(SECRET, KEYS, 3), ephemeral=ephemeral)
    with pytest.raises(EnvelopeUnfit, match="no key"):
        open_share(envelope, PRIVATE[0], KEYS, 3)


def test_an_envelope_is_made_in_one_way_only_so_that_a_crooked_one_shows() -> None:
    envelope = seal_envelope(SECRET, KEYS, 3, context=b"draw")
    assert made_of(envelope, SECRET, KEYS, 3, context=b"draw")
    assert not made_of(envelope, bytes(32), KEYS, 3, context=b"draw")
    for keys, threshold, context in ((KEYS[:4], 3, b"draw"), (KEYS, 2, b"draw"), (KEYS, 3, b"")):
        other = seal_envelope(SECRET, keys, threshold, context=context)
        assert other.ephemeral != envelope.ephemeral, "no key serves twice"
        assert not made_of(other, SECRET, KEYS, 3, context=b"draw")


def test_the_true_shares_are_found_among_false_ones() -> None:
    envelope = seal_envelope(SECRET, KEYS, 3)
    shares = dict(open_share(envelope, private, KEYS, 3) for private in PRIVATE)
    false = {**shares, 1: bytes(32), 4: b"short"}
    assert join(false.items() - {(4, b"short")}, 3) != SECRET
    assert join_fitting(false, 3, SECRET.__eq__) == SECRET
    assert join_fitting({**false, 5: bytes(32)}, 3, SECRET.__eq__) is None


def test_only_secrets_that_nobody_guesses_and_each_trustee_once() -> None:
    with pytest.raises(EnvelopeUnfit, match="32 random bytes"):
        seal_envelope(b"password", KEYS, 3)
    with pytest.raises(EnvelopeUnfit, match="named twice"):
        seal_envelope(SECRET, [KEYS[0], KEYS[0], KEYS[1]], 2)
    with pytest.raises(EnvelopeUnfit, match="no key"):
        seal_envelope(SECRET, [KEYS[0], bytes(32), KEYS[1]], 2)
