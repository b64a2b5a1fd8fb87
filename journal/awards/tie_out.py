"""The sealed tie-out at the hard end (R5.5), from the record alone. Imports nothing of Django."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.money import parse
from journal import canon
from journal.awards.outcome import CaseEntry, RecordUnfit, barred


def due(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Who sends a sealed price, `(label, standing fen)` by position; empty unless the hard end cut an extension short.

    Everyone within the set percent of the lead, the leader included, at least two and at most five.
    """
    rule = numbers.get("tie_out")
    if rule is None or not _cut_short(entries, numbers["live"]):
        return []
    void = barred(entries)
    last: dict[str, tuple[int, int]] = {}
    for e in entries:
        if e.kind == "bid.placed" and e.data["label"] not in void:
            last[e.data["label"]] = (parse(e.data["amount"]), e.seq)
    order = sorted((amount, seq, label) for label, (amount, seq) in last.items())
    near = [
        (label, amount)
        for amount, _seq, label in order
        if amount * 100 <= order[0][0] * (100 + int(rule["within_percent"]))
    ]
    return near[: int(rule["most"])] if len(near) >= int(rule["least"]) else []


def seats(entries: list[CaseEntry]) -> dict[str, int]:
    """Label → position in the live auction, of those who could send a sealed price; empty where there was no tie-out."""
    opened = next((e for e in entries if e.kind == "tie_out.opened"), None)
    return {} if opened is None else {one["label"]: n for n, one in enumerate(opened.data["seats"], 1)}


def check(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> None:
    """Raise RecordUnfit unless the tie-out was due, among those it was due for, and each price fits its commitment."""
    opened = next((n for n, e in enumerate(entries) if e.kind == "tie_out.opened"), None)
    if opened is None:
        return
    said = [(one["label"], parse(one["amount"])) for one in entries[opened].data["seats"]]
    if said != due(entries[:opened], numbers):
        raise RecordUnfit(f"entry {entries[opened].seq} opens a tie-out that was not due, or not among these")
    closed = next((e for e in entries if e.kind == "tie_out.closed"), None)
    if closed is None:
        return
    committed = {e.data["label"]: e.data["commitment"] for e in entries if e.kind == "tie_out.offered"}
    void = barred(entries)
    if {one["label"] for one in closed.data["offers"]} ^ (committed.keys() - void) - void:
        raise RecordUnfit(f"entry {closed.seq} leaves out a price that was sent, or adds one")
    for one in closed.data["offers"]:
        value = {"amount": one["amount"], "label": one["label"]}
        if canon.commitment("tie-out", bytes.fromhex(one["nonce"]), value) != committed[one["label"]]:
            raise RecordUnfit(f"the sealed price of {one['label']} does not fit its commitment")


def _cut_short(entries: list[CaseEntry], live: Mapping[str, Any]) -> bool:
    """Did a change of lead ask for more time than the hard end left?"""
    hard_end = closes_at = None
    cut = False
    window = timedelta(seconds=live["soft_close_window_seconds"])
    extension = timedelta(seconds=live["soft_close_extension_seconds"])
    best: tuple[Any, Any] = (None, None)
    for e in entries:
        if e.kind in ("auction.opened", "auction.resumed"):
            hard_end, closes_at, cut = _time(e.data["hard_end"]), _time(e.data["closes_at"]), False
        elif hard_end is None or closes_at is None:
            continue
        elif e.kind == "bid.placed":
            at = _time(e.at)
            cut = closes_at - at < window and at + extension > hard_end
            best = (e.data["amount"], e.data["label"])
        elif e.kind == "bidder.barred" and (e.data["best"], e.data["leader"]) != best:
            cut = _time(e.at) + extension > hard_end
            closes_at, best = _time(e.data["closes_at"] or closes_at.isoformat()), (e.data["best"], e.data["leader"])
        elif e.kind == "auction.extended":
            closes_at = _time(e.data["closes_at"])
    return cut and closes_at == hard_end


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
