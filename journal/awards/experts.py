"""The experts of a 综合比选 as its case file shows them (R3): drawn, recused or replaced, and what each marked.

Imports nothing of Django. An expert is known by number only.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import rfc8785

from journal.awards import lots
from journal.awards.outcome import CaseEntry, RecordUnfit

MOST_POINTS = 100
_DRAW = "E"
_REPLACED = ("expert.recused", "expert.replaced")


def commitment(salt: bytes, marks: Sequence[Mapping[str, Any]]) -> str:
    """What stands for an expert's marks until all have given theirs: `SHA-256("marks" ‖ salt ‖ JCS(marks))` in hex.

    `marks` are `{"label", "points", "reason"}` in the order of labels.
    """
    return hashlib.sha256(b"marks" + salt + rfc8785.dumps(list(marks))).hexdigest()


def first_of(order: Sequence[str], least: int, gone: Iterable[str] = ()) -> list[str]:
    """The experts of the drawn order who sit: the first `least` who are not gone."""
    left = set(gone)
    return [expert for expert in order if expert not in left][:least]


def plans(entries: list[CaseEntry]) -> dict[str, str]:
    """Label → SHA-256 of the plan that the experts were to mark; empty before the deadline."""
    closed = next((e for e in entries if e.kind == "plans.closed"), None)
    return {} if closed is None else {str(one["label"]): str(one["sha256"]) for one in closed.data["plans"]}


def seated(entries: list[CaseEntry], numbers: Mapping[str, Any], before: int) -> list[str]:
    """Who had to mark when the entry `before` was written, by the draw and by who was replaced; raises RecordUnfit."""
    drawn = lots.drawn(entries, _DRAW)
    if drawn is None or drawn.made_in > before:
        raise RecordUnfit("no experts had been drawn when the marks were published")
    if any(one.tickets != 1 for one in drawn.listed.entries):
        raise RecordUnfit(f"{drawn.name} gave an expert more than one ticket")
    gone = [str(e.data["expert"]) for e in entries if e.kind in _REPLACED and e.seq < before]
    return first_of(drawn.order, numbers["experts_least"], gone)


def marks_by_label(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> dict[str, list[int]]:
    """Label → the experts' points for its plan, in the order of experts; empty before they were published.

    Raises RecordUnfit where they are not those of the experts who sat, do not fit what was committed to before, leave a
    plan out, lack a reason, or came after the prices.
    """
    shown = next((e for e in entries if e.kind == "marks.published"), None)
    _check_order(entries, shown)
    if shown is None:
        return {}
    _check_plans(entries, shown)
    wanted = sorted(plans(entries))
    sat = seated(entries, numbers, shown.seq)
    if (
        sorted(str(one["expert"]) for one in shown.data["experts"]) != sorted(sat)
        or len(sat) < numbers["experts_least"]
    ):
        raise RecordUnfit(f"the marks are not those of the experts drawn: {', '.join(sat)}")
    given = {e.data["expert"]: e.data["commitment"] for e in entries if e.kind == "marks.given" and e.seq < shown.seq}
    found: dict[str, list[int]] = {label: [] for label in wanted}
    for one in sorted(shown.data["experts"], key=lambda one: str(one["expert"])):
        if given.get(one["expert"]) != commitment(bytes.fromhex(one["salt"]), one["marks"]):
            raise RecordUnfit(f"the marks of {one['expert']} do not fit what was committed to")
        if [mark["label"] for mark in one["marks"]] != wanted:
            raise RecordUnfit(f"{one['expert']} did not mark every plan once")
        for mark in one["marks"]:
            found[mark["label"]].append(_points(one["expert"], mark))
    return found


def _points(expert: str, mark: Mapping[str, Any]) -> int:
    points = mark["points"]
    if type(points) is not int or not 0 <= points <= MOST_POINTS:
        raise RecordUnfit(f"{expert} gives {points} points")
    if not str(mark["reason"]).strip():
        raise RecordUnfit(f"{expert} gives no reason for {mark['label']}")
    return points


def _check_order(entries: list[CaseEntry], shown: CaseEntry | None) -> None:
    """R3: the experts see unnamed plans before prices open."""
    opened = next((e for e in entries if e.kind == "offers.opened" and e.data["offers"]), None)
    if opened is not None and (shown is None or opened.seq < shown.seq):
        raise RecordUnfit("prices were opened before the experts' marks were published")


def _check_plans(entries: list[CaseEntry], shown: CaseEntry) -> None:
    """The plans marked are the last ones sent in before the deadline."""
    closed = next((e for e in entries if e.kind == "plans.closed"), None)
    if closed is None or closed.seq > shown.seq:
        raise RecordUnfit("marks were published for plans that were never closed")
    last: dict[str, str] = {}
    for entry in entries:
        if entry.seq >= closed.seq:
            break
        if entry.kind == "plan.submitted":
            last[str(entry.data["label"])] = str(entry.data["sha256"])
        elif entry.kind in ("plan.withdrawn", "request.left", "enrolment.barred"):
            last.pop(str(entry.data["label"]), None)
    if any(last.get(label) != digest for label, digest in plans(entries).items()):
        raise RecordUnfit("the plans closed are not those in force at the deadline")
