"""What officers and the clock do with a complaint up to its outcome."""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from accounts.notices import tell
from core.clock import rfc3339
from core.queries import calendar
from core.text import clean
from ratings.actions.complaints.hold import hold, hold_as_officer, must_handle, secrets
from ratings.actions.complaints.news import tell_complainer
from ratings.entries import ComplaintEntry
from ratings.models import COMPLAINTS_OPEN, Complaint, ComplaintStatus, Look
from ratings.papers import moment
from ratings.rules import complaints as rules
from ratings.rules.exit_refusals import ReasonsMissing
from ratings.rulesets import ComplaintRules, credit_rules


@transaction.atomic(durable=True)
def take(user: User, by: Organisation, number: str) -> Complaint:
    """An officer takes it over and becomes its handler. Raises Http404, NotAnOfficer, ConflictOfInterest or ComplaintStep."""
    _held, complaint = hold_as_officer(user, by, number)
    rules.judge_status(ComplaintStatus(complaint.status), *COMPLAINTS_OPEN)
    complaint.save()
    return complaint


@transaction.atomic(durable=True)
def accept(user: User, by: Organisation, number: str) -> Complaint:
    """受理. The investigation has 20 working days from now.

    Raises Http404, NotAnOfficer, ConflictOfInterest or ComplaintStep.
    """
    held, complaint = hold_as_officer(user, by, number)
    rules.judge_status(ComplaintStatus(complaint.status), ComplaintStatus.FILED)
    due_at = calendar().add(held.now, numbers_of(complaint).investigate_wd)
    complaint.status, complaint.accepted_at, complaint.overdue_at = ComplaintStatus.INVESTIGATING, held.now, None
    complaint.due_at = complaint.decide_due_at = due_at
    complaint.save()
    held.append(ComplaintEntry.ACCEPTED, {"complaint": complaint.number, "due_at": rfc3339(due_at)})
    tell_complainer(complaint)
    return complaint


@transaction.atomic(durable=True)
def extend(user: User, by: Organisation, number: str) -> Complaint:
    """Ten more working days, once, before the date. Raises ExtendedAlready."""
    held, complaint = hold_as_officer(user, by, number)
    rules.judge_status(ComplaintStatus(complaint.status), ComplaintStatus.INVESTIGATING)
    assert complaint.due_at is not None
    rules.judge_extension(complaint.due_at, held.now, extended=complaint.extended)
    due_at = calendar().add(complaint.due_at, numbers_of(complaint).extension_wd)
    complaint.extended, complaint.due_at, complaint.decide_due_at = True, due_at, due_at
    complaint.save()
    held.append(ComplaintEntry.EXTENDED, {"complaint": complaint.number, "due_at": rfc3339(due_at)})
    tell_complainer(complaint)
    return complaint


@transaction.atomic(durable=True)
def put_to_subject(user: User, by: Organisation, number: str, text: str) -> Complaint:
    """Put the reproach to its subject, in the officer's own words; it has five working days to answer.

    Raises ComplaintStep, ReasonsMissing, or NamesComplainer where the words tell who complained.
    """
    held, complaint = hold_as_officer(user, by, number)
    rules.judge_status(ComplaintStatus(complaint.status), ComplaintStatus.INVESTIGATING)
    said = clean(text)
    if not said or complaint.put_at is not None:
        raise ReasonsMissing()
    rules.judge_words([said], secrets(complaint))
    until = calendar().add(held.now, numbers_of(complaint).statement_wd)
    complaint.put, complaint.put_at, complaint.statement_until = said, held.now, until
    complaint.save()
    if subject := complaint.answerable:
        facts = {"number": complaint.number, "until": moment(until)}
        told = gettext_noop("请就 %(number)s 反映的事项作出说明，期限 %(until)s")
        tell(subject.pk, told, facts, f"/desk/complaints/about-us/{complaint.number}/", event="evaluation.due")
    return complaint


@transaction.atomic(durable=True)
def record_statement(user: User, by: Organisation, number: str, text: str) -> Complaint:
    """Put down what a department said that is not on the platform. Raises ReasonsMissing, ComplaintStep or StatementOver."""
    held, complaint = hold_as_officer(user, by, number)
    rules.judge_status(ComplaintStatus(complaint.status), ComplaintStatus.INVESTIGATING)
    said = clean(text)
    if not said:
        raise ReasonsMissing()
    if complaint.answerable is not None or complaint.put_at is None:
        raise rules.StatementOver()
    rules.judge_statement(complaint.stated_at, complaint.statement_until, held.now)
    complaint.statement, complaint.stated_at = said, held.now
    complaint.save()
    return complaint


@transaction.atomic(durable=True)
def look_at_secret(user: User, by: Organisation, number: str, what: str) -> Complaint:
    """The handler looks at who complained (`complainer`) or at a piece of evidence; the look is recorded.

    Raises Http404, NotAnOfficer, ConflictOfInterest or NotTheHandler.
    """
    held, complaint = hold(number)
    must_handle(user, by, complaint)
    if complaint.handler_id != user.pk:
        raise rules.NotTheHandler()
    Look.objects.create(subject=f"{complaint.number} {what}", by=user, at=held.now)
    return complaint


@transaction.atomic(durable=True)
def note_overdue(number: str) -> bool:
    """Say in the case file that the officers' date is over. Nothing lapses: the complaint stays open until decided."""
    held, complaint = hold(number)
    if complaint.due_at is None or complaint.overdue_at is not None or held.now < complaint.due_at:
        return False
    complaint.overdue_at = held.now
    complaint.save(update_fields=["overdue_at"])
    held.append(ComplaintEntry.OVERDUE, {"complaint": complaint.number, "due_at": rfc3339(complaint.due_at)})
    tell_complainer(complaint)
    return True


def numbers_of(complaint: Complaint) -> ComplaintRules:
    """The clocks it was filed under."""
    return credit_rules(complaint.ruleset).complaints
