"""Entries about proxy bids (R5.6)."""

from collections.abc import Iterable

from bidding.entries import Draft, Kind
from core.money import wire


def floor_set(label: str, commitment: str) -> Draft:
    """A floor was set or lowered; how far is in the commitment only (`bidding.sealing`)."""
    return Kind.FLOOR_SET, {"label": label, "commitment": commitment}


def floor_withdrawn(label: str, because: str | None = None) -> Draft:
    """Nothing is bid for `label` any more. `because` is missing where the bidder wished so, else why it may not bid."""
    return Kind.FLOOR_WITHDRAWN, {"label": label} | ({"because": because} if because else {})


def bid(label: str, amount: int) -> Draft:
    """A bid that the platform placed for `label`, down to its floor at most."""
    return Kind.BID, {"label": label, "amount": wire(amount), "proxy": True}


def opened(floors: Iterable[tuple[int, str, int, bytes]]) -> list[dict[str, object]]:
    """What the closing entry says of the losers' floors: `(seq, label, fen, nonce)` of each that was set."""
    return [
        {"seq": seq, "label": label, "amount": wire(amount), "nonce": nonce.hex()}
        for seq, label, amount, nonce in floors
    ]
