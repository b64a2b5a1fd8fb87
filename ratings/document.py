"""`credit.json` of an agency: the pure publication with what only the platform knows (docs/credit.md has the format)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from agencies.models import Agency
from core.clock import database_now, rfc3339
from journal.queries import entries_of
from ratings.models import Opening
from ratings.queries.credit import credit_facts, figures_in_force
from ratings.rules.conduct import ActStatus, status_of
from ratings.rules.publication import published
from ratings.rules.score import CreditFacts, compute, without
from ratings.rulesets import credit_rules


def credit_document(agency: Agency, now: datetime | None = None) -> dict[str, Any]:
    """The agency's credit at `now` with every term, its inputs and its entry. What was repaired is not in it (P22.3)."""
    now = now or database_now()
    facts, rules = without_repaired(credit_facts(agency, now), now), credit_rules()
    document = published(compute(facts, now, rules), facts, rules)
    terms = [*document["conduct"]["acts"], *document["quality"]["ratings"]]
    events = [event for act in document["conduct"]["acts"] for event in act["events"]]
    case = f"A-{agency.uscc}"
    hashes = _hashes(case, (one["entry"] for one in [*terms, *events]))
    for one in [*terms, *events]:
        one["hash"] = hashes.get(one["entry"])
    head = {"format": document.pop("format"), "agency": agency.uscc, "name": agency.organisation.name, "case": case}
    return {**head, **document, "market": _market(now)}


def openings_document(agency: Agency) -> dict[str, Any]:
    """`{"format", "case", "openings": [{"seq", "kind", "salt" (hex), "value"}]}`: all that was not erased by credit repair."""
    found = [
        {"seq": one.seq, "kind": one.kind, "salt": bytes(one.salt).hex(), "value": one.value}
        for one in Opening.objects.filter(case=agency.case).order_by("seq")
    ]
    return {"format": "case-openings/1", "case": agency.case.name, "openings": found}


def without_repaired(facts: CreditFacts, now: datetime) -> CreditFacts:
    """The facts as they may be shown: repaired acts are gone."""
    for act in facts.acts:
        if status_of(act, now) is ActStatus.REPAIRED:
            facts = without(facts, act=act.key)
    return facts


def _market(now: datetime) -> dict[str, Any] | None:
    """Which figures of the market were used, by their entry in `P`."""
    row, _figures = figures_in_force(now)
    if row is None:
        return None
    return {"case": "P", "entry": row.seq, "hash": _hashes("P", [row.seq]).get(row.seq), "at": rfc3339(row.at)}


def _hashes(case: str, numbers: Iterable[int]) -> dict[int, str]:
    rows = entries_of(case).filter(seq__in=set(numbers)).values_list("seq", "hash")
    return {seq: bytes(hashed).hex() for seq, hashed in rows}
