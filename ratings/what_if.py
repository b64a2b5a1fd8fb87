"""如果: what an agency's credit would be, by the very rules that compute it."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from ratings.rules.conduct import ActFact
from ratings.rules.quality import RatingFact
from ratings.rules.score import Credit, CreditFacts, compute
from ratings.rules.standing import months_after
from ratings.rulesets import credit_rules

_LATEST = 2**62


def what_if(facts: CreditFacts, now: datetime, *, x: Decimal | None, act: str, days: int) -> Credit:
    """The credit so many days from now, with one more rating of a new buyer at the median amount and one more act."""
    rules, then = credit_rules(), now + timedelta(days=days)
    if x is not None:
        more = RatingFact("what-if", "what-if", "", 1, 1, x, now, Decimal(1), _LATEST)
        facts = replace(facts, ratings=(*facts.ratings, more))
    if act:
        kind = rules.conduct.acts[act]
        ends = months_after(now, rules.conduct.tiers[kind.tier].months)
        done = ActFact("what-if", act, kind.tier, kind.points, now, now, now, ends, _LATEST)
        facts = replace(facts, acts=(*facts.acts, done))
    return compute(facts, then, rules)
