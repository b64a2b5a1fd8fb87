"""Serve the notice (告知) of a case (R8)."""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from accounts.notices import tell
from core.text import clean
from ratings import papers
from ratings.actions.exits.filing import file_document, named
from ratings.actions.exits.grip import Grip, grip, must_be_officer, must_be_party, step
from ratings.models import DocumentKind, ExitCase, Measure, Step
from ratings.rules.exit_refusals import ReasonsMissing
from ratings.rules.exits import judge_at


@transaction.atomic(durable=True)
def serve_notice(user: User, by: Organisation, number: str, reasons: str) -> ExitCase:
    """Tell the agency what it is accused of, by which rule, and what it may do; it counts as served when looked at, or
    after three working days. Raises NotAnOfficer, ExitStep or ReasonsMissing.
    """
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case, numbers = held.case, held.numbers
    judge_at(Step(case.step), Step.OPENED)
    said = clean(reasons)
    if not said:
        raise ReasonsMissing()
    case.noticed_at, case.noticed_by = held.now, user
    days = {
        "defence_wd": defence_wd(held),
        "hearing_wd": numbers.hearing_request_wd,
        "deemed_wd": numbers.deemed_served_wd,
    }
    paper = file_document(held, DocumentKind.NOTICE, lambda: papers.notice(case, said, **days), by=user)
    step(held, Step.NOTICED, due_at=held.wd(numbers.deemed_served_wd), document=named(paper))
    tell_agency(case, gettext_noop("案件 %(number)s：处理事先告知书已送达，请查收并在期限内陈述申辩"))
    return case


@transaction.atomic(durable=True)
def receive_notice(by: Organisation, number: str) -> ExitCase:
    """The agency looks at its case: the notice is served, and its time to answer begins. Looking again changes nothing."""
    held = grip(number)
    must_be_party(by, held.agency)
    if held.case.step == Step.NOTICED and held.case.served_at is None:
        serve(held, deemed=False)
    return held.case


def serve(held: Grip, *, deemed: bool) -> None:
    """The notice counts as served from now on. Part of a larger verb."""
    case = held.case
    case.served_at = held.now
    case.defence_until = held.wd(defence_wd(held))
    step(held, Step.NOTICED, due_at=case.defence_until, served="deemed" if deemed else "received")


def defence_wd(held: Grip) -> int:
    """How many working days the agency has to answer: a warning takes fewer."""
    numbers = held.numbers
    return numbers.warning_defence_wd if held.case.proposed == Measure.WARN else numbers.defence_wd


def tell_agency(case: ExitCase, subject: str, **facts: object) -> None:
    """A notice into the agency's inbox, leading to its side of the case."""
    path = f"/desk/cases/{case.number}/"
    tell(case.agency.organisation_id, subject, {"number": case.number, **facts}, path, event="credit.act")
