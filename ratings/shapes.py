"""What the two ledgers of credit put into agencies' case files (docs/protocol.md)."""

from typing import Any

from core.clock import rfc3339
from core.money import wire
from ratings.models import Act, Rating
from ratings.rulesets import credit_rules


def noted(act: Act) -> dict[str, Any]:
    """An act with its cost, its evidence and its dates; stands sealed, so that repair can take it back."""
    return {
        "act": act.code,
        "tier": act.tier,
        "points": str(act.points),
        "source": act.source,
        "evidence": act.evidence,
        "path": act.path,
        "contract": act.contract.award.request.number if act.contract else None,
        "happened_at": rfc3339(act.happened_at),
        "counts_from": rfc3339(act.counts_from),
        "expires_at": rfc3339(act.expires_at),
        "ruleset": act.ruleset,
        "ruleset_sha256": credit_rules(act.ruleset).sha256,
    }


def rated(rating: Rating) -> dict[str, Any]:
    """A finished contract's rating and what it weighs by."""
    return {
        "contract": rating.contract.award.request.number,
        "item": rating.item_id,
        "buyer": rating.group,
        "amount": wire(rating.amount),
        "x": str(rating.x),
        "parts": rating.parts,
        "ruleset": rating.ruleset,
        "ruleset_sha256": credit_rules(rating.ruleset).sha256,
    }
