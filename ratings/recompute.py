"""Compute an agency's or a buyer's credit again from its public document alone: `python -m ratings.recompute FILE|URL`.

Needs neither the platform's settings nor its database, only the rules and rule sets. It computes every number of the
document from the inputs that stand in it and names the first one that differs. With the records of requests behind a
buyer's document (`python -m ratings.recompute FILE RECORD …`) it reads from their entries too which bills were paid in time.
"""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from contracts.rules.bills import bills_in
from ratings.rules import buyer_score
from ratings.rules.buyer_score import BuyerCredit
from ratings.rules.publication import FORMAT, moment, published, read, time_text
from ratings.rules.score import Credit, compute
from ratings.rulesets import CreditRules, credit_rules


class Differs(Exception):
    """The document does not hold: what is wrong, and where in it."""


def recompute(document: Any) -> Credit:
    """Everything in the document computed again; raises Differs at the first number that is not what the rules give."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Differs(f"this is no {FORMAT} document")
    rules = _rules(document)
    try:
        facts, at = read(document)
        credit = compute(facts, at, rules)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise Differs(f"the document is malformed: {error!r}") from error
    _compare(published(credit, facts, rules), document, "")
    return credit


def recompute_buyer(document: Any) -> BuyerCredit:
    """The same for a buyer's document: every line from its evidence."""
    if not isinstance(document, dict) or document.get("format") != buyer_score.FORMAT:
        raise Differs(f"this is no {buyer_score.FORMAT} document")
    rules = _rules(document)
    try:
        credit = buyer_score.again(document, rules.buyer)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise Differs(f"the document is malformed: {error!r}") from error
    _compare(buyer_score.published(credit), document, "")
    return credit


def bills_of(record: Any, at: datetime) -> list[tuple[int, datetime, bool]]:
    """Of the record of a request: each bill that counts at that moment, as (milestone, settled or due, in time)."""
    entries = [(one["kind"], moment(one["at"]), one["data"]) for one in record["entries"]]
    bills = bills_in(entry for entry in entries if entry[1] <= at)
    found = [(bill.milestone, bill.settled_at or bill.due_at, bill.in_time(at)) for bill in bills.values()]
    return sorted((n, when, good) for n, when, good in found if when is not None and good is not None)


def check_bills(document: Any, record: Any) -> int:
    """What a buyer's document says of bills is what the request's entries say; how many. Raises Differs."""
    try:
        number, at = record["case"], moment(document["at"])
        [term] = [term for term in document["terms"] if term["name"] == "paid_on_time"]
        said = [one for one in term["evidence"] if one["request"] == number]
        theirs = sorted((one["milestone"], moment(one["at"]), Decimal(one["value"]) == 1) for one in said)
        ours = bills_of(record, at)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise Differs(f"the record or the document is malformed: {error!r}") from error
    if ours != theirs:
        raise Differs(f"paid_on_time of {number} is {_told(theirs)}, but its entries give {_told(ours)}")
    return len(ours)


def _told(bills: Sequence[tuple[int, datetime, bool]]) -> str:
    return ", ".join(f"{n}: {time_text(at)} {'in time' if good else 'late'}" for n, at, good in bills) or "nothing"


def _rules(document: dict[str, Any]) -> CreditRules:
    try:
        named = document["ruleset"]
        rules = credit_rules(named["id"])
    except (KeyError, TypeError, AttributeError, OSError) as error:
        raise Differs(f"the rule set is not known here: {error!r}") from error
    if named.get("sha256") != rules.sha256:
        raise Differs(f"ruleset.sha256 is {named.get('sha256')}, but {rules.id} here has {rules.sha256}")
    return rules


def _compare(ours: Any, theirs: Any, path: str) -> None:
    """What we made must stand in the document; it may say more, such as names and hashes."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name, value in ours.items():
            _compare(value, theirs.get(name), f"{path}.{name}" if path else name)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            _compare(mine, other, f"{path}[{place}]")
    elif isinstance(ours, list) and isinstance(theirs, list):
        raise Differs(f"{path} has {len(theirs)} entries, but the rules give {len(ours)}")
    elif ours != theirs or type(ours) is not type(theirs):
        raise Differs(f"{path} is {theirs}, but the rules give {ours}")


def _load(place: str) -> Any:
    if place.startswith(("http://", "https://")):
        with urllib.request.urlopen(place, timeout=30) as answer:  # noqa: S310 (the scheme is checked)
            return json.load(answer)
    if place == "-":
        return json.load(sys.stdin)
    with open(place, encoding="utf-8") as file:
        return json.load(file)


def main(arguments: list[str]) -> int:
    """Compute one document again, with the records behind it, and say so; 0 when it holds, 1 when a number differs, 2 when it cannot be read."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print("usage: python -m ratings.recompute FILE|URL|- [RECORD …]", file=sys.stderr)  # noqa: T201
        return 2
    place = arguments[0]
    try:
        document = _load(place)
        said = _say(document)
        for place in arguments[1:]:
            said += f"\n    {place}: {check_bills(document, _load(place))} bills as its entries say"
    except (Differs, ValueError, RecursionError) as wrong:
        print(f"DIFFERS  {wrong}")  # noqa: T201
        return 1
    except (OSError, urllib.error.URLError) as error:
        print(f"cannot read {place}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print(f"OK  {said}, rule set {document['ruleset']['id']}")  # noqa: T201
    return 0


def _say(document: Any) -> str:
    """What the document's kind of credit came to."""
    if isinstance(document, dict) and document.get("format") == buyer_score.FORMAT:
        buyer = recompute_buyer(document)
        lines = ", ".join(f"{term.name} {term.points}" for term in buyer.terms if term.points is not None)
        return f"{document.get('uscc', '')} at {document.get('at', '')}: score {buyer.score} ({lines})"
    credit = recompute(document)
    k = "no K yet" if credit.k is None else f"K {credit.k}"
    made_of = f"{len(credit.conduct.terms)} acts, {len(credit.quality.terms)} ratings"
    whose = f"{document.get('agency', '')} at {document['at']}"
    return f"{whose}: C {credit.c}, Q {credit.q}, {k}, grade {credit.grade}\n    {made_of}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
