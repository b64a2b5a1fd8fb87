"""A draw as the case file has it, made again from list and contributions (R4). Imports nothing of Django.

Methods that draw read the result here: an order that does not follow from the sealed list, the commitments and what was
opened is no order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journal.awards.notice import announced
from journal.awards.outcome import CaseEntry, RecordUnfit
from journal.contributions import Contribution, Sealed, Trustees
from journal.envelopes import Envelope
from journal.lots import DrawList, Entry, order, seed
from journal.unfit import DrawBroken

_GONE = ("request.left", "enrolment.barred")


@dataclass(frozen=True)
class Drawn:
    """A draw that was made: its list, seed (hex) and order, and the numbers of the entries that sealed and made it."""

    name: str
    listed: DrawList
    seed: str
    order: tuple[str, ...]
    contributors: tuple[str, ...]
    sealed_in: int
    made_in: int


def drawn(entries: list[CaseEntry], which: str) -> Drawn | None:
    """The draw whose name ends in `-<which>`, such as D; None before it is made. Raises RecordUnfit where it does not hold."""
    own = [entry for entry in entries if _is_of(entry, which)]
    if not any(entry.kind == "draw.drawn" for entry in own):
        return None
    try:
        return _made(own)
    except (DrawBroken, KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordUnfit(f"the draw {which} does not hold: {error}") from error


def standing(entries: list[CaseEntry], before: int) -> list[str]:
    """The labels of those enrolled when the entry `before` was written, sorted; the barred are among them."""
    labels: dict[str, None] = {}
    for entry in entries:
        if entry.seq >= before:
            break
        if entry.kind == "request.enrolled":
            labels[str(entry.data["label"])] = None
        elif entry.kind in _GONE:
            labels.pop(str(entry.data["label"]), None)
    return sorted(labels)


def barred_before(entries: list[CaseEntry], before: int) -> frozenset[str]:
    """Who could not be selected any more when the entry `before` was written."""
    return frozenset(str(e.data["label"]) for e in entries if e.kind == "bidder.barred" and e.seq < before)


def notice(entries: list[CaseEntry]) -> Mapping[str, Any]:
    """What was published, as it was last changed; raises RecordUnfit for a case file without it."""
    found = announced(entries)
    if not found:
        raise RecordUnfit("nothing was published in this case file")
    return found


def failure(entries: list[CaseEntry], otherwise: str) -> str:
    """Why the selection failed, as the case file says; before it has ended, `otherwise`."""
    return next((str(e.data["reason"]) for e in entries if e.kind == "selection.failed"), otherwise)


def _is_of(entry: CaseEntry, which: str) -> bool:
    return entry.kind.startswith("draw.") and str(entry.data.get("draw", "")).endswith(f"-{which}")


def _made(own: list[CaseEntry]) -> Drawn:
    opened, sealed, made = (_only(own, kind) for kind in ("draw.opened", "draw.sealed", "draw.drawn"))
    terms = opened.data["trustees"]
    trustees = Trustees(tuple(bytes.fromhex(key) for key in terms["keys"]), terms["threshold"])
    given = {str(e.data["by"]): _contribution(e.data) for e in own if e.kind == "draw.contributed"}
    if left_out := sorted(set(opened.data["compulsory"]) - set(given)):
        raise RecordUnfit(f"{', '.join(left_out)} had to contribute to {made.data['draw']}, and did not")
    listed = _list(sealed.data["list"])
    if Sealed(listed, trustees, tuple(given[name] for name in sorted(given))).seal != sealed.data["seal"]:
        raise RecordUnfit(f"list and contributions of {made.data['draw']} do not give its seal")
    counted = _counted(own, given, trustees, after=sealed.seq)
    seeded = seed(listed, counted)
    if seeded.hex() != made.data["seed"] or order(seeded, listed.entries) != made.data["order"]:
        raise RecordUnfit(f"what was opened gives another order than {made.data['draw']} has")
    names = tuple(sorted(given))
    return Drawn(made.data["draw"], listed, seeded.hex(), tuple(made.data["order"]), names, sealed.seq, made.seq)


def _counted(
    own: list[CaseEntry], given: Mapping[str, Contribution], trustees: Trustees, *, after: int
) -> dict[str, bytes]:
    """What each contribution puts into the seed; all are opened, none before the seal."""
    counted = {}
    for entry in own:
        if entry.kind == "draw.revealed":
            name, nonce = str(entry.data["of"]), entry.data["nonce"]
            r = None if nonce is None else bytes.fromhex(nonce)
            tried = sum(e.kind == "draw.shared" and e.data["of"] == name for e in own)
            fits = tried == len(trustees.keys) if r is None else given[name].fits(r)
            if entry.seq <= after or not fits:
                raise RecordUnfit(f"what was opened of {name} does not fit its commitment, or came before the seal")
            counted[name] = given[name].counts(r, trustees)
    if set(counted) != set(given):
        raise RecordUnfit(f"{', '.join(sorted(set(given) - set(counted)))} contributed and is not among the opened")
    return counted


def _only(own: list[CaseEntry], kind: str) -> CaseEntry:
    found = [entry for entry in own if entry.kind == kind]
    if len(found) != 1:
        raise RecordUnfit(f"there are {len(found)} entries {kind} of one draw")
    return found[0]


def _contribution(data: Mapping[str, Any]) -> Contribution:
    envelope = data["envelope"]
    shares = tuple(bytes.fromhex(share) for share in envelope["shares"])
    committed = bytes.fromhex(data["commitment"])
    return Contribution(str(data["by"]), committed, Envelope(bytes.fromhex(envelope["ephemeral"]), shares))


def _list(data: Mapping[str, Any]) -> DrawList:
    entries = tuple(Entry(one["name"], one["tickets"]) for one in data["entries"])
    listed = DrawList(entries, tuple((one["name"], one["reason"]) for one in data["excluded"]), data["rules"])
    listed.check()
    return listed
