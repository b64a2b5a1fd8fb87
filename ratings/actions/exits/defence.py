"""The agency answers: statement, evidence, more time, a hearing (R8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import Organisation, User
from core.clock import rfc3339
from core.text import clean
from ratings import papers
from ratings.actions.exits.filing import file_document, file_evidence, named
from ratings.actions.exits.grip import grip, moment_of, must_be_party, step
from ratings.actions.exits.notice import serve
from ratings.models import DocumentKind, ExitCase, Measure, Step
from ratings.rules import exits as rules
from ratings.rules.exit_refusals import ExitStep, ReasonsMissing

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic(durable=True)
def defend(
    user: User, by: Organisation, number: str, arguments: Sequence[str], files: "Sequence[UploadedFile[Any]]" = ()
) -> ExitCase:
    """Answer the notice, argument by argument: the decision will answer each. More may follow while there is time.

    Raises ExitStep, TooLate, ReasonsMissing, FileTooLarge or FileNotReadable.
    """
    held = grip(number)
    must_be_party(by, held.agency)
    rules.judge_defence(moment_of(held.case), held.now)
    said = [text for text in map(clean, arguments) if text]
    if not said:
        raise ReasonsMissing()
    if held.case.served_at is None:
        serve(held, deemed=False)
    file_evidence(held, files, by=user, of_agency=True)
    paper = file_document(held, DocumentKind.DEFENCE, lambda: papers.defence(said), by=user)
    receipt = file_document(
        held,
        DocumentKind.DEFENCE_RECEIPT,
        lambda: papers.defence_receipt(said, len(files), held.now),
        by=None,
    )
    step(held, Step(held.case.step), due_at=held.case.due_at, document=named(paper), receipt=named(receipt))
    return held.case


@transaction.atomic(durable=True)
def ask_for_time(by: Organisation, number: str) -> ExitCase:
    """Five working days more to answer, once, without reasons. Raises ExitStep or TooLate."""
    held = grip(number)
    must_be_party(by, held.agency)
    case = held.case
    rules.judge_defence(moment_of(case), held.now)
    if case.defence_extended or case.defence_until is None:
        raise ExitStep(step=str(Step(case.step).label))
    case.defence_until = held.wd(held.numbers.defence_extension_wd, case.defence_until)
    case.defence_extended = True
    match Step(case.step):
        case Step.NOTICED:
            due_at: datetime | None = case.defence_until
        case Step.DECIDING:
            due_at = held.wd(held.numbers.decision_wd, case.defence_until)
        case _:
            due_at = case.due_at
    step(held, Step(case.step), due_at=due_at, defence_until=rfc3339(case.defence_until))
    return case


@transaction.atomic(durable=True)
def ask_for_hearing(by: Organisation, number: str) -> ExitCase:
    """Ask for a hearing; it is held within 15 working days, before any decision.

    Raises HearingNotForWarnings, ExitStep or TooLate.
    """
    held = grip(number)
    must_be_party(by, held.agency)
    case = held.case
    if case.step == Step.NOTICED and case.served_at is None:
        serve(held, deemed=False)
    until = held.wd(held.numbers.hearing_request_wd, case.served_at)
    rules.judge_hearing_request(moment_of(case), Measure(case.proposed), held.now, until)
    case.hearing_asked_at = held.now
    step(held, Step.HEARING, due_at=held.wd(held.numbers.hearing_within_wd))
    return case
