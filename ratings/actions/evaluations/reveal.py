"""The reveal: everything that was said becomes public at once, and the contract's rating enters the agency's ledger."""

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.clock import to_milliseconds
from core.queries import calendar
from ratings.actions.credit import take_rating
from ratings.actions.evaluations import news, shapes
from ratings.actions.evaluations.hold import Grip
from ratings.models import Evaluation, Mark, MarkSide, Rectification
from ratings.queries.evaluation_facts import facts_of
from ratings.rules import evaluation as rules
from ratings.rulesets import credit_rules


def reveal_if_due(grip: Grip) -> bool:
    """Reveal when buyer and agency have both rated, or the window is over. Part of a larger verb; the agency's case is held
    after the request's.
    """
    evaluation = grip.evaluation
    given = list(evaluation.marks.values_list("side", flat=True))
    if evaluation.revealed_at is not None or not rules.to_be_revealed(given, evaluation.closes_at, grip.now):
        return False
    _add_facts(grip)
    marks = list(evaluation.marks.all())
    parts = {mark.side: mark.x for mark in marks if mark.side != MarkSide.AGENCY}
    x = rules.x_of_contract(parts, grip.rules)
    evaluation.revealed_at, evaluation.x = to_milliseconds(grip.now), x
    changed = Evaluation.objects.filter(pk=evaluation.pk, revealed_at__isnull=True)
    assert changed.update(revealed_at=evaluation.revealed_at, x=x) == 1, f"{grip.number} was revealed twice"
    grip.say(*shapes.revealed(x, parts if x is not None else {}, marks))
    news.revealed(grip.contract, calendar().add(grip.now, grip.rules.reply_wd))
    _ask_to_rectify(grip, marks)
    if x is not None:
        _take(grip, x, parts)
    return True


def _add_facts(grip: Grip) -> None:
    """The platform's part, computed now: what it knows of a finished contract is in the case file already."""
    facts = rules.platform_grades(facts_of(grip.contract, grip.rules), credit_rules(grip.evaluation.ruleset).conduct)
    Mark.objects.create(
        evaluation=grip.evaluation,
        side=MarkSide.PLATFORM,
        grades={name: str(value) for name, value in facts.items()},
        x=rules.x_of_platform(facts, grip.rules),
        salt=secrets.token_bytes(32),
        at=grip.now,
    )


def _ask_to_rectify(grip: Grip, marks: Sequence[Mark]) -> None:
    """Each bad mark of the agency opens a task of its own; bad facts are the affair of conduct C."""
    for mark in marks:
        if mark.side not in (MarkSide.BUYER, MarkSide.DEPARTMENT):
            continue
        if not rules.is_bad(mark.x, mark.grades, grip.rules):
            continue
        task = Rectification.objects.create(mark=mark, opened_at=grip.now, due_at=grip.wd(grip.rules.rectification_wd))
        grip.say(*shapes.rectification(task))
        news.to_rectify(grip.contract, task)


def _take(grip: Grip, x: Decimal, parts: Mapping[str, Decimal]) -> None:
    held, agency = grip.hold_agency()
    take_rating(held, agency, grip.contract, x, {side: str(part) for side, part in parts.items()})
