"""What tests of evaluations need: a finished contract with its round open, marks through the real verbs, time that passes."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Organisation
from contracts.models import Contract
from core.clock import database_now
from marketplace.models import Request
from ratings.actions import evaluations
from ratings.actions.evaluations import Said
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import Evaluation, Mark, Outcome, Rectification
from tests.contracts import play

DIMENSIONS = {
    "buyer": ("quality", "timeliness", "manner", "fees"),
    "agency": ("demand", "cooperation", "payment"),
}
# dimension → a reason against it, a reason for it
REASON = {
    "quality": ("quality.errors", "quality.sound"),
    "timeliness": ("timeliness.late", "timeliness.early"),
    "manner": ("manner.hard_to_reach", "manner.patient"),
    "fees": ("fees.extra", "fees.as_agreed"),
    "demand": ("demand.changing", "demand.clear"),
    "cooperation": ("cooperation.slow", "cooperation.quick"),
    "payment": ("payment.late", "payment.in_time"),
}


def said(side: str = "buyer", grade: int = 5, comment: str = "", **grades: int) -> Said:
    """One grade for everything but what is named, with reasons that fit."""
    given = dict.fromkeys(DIMENSIONS[side], grade) | grades
    reasons = [REASON[name][given[name] >= 3] for name in given]
    return Said(given, reasons, comment)


def opened(contract: Contract) -> str:
    """Its round is open; the number of the case."""
    do_due_evaluations()
    return contract.award.request.number or ""


def evaluation(number: str) -> Evaluation:
    return Evaluation.objects.get(contract__award__request__number=number)


def by_buyer(number: str, grade: int = 5, **fields: Any) -> Mark:
    buyer = play.contract(number).buyer
    return evaluations.rate_agency(play.user_of(buyer), buyer, number, said("buyer", grade, **fields))


def by_agency(number: str, grade: int = 5, **fields: Any) -> Mark:
    agency = play.contract(number).agency
    return evaluations.rate_buyer(play.user_of(agency), agency, number, said("agency", grade, **fields))


def by_department(number: str, department: Organisation, outcome: Outcome = Outcome.PASSED, comment: str = "") -> Mark:
    user = play.user_of(department)
    return evaluations.rate_outcome(user, department, number, outcome, "甘水许可〔2026〕18 号", comment)


def revealed(number: str, grade: int = 5, of_buyer: int = 5, **fields: Any) -> Evaluation:
    """Both have rated, so that everything is public."""
    by_buyer(number, grade, **fields)
    by_agency(number, of_buyer, comment="付款经多次催要" if of_buyer == 1 else "")
    return evaluation(number)


def end_window(number: str) -> None:
    """The time to rate is over; the clock has not looked yet."""
    now = database_now()
    Evaluation.objects.filter(contract__award__request__number=number).update(
        opened_at=now - timedelta(days=30), closes_at=now
    )


def end_time_to_answer(number: str) -> None:
    revealed_at = database_now() - timedelta(days=30)
    Evaluation.objects.filter(contract__award__request__number=number).update(revealed_at=revealed_at)


def end_rectification() -> None:
    Rectification.objects.update(due_at=database_now())


def moved(requests: QuerySet[Request], region: str) -> None:
    """Let requests have been published for another region: afterwards the database refuses to change that."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE marketplace_request DISABLE TRIGGER request_changes_only_before_its_deadline")
        requests.update(region_id=region)
        cursor.execute("ALTER TABLE marketplace_request ENABLE TRIGGER request_changes_only_before_its_deadline")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
