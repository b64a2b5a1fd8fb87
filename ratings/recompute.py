"""Compute an agency's or a buyer's credit again from its public document alone: `python -m ratings.recompute FILE|URL`.

Needs neither the platform's settings nor its database, only this package's rules and rule sets. It computes every number
of the document from the inputs that stand in it and names the first one that differs.
"""

import json
import sys
import urllib.error
import urllib.request
from typing import Any

from ratings.rules import buyer_score
from ratings.rules.buyer_score import BuyerCredit
from ratings.rules.publication import FORMAT, published, read
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
    """Compute one document again and say so; 0 when it holds, 1 when a number differs, 2 when it cannot be read."""
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print("usage: python -m ratings.recompute FILE|URL|-", file=sys.stderr)  # noqa: T201
        return 2
    try:
        document = _load(arguments[0])
        said = _say(document)
    except (Differs, ValueError, RecursionError) as wrong:
        print(f"DIFFERS  {wrong}")  # noqa: T201
        return 1
    except (OSError, urllib.error.URLError) as error:
        print(f"cannot read {arguments[0]}: {error}", file=sys.stderr)  # noqa: T201
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
