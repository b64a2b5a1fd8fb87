"""Set and hold the hearing (听证), led by an officer who did not investigate (R8)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from core.clock import rfc3339
from core.text import clean
from ratings import papers
from ratings.actions.exits.filing import file_document, named
from ratings.actions.exits.grip import grip, must_be_officer, officers_of, step
from ratings.actions.exits.notice import tell_agency
from ratings.models import DocumentKind, ExitCase, Step
from ratings.rules import exits as rules
from ratings.rules.exit_refusals import HearingNotHeld, ReasonsMissing


@transaction.atomic(durable=True)
def set_hearing(user: User, by: Organisation, number: str, at: datetime, place: str) -> ExitCase:
    """Name date and place, at least seven days ahead. Raises SameEyes, ExitStep, HearingTooSoon or ReasonsMissing."""
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case = held.case
    rules.judge_eyes("hear", user.pk, officers_of(case))
    rules.judge_at(Step(case.step), Step.HEARING)
    held_by = held.wd(held.numbers.hearing_within_wd, case.hearing_asked_at)
    rules.judge_hearing_date(held.now, at, held_by, held.numbers)
    said = clean(place)
    if not said:
        raise ReasonsMissing()
    case.hearing_at, case.hearing_place = at, said
    paper = file_document(held, DocumentKind.HEARING_NOTICE, lambda: papers.hearing_notice(case), by=user)
    step(held, Step.HEARING, due_at=case.due_at, hearing_at=rfc3339(at), document=named(paper))
    tell_agency(case, gettext_noop("案件 %(number)s：听证定于 %(at)s 举行"), at=papers.moment(at))
    return case


@transaction.atomic(durable=True)
def hold_hearing(user: User, by: Organisation, number: str, minutes: str) -> ExitCase:
    """File the minutes, which are public once a measure is published. Raises SameEyes, ExitStep, HearingNotHeld or ReasonsMissing."""
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case = held.case
    rules.judge_eyes("hear", user.pk, officers_of(case))
    rules.judge_at(Step(case.step), Step.HEARING)
    if case.hearing_at is None or held.now < case.hearing_at:
        raise HearingNotHeld()
    said = clean(minutes)
    if not said:
        raise ReasonsMissing()
    case.hearing_held_at, case.heard_by = held.now, user
    paper = file_document(held, DocumentKind.MINUTES, lambda: papers.minutes(case, said), by=user)
    begins = max(held.now, case.defence_until or held.now)
    step(held, Step.DECIDING, due_at=held.wd(held.numbers.decision_wd, begins), document=named(paper))
    return case
