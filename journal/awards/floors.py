"""Hidden floors as the record shows them (R5.6). Imports nothing of Django.

While an auction runs there are commitments only. The closing entry opens every floor that a loser had set; the winner's stay
hidden, and their owner can open the commitments to whomever it likes. What is opened must fit what was bid.
"""

from collections.abc import Sequence

from core.money import parse
from journal import canon
from journal.awards.outcome import CaseEntry, RecordUnfit, barred

_ENDS = ("auction.closed", "auction.failed")


def opened(entries: list[CaseEntry]) -> dict[str, int]:
    """Label → the floor in fen that stood at the close, as the closing entry opens it."""
    standing = _standing(entries)
    said = [one for e in entries if e.kind in _ENDS for one in e.data.get("floors", [])]
    return {one["label"]: parse(one["amount"]) for one in said if standing.get(one["label"]) == one["seq"]}


def check(entries: list[CaseEntry]) -> None:
    """Raise RecordUnfit unless opened floors fit their commitments, and the bids that were placed by them.

    No bid in a bidder's name goes below the floor that stood then, and no floor that stood at the close could still have bid.
    """
    end = next((n for n, e in enumerate(entries) if e.kind in _ENDS and e.data.get("floors")), None)
    if end is None:
        return
    amounts = _amounts(entries, entries[end])
    for n, e in enumerate(entries[:end]):
        if e.kind == "bid.placed" and e.data.get("proxy"):
            seq = _standing(entries[:n]).get(e.data["label"])
            if seq is None:
                raise RecordUnfit(f"entry {e.seq} bids for {e.data['label']}, who had set no floor")
            if parse(e.data["amount"]) < amounts.get(seq, 0):
                raise RecordUnfit(f"entry {e.seq} bids below the floor of entry {seq}")
    _check_none_could_bid(entries[:end], amounts)


def _amounts(entries: list[CaseEntry], end: CaseEntry) -> dict[int, int]:
    """Number of the entry that set it → fen, each checked against its commitment."""
    by_seq = {e.seq: e for e in entries if e.kind == "proxy.set"}
    found = {}
    for one in end.data["floors"]:
        source = by_seq.get(one["seq"])
        if source is None or source.data["label"] != one["label"]:
            raise RecordUnfit(f"entry {end.seq} opens a floor that {one['label']} never set")
        said = {"amount": one["amount"], "label": one["label"]}
        if canon.commitment("floor", bytes.fromhex(one["nonce"]), said) != source.data["commitment"]:
            raise RecordUnfit(f"the floor opened for entry {source.seq} does not fit its commitment")
        found[source.seq] = int(parse(one["amount"]))
    return found


def _standing(entries: Sequence[CaseEntry]) -> dict[str, int]:
    """Label → the entry that set the floor it has after these entries. A price sent in a tie-out takes its place."""
    found: dict[str, int] = {}
    for e in entries:
        if e.kind == "proxy.set":
            found[e.data["label"]] = e.seq
        elif e.kind in ("proxy.withdrawn", "bidder.barred"):
            found.pop(e.data["label"], None)
        elif e.kind == "tie_out.closed":
            for one in e.data["offers"]:
                found.pop(one["label"], None)
    return found


def _check_none_could_bid(entries: list[CaseEntry], amounts: dict[int, int]) -> None:
    step = next((parse(e.data["step"]) for e in entries if e.kind == "auction.opened"), None)
    prices = [(parse(e.data["amount"]), e.data["label"]) for e in entries if e.kind == "bid.placed"]
    for e in entries:
        if e.kind == "tie_out.closed":
            prices += [(parse(one["amount"]), one["label"]) for one in e.data["offers"]]
    void = barred(entries)
    standing = [one for one in prices if one[1] not in void]
    if step is None or not standing:
        return
    best, leader = min(standing)
    for label, seq in _standing(entries).items():
        if label != leader and amounts.get(seq, best) <= best - step:
            raise RecordUnfit(f"the floor of entry {seq} could have bid and was not asked")
