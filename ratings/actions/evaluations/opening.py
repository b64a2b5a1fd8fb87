"""What time does to an evaluation: it opens, reminds, is revealed, and tasks of rectification run out."""

from datetime import datetime

from contracts.models import Contract, ContractStatus
from core.queries import calendar
from journal.actions import Held
from ratings.actions.evaluations import news, shapes
from ratings.actions.evaluations.hold import Grip, dispute_of, grip_of
from ratings.actions.evaluations.reveal import reveal_if_due
from ratings.models import Evaluation, MarkSide, Rectification, RectificationStatus
from ratings.queries.evaluation_facts import competent_of, departments_of
from ratings.rules.evaluation import rests
from ratings.rules.evaluation_refusals import NotEvaluable
from ratings.rulesets import credit_rules


def do_due(held: Held) -> int:
    """Everything that is due in this request's case; returns how much was done. Part of a larger verb."""
    done = int(_open(held) is not None)
    try:
        grip = grip_of(held)
    except NotEvaluable:
        return done
    return done + int(reveal_if_due(grip)) + int(_remind(grip)) + _close_rectifications(grip)


def _open(held: Held) -> Evaluation | None:
    """Open the evaluation of a contract that was just finished; once, even if money went back and came again."""
    contract = _finished(held.name)
    if contract is None:
        return None
    rules = credit_rules()
    evaluation = Evaluation.objects.create(
        contract=contract,
        ruleset=rules.id,
        opened_at=held.now,
        closes_at=calendar().add(held.now, rules.evaluation.window_wd),
    )
    departments = list(departments_of(contract))
    held.append(*shapes.opened(evaluation, departments))
    news.opened(contract, departments, evaluation.closes_at)
    return evaluation


def _finished(number: str) -> Contract | None:
    found = Contract.objects.filter(
        award__request__number=number, status=ContractStatus.COMPLETED, evaluation__isnull=True
    )
    return found.select_related("award__request__item", "award__request__region", "buyer", "agency").first()


def _remind(grip: Grip) -> bool:
    """Once, some days before the end, whoever has not rated: buyer, agency, and the departments while none of them has."""
    evaluation = grip.evaluation
    if evaluation.reminded_at is not None or evaluation.revealed_at is not None:
        return False
    if not remind_now(evaluation.closes_at, grip.rules.reminder_wd, grip.now):
        return False
    evaluation.reminded_at = grip.now
    evaluation.save(update_fields=["reminded_at"])
    given = set(evaluation.marks.values_list("side", flat=True))
    sides = {MarkSide.BUYER: grip.contract.buyer_id, MarkSide.AGENCY: grip.contract.agency_id}
    news.reminded(grip.contract, [pk for side, pk in sides.items() if side not in given], evaluation.closes_at)
    if MarkSide.DEPARTMENT not in given:
        news.reminded_departments(grip.contract, competent_of(grip.contract), evaluation.closes_at)
    return True


def remind_now(closes_at: datetime, reminder_wd: int, now: datetime) -> bool:
    """Are there only so many working days left?"""
    return calendar().add(now, reminder_wd) >= closes_at


def _close_rectifications(grip: Grip) -> int:
    late = Rectification.objects.filter(
        mark__evaluation=grip.evaluation, status=RectificationStatus.OPEN, due_at__lte=grip.now
    )
    done = 0
    for task in late.select_related("mark__dispute"):
        if rests(dispute_of(task.mark)):
            continue
        task.status = RectificationStatus.OVERDUE
        task.save(update_fields=["status"])
        grip.say(*shapes.rectification(task))
        news.overdue(grip.contract, task.mark)
        done += 1
    return done
