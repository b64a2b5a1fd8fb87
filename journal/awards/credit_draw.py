"""信用择优 (R3): a long list by credit, a short list by draw, and the buyer's reasoned choice. Imports nothing of Django.

No grade bars anybody from selection: a low K may miss the long list, and a D has one ticket like a C.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import parse
from journal.awards import lots
from journal.awards.draw import facts_of
from journal.awards.outcome import CaseEntry, Outcome, Place, RecordUnfit, barred
from journal.lots import Entry

_SECTION = "credit_draw"


@dataclass(frozen=True)
class Score:
    """An entrant's K, with one decimal, and grade when enrolment closed."""

    label: str
    k: Decimal
    grade: str


def long_list(scores: Iterable[Score], numbers: Mapping[str, Any]) -> tuple[list[Entry], dict[str, Decimal]]:
    """Who is on the long list, with the tickets of the grade; and who is not, with the K that would have been needed.

    The best max(`long_list_least`, `long_list_percent` rounded up) by K. Whoever has the last one's K is on it too.
    """
    way = numbers[_SECTION]
    known = sorted(scores, key=lambda one: (-one.k, one.label))
    if not known:
        return [], {}
    wanted = max(way["long_list_least"], -(-way["long_list_percent"] * len(known) // 100))
    least = known[min(wanted, len(known)) - 1].k
    entries = [Entry(one.label, way["tickets"][one.grade]) for one in known if one.k >= least]
    return sorted(entries, key=lambda one: one.name), {one.label: least for one in known if one.k < least}


def short_list(order: Sequence[str], barred: Collection[str], numbers: Mapping[str, Any]) -> list[str]:
    """The first of the drawn order who may be selected, as many as the buyer chooses from."""
    return [label for label in order if label not in barred][: numbers[_SECTION]["short_list"]]


def decide(entries: list[CaseEntry], numbers: Mapping[str, Any]) -> Outcome:
    """Whom the buyer picked from the short list wins at the ceiling; after its time is over, the first drawn of it.

    Next in rank are the rest of the short list and then of the long list, as drawn. Raises RecordUnfit where a list does
    not follow from credit and draw, or somebody was picked who is not on it.
    """
    drawn = lots.drawn(entries, "D")
    if drawn is None:
        return Outcome(None, None, failure=lots.failure(entries, "not_drawn"))
    _check_long_list(entries, drawn, numbers)
    facts = {**facts_of(drawn), "scores": _scores(entries), "of_grade": dict(numbers[_SECTION]["tickets"])}
    listed = _short_list(entries, drawn, numbers)
    void = barred(entries)
    if listed is None:
        left = [label for label in drawn.order if label not in void]
        return Outcome(None, None, failure=lots.failure(entries, "not_picked" if left else "nobody_left"), facts=facts)
    picked = next((e for e in entries if e.kind == "shortlist.picked"), None)
    lapsed = any(e.kind == "shortlist.lapsed" for e in entries)
    facts |= {"short_list": tuple(listed), "reason": picked.data["reason"] if picked else None, "lapsed": lapsed}
    if picked and picked.data["label"] not in listed:
        raise RecordUnfit(f"{picked.data['label']} was picked and is not on the short list")
    chosen = [str(picked.data["label"])] if picked else []
    if not chosen and not lapsed:
        return Outcome(None, None, failure=lots.failure(entries, "not_picked"), facts=facts)
    return _ranked(entries, [*chosen, *listed], drawn.order, void, facts)


def _ranked(
    entries: list[CaseEntry],
    first: Sequence[str],
    order: Sequence[str],
    void: Collection[str],
    facts: Mapping[str, Any],
) -> Outcome:
    if all(label in void for label in first):
        return Outcome(None, None, failure=lots.failure(entries, "nobody_left"), facts=facts)
    fee = parse(lots.notice(entries)["ceiling"])
    places = [label for label in dict.fromkeys([*first, *order]) if label not in void]
    ranking = tuple(Place(rank, label, fee, 0) for rank, label in enumerate(places, 1))
    return Outcome(places[0], fee, ranking, facts=facts)


def scores_of(entries: list[CaseEntry]) -> list[Score]:
    """The credit noted at the close of enrolment; raises RecordUnfit without it."""
    noted = next((e for e in entries if e.kind == "credit.noted"), None)
    if noted is None:
        raise RecordUnfit("no credit was noted when enrolment closed")
    return [Score(one["label"], Decimal(one["k"]), one["grade"]) for one in noted.data["scores"]]


def _check_long_list(entries: list[CaseEntry], drawn: lots.Drawn, numbers: Mapping[str, Any]) -> None:
    out = lots.barred_before(entries, drawn.sealed_in)
    entrants = [label for label in lots.standing(entries, drawn.sealed_in) if label not in out]
    scores = [one for one in scores_of(entries) if one.label not in out]
    if sorted(one.label for one in scores) != entrants:
        raise RecordUnfit("the credit noted is not that of all who were enrolled")
    wanted, missed = long_list(scores, numbers)
    if list(drawn.listed.entries) != wanted or not set(missed) <= {name for name, _why in drawn.listed.excluded}:
        raise RecordUnfit(f"the long list of {drawn.name} does not follow from the credit noted")


def _short_list(entries: list[CaseEntry], drawn: lots.Drawn, numbers: Mapping[str, Any]) -> list[str] | None:
    told = next((e for e in entries if e.kind == "shortlist.drawn"), None)
    if told is None:
        return None
    listed = short_list(drawn.order, lots.barred_before(entries, told.seq), numbers)
    if told.seq < drawn.made_in or told.data["labels"] != listed:
        raise RecordUnfit(f"the short list is not the first of the order of {drawn.name}")
    return listed


def _scores(entries: list[CaseEntry]) -> dict[str, dict[str, str]]:
    return {one.label: {"k": f"{one.k:.1f}", "grade": one.grade} for one in scores_of(entries)}
