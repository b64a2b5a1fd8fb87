"""The entries of sealed prices (R6). `offers.arranged` is the marketplace's: it stands in the notice's own transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from bidding.entries import Draft, Kind


def sealed(label: str, commitment: bytes, digest: bytes, *, replaces: bool) -> Draft:
    """`sealed` is the hash of what the platform keeps: cipher text and envelope (`journal.offers.SealedPrice.digest`)."""
    return Kind.OFFER_SEALED, {
        "label": label,
        "commitment": commitment.hex(),
        "sealed": digest.hex(),
        "replaces": replaces,
    }


def withdrawn(label: str) -> Draft:
    return Kind.OFFER_WITHDRAWN, {"label": label}


def closed(root: bytes, commitments: Mapping[str, bytes]) -> Draft:
    """At the deadline: the Merkle root over the commitments in the order of their labels, and each of them."""
    offers = [{"label": label, "commitment": commitments[label].hex()} for label in sorted(commitments)]
    return Kind.OFFERS_CLOSED, {"root": root.hex(), "offers": offers}


def revealed(label: str) -> Draft:
    """A bidder gave the key of its own offer; nothing of it is public before all are opened."""
    return Kind.OFFER_REVEALED, {"label": label}


def shared(trustee: int, shares: Mapping[str, bool]) -> Draft:
    """A trustee answered for these labels; false: its part of the envelope could not be decrypted."""
    return Kind.OFFERS_SHARED, {
        "trustee": trustee,
        "readable": sorted(label for label, readable in shares.items() if readable),
        "unreadable": sorted(label for label, readable in shares.items() if not readable),
    }


def opened(offers: Iterable[dict[str, Any]]) -> Draft:
    """All prices in one entry, by label: `{"label","amount","nonce","by","void"}`; with `shares` where nobody could open."""
    return Kind.OFFERS_OPENED, {"offers": sorted(offers, key=lambda one: str(one["label"]))}
