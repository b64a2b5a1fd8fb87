"""Sealed prices without a database: the same follows from an offer whoever opens it."""

import hashlib
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.contributions import Trustees
from journal.envelopes import Envelope, open_share, public_key, seal_envelope
from journal.merkle import merkle_root
from journal.offers import CIPHERTEXT_BYTES, Opened, SealedPrice, Void, commitment, opened

USCC, CEILING = "91620100MA0000001X", 100_000_00
PRIVATE = [bytes([n]) * 32 for n in range(1, 6)]
TRUSTEES = Trustees(tuple(public_key(one) for one in PRIVATE), 3)


def sealed(amount: str, k: bytes, uscc: str = USCC) -> SealedPrice:
    return SealedPrice.of(amount, uscc, k, TRUSTEES)


def shares_of(offer: SealedPrice, *numbers: int) -> dict[int, bytes | None]:
    return dict(
        open_share(offer.envelope, PRIVATE[n - 1], TRUSTEES.keys, TRUSTEES.threshold, context=offer.commitment)
        for n in numbers
    )


@settings(max_examples=15)
@given(st.integers(1, CEILING), st.binary(min_size=32, max_size=32))
def test_its_bidder_and_any_three_trustees_open_the_same_price(amount, k):
    offer = sealed(f"{amount // 100}.{amount % 100:02d}", k)
    assert offer.key_from(shares_of(offer, 5, 1, 3), TRUSTEES) == k
    assert opened(offer, k, USCC, CEILING, TRUSTEES) == Opened(amount)


def test_two_trustees_open_nothing_and_a_false_share_spoils_nothing():
    k = secrets.token_bytes(32)
    offer = sealed("90000.00", k)
    assert offer.key_from(shares_of(offer, 1, 2), TRUSTEES) is None
    assert offer.key_from({**shares_of(offer, 1, 2, 4), 3: bytes(32), 5: None}, TRUSTEES) == k


def test_the_length_of_a_price_tells_nothing():
    k = secrets.token_bytes(32)
    assert {len(sealed(text, k).ciphertext) for text in ("1.00", "9999999.99")} == {CIPHERTEXT_BYTES}


@pytest.mark.parametrize(
    ("text", "amount", "void"),
    [
        ("100000.01", 10_000_001, Void.ABOVE_CEILING),
        ("0.00", 0, Void.NOT_POSITIVE),
        ("90000", None, Void.MALFORMED),
        ("-1.00", None, Void.MALFORMED),
        ("nothing", None, Void.MALFORMED),
    ],
)
def test_a_price_that_may_not_stand_is_void(text, amount, void):
    k = secrets.token_bytes(32)
    assert opened(sealed(text, k), k, USCC, CEILING, TRUSTEES) == Opened(amount, void)


def test_a_price_of_another_bidder_is_void():
    k = secrets.token_bytes(32)
    assert opened(sealed("1.00", k), k, "91620100MA0000002X", CEILING, TRUSTEES).void is Void.UNFIT


def test_another_price_than_the_one_committed_to_is_void():
    k = secrets.token_bytes(32)
    honest, other = sealed("90000.00", k), sealed("80000.00", k)
    assert honest.price(secrets.token_bytes(32)) is None
    swapped = SealedPrice(honest.commitment, other.ciphertext, honest.envelope)
    assert opened(swapped, k, USCC, CEILING, TRUSTEES).void is Void.UNREADABLE


def test_an_envelope_with_another_key_is_void_whoever_opens_it():
    """Else its bidder could choose after the deadline, by speaking or keeping silent."""
    k, other = secrets.token_bytes(32), secrets.token_bytes(32)
    honest = sealed("90000.00", k)
    false = seal_envelope(other, TRUSTEES.keys, TRUSTEES.threshold, context=honest.commitment)
    offer = SealedPrice(honest.commitment, honest.ciphertext, false)
    assert opened(offer, k, USCC, CEILING, TRUSTEES).void is Void.ENVELOPE
    assert offer.key_from(shares_of(offer, 1, 2, 3, 4, 5), TRUSTEES) == other
    assert opened(offer, other, USCC, CEILING, TRUSTEES).void is Void.UNREADABLE
    broken = SealedPrice(honest.commitment, honest.ciphertext, Envelope(bytes(32), honest.envelope.sealed))
    assert opened(broken, k, USCC, CEILING, TRUSTEES).void is Void.ENVELOPE


def test_the_commitment_is_as_the_protocol_says():
    k = bytes(range(32))
    told = b"offer" + k + b'{"amount":"100.00","uscc":"X"}'
    assert commitment(k, "100.00", "X") == hashlib.sha256(told).digest()


@pytest.mark.parametrize("count", range(9))
def test_the_root_is_that_of_rfc_6962(count):
    def by_the_book(leaves: list[bytes]) -> bytes:
        if not leaves:
            return hashlib.sha256(b"").digest()
        if len(leaves) == 1:
            return hashlib.sha256(b"\0" + leaves[0]).digest()
        k = 1 << ((len(leaves) - 1).bit_length() - 1)
        return hashlib.sha256(b"\1" + by_the_book(leaves[:k]) + by_the_book(leaves[k:])).digest()

    leaves = [bytes([n]) for n in range(count)]
    assert merkle_root(leaves) == by_the_book(leaves)
