"""随机抽取 (R3, R4): every entrant has one ticket; the first drawn wins at the fixed fee. Imports nothing of Django."""

from collections.abc import Mapping
from typing import Any

from core.money import parse
from journal.awards import lots
from journal.awards.outcome import CaseEntry, Outcome, Place, RecordUnfit, barred


def decide(entries: list[CaseEntry], _numbers: Mapping[str, Any]) -> Outcome:
    """The first of the drawn order who may still be selected wins at the ceiling; the others follow in that order.

    Raises RecordUnfit where the list is not that of the standing entrants, or the order not that of the draw.
    """
    drawn = lots.drawn(entries, "D")
    if drawn is None:
        return Outcome(None, None, failure=lots.failure(entries, "not_drawn"))
    out = lots.barred_before(entries, drawn.sealed_in)
    wanted = [(label, 1) for label in lots.standing(entries, drawn.sealed_in) if label not in out]
    if [(one.name, one.tickets) for one in drawn.listed.entries] != wanted:
        raise RecordUnfit(f"{drawn.name} was not made among all who were enrolled, with one ticket each")
    fee = parse(lots.notice(entries)["ceiling"])
    left = [label for label in drawn.order if label not in barred(entries)]
    facts = facts_of(drawn)
    if not left:
        return Outcome(None, None, failure=lots.failure(entries, "nobody_left"), facts=facts)
    ranking = tuple(Place(rank, label, fee, 0) for rank, label in enumerate(left, 1))
    return Outcome(left[0], fee, ranking, facts=facts)


def facts_of(drawn: lots.Drawn) -> dict[str, Any]:
    """What an explanation of a draw tells."""
    return {
        "draw": drawn.name,
        "seed": drawn.seed,
        "order": drawn.order,
        "contributors": drawn.contributors,
        "tickets": {one.name: one.tickets for one in drawn.listed.entries},
        "excluded": dict(drawn.listed.excluded),
    }
