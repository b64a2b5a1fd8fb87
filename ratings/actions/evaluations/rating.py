"""Rate: the buyer the agency, the agency the buyer, the competent department what became of the result (P19.5, R7).

Until the reveal the case file holds only a salted commitment, and no page shows a mark to anybody but who gave it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from contracts.models import ContractStatus
from contracts.rules.plan import judge_public
from core.text import clean
from ratings.actions.evaluations import news, shapes
from ratings.actions.evaluations.hold import Grip, grip, must_be
from ratings.actions.evaluations.reveal import reveal_if_due
from ratings.models import Mark, MarkSide, Outcome
from ratings.queries.evaluation_facts import judge_competent
from ratings.rules import evaluation as rules


@dataclass(frozen=True)
class Said:
    """What a party says: grades 1 to 5 by dimension, codes of reasons, and words of its own."""

    grades: dict[str, int]
    reasons: Sequence[str] = field(default=())
    comment: str = ""


@transaction.atomic(durable=True)
def rate_agency(user: User, by: Organisation, number: str, said: Said) -> Mark:
    """The buyer rates the agency, once.

    Raises NotYourMark, NotEvaluable, RatedAlready, EvaluationOver, GradeMissing, ReasonUnfit, ReasonMissing, CommentMissing
    or PersonalInPublicText.
    """
    held = grip(number)
    must_be(by, held.contract.buyer)
    mark = _rate(held, user, by, MarkSide.BUYER, said)
    _after(held, mark, held.contract.agency_id)
    return mark


@transaction.atomic(durable=True)
def rate_buyer(user: User, by: Organisation, number: str, said: Said) -> Mark:
    """The agency rates the buyer, once; raises what `rate_agency` raises."""
    held = grip(number)
    must_be(by, held.contract.agency)
    mark = _rate(held, user, by, MarkSide.AGENCY, said)
    _after(held, mark, held.contract.buyer_id)
    return mark


@transaction.atomic(durable=True)
def rate_outcome(user: User, by: Organisation, number: str, outcome: Outcome, document: str, comment: str = "") -> Mark:
    """The competent department says what became of the result, once.

    Raises NotCompetent, TiedDepartment, NotEvaluable, RatedAlready, EvaluationOver, OutcomeDocument, CommentMissing or
    PersonalInPublicText.
    """
    held = grip(number)
    judge_competent(by, held.contract)
    _judge_time(held, MarkSide.DEPARTMENT)
    paper, words = clean(document), clean(comment)
    rules.judge_outcome(outcome, paper, words)
    judge_public(paper, words)
    x = rules.x_of_outcome(outcome)
    mark = _keep(held, user, by, MarkSide.DEPARTMENT, x, outcome=outcome, document=paper, comment=words)
    _after(held, mark, held.contract.agency_id)
    return mark


def _rate(held: Grip, user: User, by: Organisation, side: MarkSide, said: Said) -> Mark:
    _judge_time(held, side)
    comment = clean(said.comment)
    rules.judge_grades(side, said.grades, said.reasons, comment, held.rules)
    judge_public(comment)
    x = rules.x_of_grades(side, said.grades, held.rules)
    reasons = sorted(set(said.reasons))
    return _keep(held, user, by, side, x, grades=dict(said.grades), reasons=reasons, comment=comment)


def _judge_time(held: Grip, side: MarkSide) -> None:
    evaluation = held.evaluation
    rules.judge_may_rate(
        side,
        finished=held.contract.status == ContractStatus.COMPLETED,
        given=set(evaluation.marks.values_list("side", flat=True)),
        revealed_at=evaluation.revealed_at,
        closes_at=evaluation.closes_at,
        now=held.now,
    )


def _keep(held: Grip, user: User, by: Organisation, side: MarkSide, x: Decimal, **content: Any) -> Mark:
    salt = secrets.token_bytes(32)
    return Mark.objects.create(
        evaluation=held.evaluation, side=side, organisation=by, by=user, x=x, salt=salt, at=held.now, **content
    )


def _after(held: Grip, mark: Mark, other: int) -> None:
    held.say(*shapes.given(mark))
    if not reveal_if_due(held):
        news.given(held.contract, other)
