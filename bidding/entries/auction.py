"""Entries about how a live auction pauses, is tied out and is reviewed (R5.5, R5.7, R5.8)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bidding.entries import Draft, Kind
from core.clock import rfc3339
from core.money import wire


def opening(label: str, amount: int) -> Draft:
    """An opening offer stands as a price; the lowest comes last and leads (R5.1)."""
    return Kind.BID, {"label": label, "amount": wire(amount), "opening": True}


def paused(because: str, since: datetime, *, reason: str = "", by: Iterable[str] = ()) -> Draft:
    """`since`: from when on what was left is given back. Two officers give a public `reason`; `by` are their bodies."""
    data: dict[str, object] = {"because": because, "since": rfc3339(since)}
    return Kind.PAUSED, data | ({"reason": reason, "by": sorted(by)} if reason else {})


def resumes(opens_again_at: datetime, closes_at: datetime, hard_end: datetime) -> Draft:
    """It is announced when the auction goes on, and with what times."""
    return Kind.RESUMES, _times(opens_again_at, closes_at, hard_end)


def resumed(opens_again_at: datetime, closes_at: datetime, hard_end: datetime) -> Draft:
    """It goes on; bids are taken again."""
    return Kind.RESUMED, _times(opens_again_at, closes_at, hard_end)


def tie_out_opened(seats: Iterable[tuple[str, int]], closes_at: datetime) -> Draft:
    """`seats`: label and standing price by position in the live auction."""
    listed = [{"label": label, "amount": wire(amount)} for label, amount in seats]
    return Kind.TIE_OUT_OPENED, {"seats": listed, "closes_at": rfc3339(closes_at)}


def tie_out_offered(label: str, commitment: str) -> Draft:
    return Kind.TIE_OUT_OFFERED, {"label": label, "commitment": commitment}


def tie_out_closed(offers: Iterable[tuple[str, int, bytes]], best: int | None, leader: str | None) -> Draft:
    """All sealed prices at once, by position; who sent none keeps its standing price. `best` and `leader` follow."""
    listed = [{"label": label, "amount": wire(amount), "nonce": nonce.hex()} for label, amount, nonce in offers]
    return Kind.TIE_OUT_CLOSED, {"offers": listed, "best": None if best is None else wire(best), "leader": leader}


def low(
    label: str,
    amount: int,
    because: Iterable[str],
    figures: Mapping[str, int],
    market: Mapping[str, object],
    until: datetime,
) -> Draft:
    """The price is abnormally low by these rules; `figures` are what they compare, `market` is what the median is of."""
    return Kind.LOW, {
        "label": label,
        "amount": wire(amount),
        "because": list(because),
        "figures": {name: wire(fen) for name, fen in figures.items()},
        "market": dict(market),
        "justify_until": rfc3339(until),
    }


def low_justified(label: str, text: str, until: datetime) -> Draft:
    return Kind.LOW_JUSTIFIED, {"label": label, "text": text, "decide_until": rfc3339(until)}


def low_decided(label: str, *, accepted: bool, because: str, reasons: str = "") -> Draft:
    """`because` is `buyer`, who gives `reasons`, or what followed from silence: `not_justified`, `not_decided`."""
    return Kind.LOW_DECIDED, {"label": label, "accepted": accepted, "because": because, "reasons": reasons}


def _times(opens_again_at: datetime, closes_at: datetime, hard_end: datetime) -> dict[str, object]:
    return {
        "opens_again_at": rfc3339(opens_again_at),
        "closes_at": rfc3339(closes_at),
        "hard_end": rfc3339(hard_end),
    }
