"""Who will be able to open a request's sealed prices, chosen when it is published (R6)."""

from draws.queries import active_candidates
from draws.rules import TEAMS, TrusteesMissing, choose_trustees
from marketplace.models import Method, Request
from marketplace.rules import SEALED_METHODS
from marketplace.rulesets import Opening, RuleSet

# Public money: 3 of 5. Others: 2 of 3.
_GOVERNMENT = {5: TEAMS[5]}
_OTHER = {3: TEAMS[3]}


def trustees_for(request: Request, numbers: RuleSet) -> tuple[list[bytes], int] | None:
    """The trustees' keys and how many open a price together; None for a request that takes no sealed prices.

    The buyer's own people are asked last, and no organisation can open anything alone, the operator neither. Raises
    TrusteesMissing where the method cannot do without; a live auction only has no opening offers then.
    """
    if request.method not in (*SEALED_METHODS, Method.LIVE) or not numbers.has(Opening):
        return None
    candidates = sorted(active_candidates(), key=lambda one: one.organisation == request.buyer_id)
    try:
        return choose_trustees(candidates, _GOVERNMENT if request.government else _OTHER)
    except TrusteesMissing:
        if request.method in SEALED_METHODS:
            raise
        return None
