"""The entries of a 综合比选 (R3): plans by label and hash, experts by number, marks sealed and then published."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bidding.entries import Draft, Kind, PoolKind
from core.clock import rfc3339


def plan_submitted(label: str, sha256: str, size: int) -> Draft:
    """The plan in force of `label` from now on, by the hash of its file."""
    return Kind.PLAN_SUBMITTED, {"label": label, "sha256": sha256, "size": size}


def plan_withdrawn(label: str) -> Draft:
    return Kind.PLAN_WITHDRAWN, {"label": label}


def plans_closed(plans: Iterable[Mapping[str, Any]]) -> Draft:
    """At the deadline: the plans that the experts are to mark, `{"label", "sha256", "size"}` in the order of labels."""
    return Kind.PLANS_CLOSED, {"plans": sorted((dict(one) for one in plans), key=lambda one: str(one["label"]))}


def experts_lacking(there: int, needed: int, closes_at: datetime) -> Draft:
    """Too few experts may be drawn: their draw is put off, until there are enough."""
    return Kind.EXPERTS_LACKING, {"there": there, "needed": needed, "closes_at": rfc3339(closes_at)}


def experts_appointed(experts: list[str], due_at: datetime) -> Draft:
    """The first of the drawn order; their marks are due at `due_at`."""
    return Kind.EXPERTS_APPOINTED, {"experts": experts, "marks_until": rfc3339(due_at)}


def expert_recused(expert: str, following: str | None, due_at: datetime | None) -> Draft:
    """An expert declared a conflict; the next of the order, if there is one, follows and marks until `due_at`."""
    return Kind.EXPERT_RECUSED, _gone(expert, "conflict", following, due_at)


def expert_replaced(expert: str, following: str | None, due_at: datetime | None) -> Draft:
    """An expert gave no marks in time; as in `expert_recused`."""
    return Kind.EXPERT_REPLACED, _gone(expert, "silent", following, due_at)


def marks_given(expert: str, commitment: str) -> Draft:
    """An expert's marks are there, sealed (`journal.awards.experts.commitment`)."""
    return Kind.MARKS_GIVEN, {"expert": expert, "commitment": commitment}


def marks_published(experts: Iterable[Mapping[str, Any]]) -> Draft:
    """All have given theirs: `{"expert", "salt", "marks": [{"label", "points", "reason"}]}` in the order of experts."""
    return Kind.MARKS_PUBLISHED, {"experts": sorted((dict(one) for one in experts), key=lambda one: str(one["expert"]))}


def nominated(expert: str, items: Iterable[str]) -> Draft:
    """Of the platform: a number joins the pool, for these items; none: all."""
    return PoolKind.NOMINATED, {"expert": expert, "items": sorted(items)}


def retired(expert: str) -> Draft:
    return PoolKind.RETIRED, {"expert": expert}


def _gone(expert: str, because: str, following: str | None, due_at: datetime | None) -> dict[str, Any]:
    marks_until = None if due_at is None else rfc3339(due_at)
    return {"expert": expert, "because": because, "next": following, "marks_until": marks_until}
