"""An agency's credit as a public document, "credit/1": every input beside every number made of it, and the way back.

Free of the framework: `python -m ratings.recompute` reads the document with it and computes everything again. Decimals are
text with all their digits, amounts "100150.00", times RFC 3339 with milliseconds.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ratings.rules.conduct import ActFact, ConductTerm, FinishedContract, Happening
from ratings.rules.quality import QualityTerm, RatingFact
from ratings.rules.score import Credit, CreditFacts, ItemMean
from ratings.rulesets import CreditRules

FORMAT = "credit/1"
_FEN = Decimal(100)


def published(credit: Credit, facts: CreditFacts, rules: CreditRules) -> dict[str, Any]:
    """The document, but for what only the platform knows: names, hashes of entries, the entry of the market's figures."""
    return {
        "format": FORMAT,
        "at": time_text(credit.at),
        "ruleset": {"id": rules.id, "sha256": rules.sha256},
        "registered_at": time_text(facts.registered_at),
        "floor": _text(credit.floor),
        "conduct": _conduct(credit, facts),
        "quality": _quality(credit, facts),
        "credit": {
            "c": str(credit.c),
            "q": _text(credit.q),
            "weight": str(credit.weight),
            "k": _text(credit.k),
            "grade": credit.grade,
        },
    }


def read(document: Mapping[str, Any]) -> tuple[CreditFacts, datetime]:
    """The facts that a document names, and the moment it speaks of; raises KeyError, TypeError or ValueError if malformed."""
    conduct, quality = document["conduct"], document["quality"]
    ratings = tuple(_rating_fact(rating) for rating in quality["ratings"])
    times = Counter(fact.item for fact in ratings if fact.relation > 0)
    items = quality["prior"]["items"]
    facts = CreditFacts(
        registered_at=moment(document["registered_at"]),
        acts=tuple(_act_fact(act) for act in conduct["acts"]),
        contracts=tuple(FinishedContract(one["number"], moment(one["completed_at"])) for one in conduct["contracts"]),
        ratings=ratings,
        # How often the agency was rated for each item is not believed but counted.
        means=tuple(ItemMean(one["item"], _decimal(one["mean"]), times[one["item"]]) for one in items),
        floor=_decimal(document["floor"]),
    )
    return facts, moment(document["at"])


def _conduct(credit: Credit, facts: CreditFacts) -> dict[str, Any]:
    conduct = credit.conduct
    return {
        "acts": [_act(term) for term in conduct.terms],
        "contracts": [{"number": one.number, "completed_at": time_text(one.completed_at)} for one in facts.contracts],
        "years": [
            {
                "begins": time_text(year.begins),
                "ends": time_text(year.ends),
                "contracts": year.contracts,
                "clean": year.clean,
                "earned": year.earned,
            }
            for year in conduct.years
        ],
        "deducted": str(conduct.deducted),
        "bonus": str(conduct.bonus),
        "value": str(conduct.value),
    }


def _act(term: ConductTerm) -> dict[str, Any]:
    act = term.fact
    return {
        "entry": act.seq,
        "act": act.code,
        "tier": act.tier,
        "points": str(act.points),
        "happened_at": time_text(act.happened_at),
        "noted_at": time_text(act.noted_at),
        "counts_from": time_text(act.counts_from),
        "expires_at": time_text(act.expires_at),
        "evidence": act.evidence,
        "path": act.path,
        "events": [{"kind": one.kind, "at": time_text(one.at), "entry": one.seq} for one in act.events],
        "status": term.status.value,
        "multiplier": str(term.multiplier),
        "full": str(term.full),
        "deducted": str(term.deducted),
    }


def _act_fact(act: Mapping[str, Any]) -> ActFact:
    return ActFact(
        key=str(act["entry"]),
        code=act["act"],
        tier=act["tier"],
        points=Decimal(act["points"]),
        happened_at=moment(act["happened_at"]),
        noted_at=moment(act["noted_at"]),
        counts_from=moment(act["counts_from"]),
        expires_at=moment(act["expires_at"]),
        seq=act["entry"],
        evidence=act["evidence"],
        path=act["path"],
        events=tuple(Happening(one["kind"], moment(one["at"]), one["entry"]) for one in act["events"]),
    )


def _quality(credit: Credit, facts: CreditFacts) -> dict[str, Any]:
    quality = credit.quality
    items = [{"item": one.item, "mean": _text(one.mean), "ratings": one.ratings} for one in facts.means]
    return {
        "prior": {"items": items, "mean": str(quality.prior_mean)},
        "ratings": [_rating(term) for term in quality.terms],
        "alpha": str(quality.alpha),
        "beta": str(quality.beta),
        "mean": str(quality.mean),
        "uncertainty": str(quality.uncertainty),
        "weight": str(quality.weight),
        "value": str(quality.value),
    }


def _rating(term: QualityTerm) -> dict[str, Any]:
    fact = term.fact
    return {
        "entry": fact.seq,
        "contract": fact.key,
        "buyer": fact.group,
        "item": fact.item,
        "amount": _amount(fact.amount),
        "median": _amount(fact.median),
        "x": str(fact.x),
        "at": time_text(fact.at),
        "relation": str(fact.relation),
        "age_days": str(term.age_days),
        "decay": str(term.decay),
        "value_factor": str(term.value_factor),
        "rank": term.rank,
        "raw": str(term.raw),
        "weight": str(term.weight),
    }


def _rating_fact(rating: Mapping[str, Any]) -> RatingFact:
    return RatingFact(
        key=rating["contract"],
        group=rating["buyer"],
        item=rating["item"],
        amount=int(Decimal(rating["amount"]) * _FEN),
        median=int(Decimal(rating["median"]) * _FEN),
        x=Decimal(rating["x"]),
        at=moment(rating["at"]),
        relation=Decimal(rating["relation"]),
        seq=rating["entry"],
    )


def time_text(moment: datetime) -> str:
    """As `core.clock` writes it, which speaks to a database and may not be needed here."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime:
    """The inverse of `time_text`; raises ValueError."""
    return datetime.fromisoformat(text)


def _amount(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
