"""The same case files, tampered with in every way that a verifier has to notice."""

import copy
import json
from collections.abc import Callable
from typing import Any

from tests.vectors import case
from tests.vectors.case import BUYER, chained, sealed_record, unsealed_record, written

Record = dict[str, Any]


def all_broken(sound: dict[str, Record]) -> dict[str, bytes]:
    """Name of the vector → its file, made from the sound records by name."""
    changed = {name: written(change(copy.deepcopy(sound[of]))) for name, (of, change) in _CHANGES.items()}
    text = written(sound["direct"])
    return {
        **changed,
        "broken-cut-off": text[: len(text) * 2 // 3],
        "broken-name-twice": text.replace(b'"amount":"78000.00"', b'"amount":"1.00","amount":"78000.00"', 1),
        "broken-nested": b'{"format":"case-record/2","case":"X","entries":[' + b"[" * 20_000,
        "broken-no-json": "这不是案卷记录。".encode(),
        "broken-no-utf8": b'{"format":"\xff\xfe"}',
        "broken-other-format": b'{"format":"case-record/9","case":"X","entries":[],"seq":0,"head":""}',
        "broken-wrong-types": b'{"format":"case-record/2","case":"X","entries":[7],"seq":1,"head":7,"ruleset":7,"sealing":7}',
    }


def rewritten(record: Record, change: Callable[[list[Record]], None], *, sealed: bool = False) -> Record:
    """The entries changed and every hash made anew: without a seal, or under one by a key that is nobody's."""
    entries = record["entries"]
    change(entries)
    chain = chained(record["case"], [(e["at"], e["kind"], e["data"]) for e in entries])
    return sealed_record(record["case"], chain, case.STRANGER) if sealed else unsealed_record(record["case"], chain)


def first(entries: list[Record], kind: str, nth: int = 0) -> Record:
    return [e for e in entries if e["kind"] == kind][nth]


def _byte(record: Record) -> Record:
    first(record["entries"], "bid.placed", 5)["data"]["amount"] = "95000.01"
    return record


def _missing(record: Record) -> Record:
    del record["entries"][14]
    return record


def _doubled(record: Record) -> Record:
    record["entries"].insert(14, record["entries"][13])
    return record


def _reordered(record: Record) -> Record:
    entries = record["entries"]
    entries[14], entries[15] = entries[15], entries[14]
    return record


def _from_the_middle(record: Record) -> Record:
    def change(entries: list[Record]) -> None:
        first(entries, "auction.opened")["data"]["step"] = "400.00"

    return {**rewritten(record, change), "sealing": record["sealing"]}


def _winner(kind: str, label: str) -> Callable[[Record], Record]:
    """Another winner, at its own price or the same, with everything hashed anew and nobody's signature."""

    def change(record: Record) -> Record:
        def other(entries: list[Record]) -> None:
            end = first(entries, kind)["data"]
            end["winner"] = label
            name = next(one for one in end["reveals"] if one["label"] == label)
            award = first(entries, "award.published")["data"]
            award["winner"] = {"label": label, "uscc": name["uscc"], "name": name["name"]}

        return rewritten(record, other)

    return change


def _to(kind: str, nth: int, edit: Callable[[Any], Any]) -> Callable[[Record], Record]:
    """One entry says something else, and everything is hashed anew."""
    return lambda record: rewritten(record, lambda entries: edit(first(entries, kind, nth)["data"]))


def _price(data: Any) -> None:
    data["offers"][0]["amount"] = "70000.00"


def _floor(data: Any) -> None:
    data["floors"][0]["amount"] = "94400.00"


def _ruleset(record: Record) -> Record:
    record["ruleset"]["toml"] = record["ruleset"]["toml"].replace(
        "next_in_rank_percent = 105", "next_in_rank_percent = 100"
    )
    return record


def _forged(record: Record) -> Record:
    note = record["sealing"]["checkpoint"]
    signed = note.rstrip("\n")
    last = signed[-3]
    record["sealing"]["checkpoint"] = f"{signed[:-3]}{'A' if last != 'A' else 'B'}{signed[-2:]}\n"
    return record


def _late(record: Record) -> Record:
    del record["sealing"]["inclusion"][-3:]
    return record


_END = "selection.closed"
_CHANGES: dict[str, tuple[str, Callable[[Record], Record]]] = {
    "broken-byte": ("live", _byte),
    "broken-missing": ("live", _missing),
    "broken-doubled": ("live", _doubled),
    "broken-reordered": ("live", _reordered),
    "broken-from-the-middle": ("live", _from_the_middle),
    "broken-signature": ("live", _forged),
    "broken-left-unsealed": ("live", _late),
    "broken-ruleset": ("live", _ruleset),
    "broken-ruleset-left-out": ("live", lambda record: {**record, "ruleset": None}),
    "broken-winner-live": ("live", _winner("auction.closed", "青松")),
    "broken-winner-live-tie-out": ("live-tie-out", _winner("auction.closed", "青松")),
    "broken-winner-sealed": ("sealed", _winner(_END, "沙枣")),
    "broken-winner-sealed-tie": ("sealed-tie", _winner(_END, "白杨")),
    "broken-winner-average": ("average", _winner(_END, "青松")),
    "broken-winner-merit": ("merit", _winner(_END, "白杨")),
    "broken-winner-draw": ("draw", _winner(_END, "白杨")),
    "broken-winner-credit_draw": ("credit_draw", _winner(_END, "金露")),
    "broken-price-direct": ("direct", _to(_END, 0, lambda data: data.update(amount="79000.00"))),
    "broken-next-in-rank": ("live", _to("award.published", 1, lambda data: data.update(amount="94500.00"))),
    "broken-bid-above-step": ("live", _to("bid.placed", 8, lambda data: data.update(amount="94200.00"))),
    "broken-failed-though-won": ("sealed", lambda record: rewritten(record, _fails)),
    "broken-reveal-name": ("sealed", _to(_END, 0, lambda data: data["reveals"][1].update(uscc=BUYER["uscc"]))),
    "broken-reveal-award-to-another": (
        "sealed",
        _to("award.published", 0, lambda data: data["winner"].update(uscc=BUYER["uscc"], name=BUYER["name"])),
    ),
    "broken-reveal-price": ("sealed", _to("offers.opened", 0, _price)),
    "broken-reveal-floor": ("live", _to("auction.closed", 0, _floor)),
    "broken-reveal-marks": (
        "merit",
        _to("marks.published", 0, lambda data: data["experts"][1]["marks"][0].update(points=100)),
    ),
    "broken-reveal-nonce": ("draw", _to("draw.revealed", 1, lambda data: data.update(nonce="ab" * 32))),
    "broken-root": ("sealed", _to("offers.closed", 0, lambda data: data.update(root="cd" * 32))),
    "broken-draw-list": ("draw", _to("draw.sealed", 0, lambda data: data["list"]["entries"].pop())),
    "broken-draw-order": ("draw", _to("draw.drawn", 0, lambda data: data["order"].reverse())),
    "broken-long-list": ("credit_draw", _to("credit.noted", 0, lambda data: data["scores"][0].update(k="99.9"))),
}


def _fails(entries: list[Record]) -> None:
    end = first(entries, _END)
    end.update(kind="selection.failed", data={"reason": "no_bids", "reveals": end["data"]["reveals"]})
    entries.remove(first(entries, "award.published"))


def as_json(text: bytes) -> Record:
    found: Record = json.loads(text)
    return found
