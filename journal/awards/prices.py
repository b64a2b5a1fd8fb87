"""Sealed prices as a record shows them (R6): which count, and who comes first. Imports nothing of Django.

Shared by every method that compares prices opened together. `check` is what a verifier asks besides: that what was opened
is what was committed to before the deadline, all of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.money import parse
from journal.awards.notice import announced
from journal.awards.outcome import CaseEntry, Outcome, Place, RecordUnfit, barred
from journal.offers import commitment, root

_TIE = re.compile(r".*-T[1-9][0-9]*")


def opened_offers(entries: Sequence[CaseEntry]) -> list[dict[str, object]]:
    """The offers of `offers.opened`, by label; none before the opening."""
    found = [entry for entry in entries if entry.kind == "offers.opened"]
    return list(found[-1].data["offers"]) if found else []


def ceiling_of(entries: Sequence[CaseEntry]) -> int | None:
    """The ceiling of the notice as it was last changed, in fen."""
    written = announced(entries).get("ceiling")
    return None if written is None else parse(written)


def valid_prices(entries: list[CaseEntry]) -> dict[str, int]:
    """Label → price in fen, of every offer that counts: opened, not void, within the ceiling, not barred since."""
    ceiling, out = ceiling_of(entries), barred(entries)
    prices: dict[str, int] = {}
    for offer in opened_offers(entries):
        label = str(offer["label"])
        if offer["void"] is not None or offer["amount"] is None or label in out:
            continue
        amount = parse(str(offer["amount"]))
        if amount > 0 and (ceiling is None or amount <= ceiling):
            prices[label] = amount
    return prices


def void_offers(entries: Sequence[CaseEntry]) -> dict[str, str]:
    """Label → why its offer is void."""
    return {str(one["label"]): str(one["void"]) for one in opened_offers(entries) if one["void"] is not None}


def sealed_order(entries: Sequence[CaseEntry]) -> dict[str, int]:
    """Label → the number of the entry that sealed its last price: earlier comes first where no draw decides."""
    return {str(entry.data["label"]): entry.seq for entry in entries if entry.kind == "offer.sealed"}


def tie_order(entries: Sequence[CaseEntry], labels: Iterable[str]) -> list[str] | None:
    """The order in which a draw `<number>-T…` put these labels; None as long as none of all of them was made."""
    wanted = set(labels)
    for entry in reversed(entries):
        if entry.kind == "draw.drawn" and _TIE.fullmatch(entry.data["draw"]) and wanted <= set(entry.data["order"]):
            return [label for label in entry.data["order"] if label in wanted]
    return None


def in_order(entries: Sequence[CaseEntry], keys: Mapping[str, tuple[Any, ...]]) -> tuple[list[str], tuple[str, ...]]:
    """`(labels, tied)`: labels by their keys, the least first; `tied` are those who share the first key until a draw decides.

    Who shares a later key comes as the draw put them, if it did, else by who sealed first.
    """
    sealed = sealed_order(entries)
    groups: dict[tuple[Any, ...], list[str]] = {}
    for label, key in keys.items():
        groups.setdefault(key, []).append(label)
    order: list[str] = []
    tied: tuple[str, ...] = ()
    for key in sorted(groups):
        labels = sorted(groups[key], key=lambda label: (sealed.get(label, 0), label))
        drawn = tie_order(entries, labels) if len(labels) > 1 else None
        if not order and len(labels) > 1 and drawn is None:
            tied = tuple(sorted(labels))
        order += drawn or labels
    return order, tied


def outcome(
    entries: Sequence[CaseEntry], prices: Mapping[str, int], keys: Mapping[str, tuple[Any, ...]], **facts: object
) -> Outcome:
    """The outcome of prices ranked by `keys` (least first): a winner at its own price, a tie, or nobody."""
    order, tied = in_order(entries, keys)
    ranking = tuple(Place(rank, label, prices[label], 1) for rank, label in enumerate(order, 1))
    if not ranking:
        return Outcome(None, None, failure="no_bids", facts=facts)
    if tied:
        return Outcome(None, None, ranking, tied=tied, facts=facts)
    return Outcome(ranking[0].label, ranking[0].amount, ranking, facts=facts)


def check(entries: Sequence[CaseEntry], uscc_of: Mapping[str, str]) -> None:
    """Raise RecordUnfit unless what was closed is what was sealed, and what was opened fits it. `uscc_of` by label."""
    closed = next((entry for entry in entries if entry.kind == "offers.closed"), None)
    if closed is None:
        if opened_offers(entries):
            raise RecordUnfit("prices were opened that were never closed")
        return
    shut = {one["label"]: bytes.fromhex(one["commitment"]) for one in closed.data["offers"]}
    if shut != _in_force(entries, closed.seq):
        raise RecordUnfit("the offers closed are not those in force at the deadline")
    if root(shut).hex() != closed.data["root"]:
        raise RecordUnfit(f"the commitments give the root {root(shut).hex()}")
    shown = opened_offers(entries)
    if not any(entry.kind == "offers.opened" for entry in entries):
        return
    if [one["label"] for one in shown] != sorted(shut):
        raise RecordUnfit("the offers opened are not those that were closed")
    ceiling = ceiling_of(entries)
    for one in shown:
        _check_offer(one, shut[str(one["label"])], uscc_of, ceiling)


def _check_offer(one: Mapping[str, object], committed: bytes, uscc_of: Mapping[str, str], ceiling: int | None) -> None:
    label, amount, nonce = str(one["label"]), one["amount"], one["nonce"]
    if amount is None or nonce is None:
        if one["void"] is None:
            raise RecordUnfit(f"the offer of {label} counts, but was not opened")
        return
    if label in uscc_of and commitment(bytes.fromhex(str(nonce)), str(amount), uscc_of[label]) != committed:
        raise RecordUnfit(f"the price of {label} does not fit its commitment")
    outside = parse(str(amount)) <= 0 or (ceiling is not None and parse(str(amount)) > ceiling)
    if outside != (one["void"] is not None):
        raise RecordUnfit(f"the offer of {label} is void or valid against the ceiling")


def _in_force(entries: Sequence[CaseEntry], before: int) -> dict[str, bytes]:
    """Label → commitment of the offers that stood before the entry `before`."""
    stood: dict[str, bytes] = {}
    for entry in entries:
        if entry.seq >= before:
            break
        if entry.kind == "offer.sealed":
            stood[entry.data["label"]] = bytes.fromhex(entry.data["commitment"])
        elif entry.kind in ("offer.withdrawn", "request.left", "enrolment.barred"):
            stood.pop(entry.data["label"], None)
    return stood
