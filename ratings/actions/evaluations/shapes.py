"""What evaluations put into case files (docs/protocol.md). Nothing here names a person."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from accounts.models import Organisation
from core.clock import rfc3339
from journal.canon import commitment
from ratings.entries import EvaluationEntry
from ratings.models import Dispute, DisputeStatus, Evaluation, Mark, Rectification
from ratings.rulesets import credit_rules

Draft = tuple[str, dict[str, Any]]
TAG = "evaluation"


def opened(evaluation: Evaluation, departments: Sequence[Organisation]) -> Draft:
    rules = credit_rules(evaluation.ruleset)
    return EvaluationEntry.OPENED, {
        "closes_at": rfc3339(evaluation.closes_at),
        "departments": [{"name": one.name, "uscc": one.uscc} for one in departments],
        "ruleset": {"id": rules.id, "sha256": rules.sha256},
    }


def content(mark: Mark) -> dict[str, Any]:
    """What a mark says: the value that its commitment binds."""
    return {
        "by": mark.side,
        "grades": mark.grades,
        "outcome": mark.outcome,
        "document": mark.document,
        "reasons": mark.reasons,
        "comment": mark.comment,
    }


def given(mark: Mark) -> Draft:
    """Only that a side has rated; what it said stays sealed."""
    return EvaluationEntry.GIVEN, {
        "by": mark.side,
        "commitment": commitment(TAG, bytes(mark.salt), content(mark)),
    }


def revealed(x: Decimal | None, parts: Mapping[str, Decimal], marks: Sequence[Mark]) -> Draft:
    """Everything that was said, with the salts that open the commitments. The platform's facts had none."""
    return EvaluationEntry.REVEALED, {
        "x": None if x is None else str(x),
        "parts": {side: str(part) for side, part in parts.items()},
        "marks": [_opened_mark(mark) for mark in marks],
    }


def _opened_mark(mark: Mark) -> dict[str, Any]:
    of_person = {"salt": bytes(mark.salt).hex()} if mark.organisation_id else {}
    return {**content(mark), "x": str(mark.x), **of_person}


def replied(mark: Mark, text: str) -> Draft:
    return EvaluationEntry.REPLIED, {"mark": mark.side, "text": text}


def disputed(dispute: Dispute) -> Draft:
    assert dispute.due_at is not None
    return EvaluationEntry.DISPUTED, {
        "mark": dispute.mark.side,
        "text": dispute.text,
        "due_at": rfc3339(dispute.due_at),
    }


def dispute_decided(dispute: Dispute) -> Draft:
    return EvaluationEntry.DISPUTE_DECIDED, {
        "mark": dispute.mark.side,
        "verdict": DisputeStatus(dispute.status).value,
        "text": dispute.decision,
    }


def rectification(task: Rectification, text: str = "") -> Draft:
    return EvaluationEntry.RECTIFICATION, {
        "mark": task.mark.side,
        "status": task.status,
        "due_at": rfc3339(task.due_at),
        "text": text,
    }
