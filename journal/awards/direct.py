"""直接选取 (R3): the agency that an enterprise named, at the price it named, once it has confirmed. Imports nothing of Django."""

from collections.abc import Mapping
from typing import Any

from core.money import parse
from journal.awards import lots
from journal.awards.outcome import CaseEntry, Outcome, Place, RecordUnfit, barred


def decide(entries: list[CaseEntry], _numbers: Mapping[str, Any]) -> Outcome:
    """The agency named wins if it confirmed what was published; declined or unconfirmed there is no award.

    Raises RecordUnfit where nobody was named, public money was spent (P20.6), or another price was confirmed.
    """
    published = lots.notice(entries)
    named = published.get("direct")
    if named is None or published["public_funds"] or published["buyer"]["kind"] == "department":
        raise RecordUnfit("this notice lets nobody select directly")
    facts = {"agency": named["agency"]["name"], "reason": named["reason"]}
    confirmed = next((e for e in entries if e.kind == "direct.confirmed"), None)
    if confirmed is None:
        declined = next((e for e in entries if e.kind == "direct.declined"), None)
        facts |= {"declined": declined.data["reason"] if declined else None}
        return Outcome(None, None, failure="declined" if declined else "unconfirmed", facts=facts)
    label, price = str(confirmed.data["label"]), parse(named["price"])
    if parse(confirmed.data["amount"]) != price or price > parse(published["ceiling"]):
        raise RecordUnfit("another price was confirmed than the notice names, or it is above the ceiling")
    if label in barred(entries):
        return Outcome(None, None, failure="nobody_left", facts=facts)
    return Outcome(label, price, (Place(1, label, price, 0),), facts=facts)
