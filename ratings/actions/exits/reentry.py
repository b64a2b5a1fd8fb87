"""Re-entry (重新入驻) after a removal: term over, correction, new commitment; then six months of probation (R8)."""

from django.db import transaction
from django.utils.translation import gettext_lazy, gettext_noop, override

from accounts.models import Organisation, User
from agencies.commitments import AGENCY
from core.clock import rfc3339
from core.errors import Text
from core.queries import calendar
from core.text import clean
from ratings import papers
from ratings.actions.exits.effect import settle_standing
from ratings.actions.exits.filing import file_document, named
from ratings.actions.exits.grip import Grip, grip, must_be_officer, must_be_party, officers_of, step
from ratings.actions.exits.notice import tell_agency
from ratings.actions.refreshing import refresh
from ratings.actions.sealing import about_case
from ratings.entries import ExitEntry
from ratings.models import DocumentKind, Ending, Measure, Reentry, RepairStatus, Step
from ratings.papers import moment
from ratings.rules import exits as rules
from ratings.rules.exit_refusals import ExitStep, ReasonsMissing, ReentryNotYet
from ratings.rules.standing import months_after


@transaction.atomic(durable=True)
def ask_for_reentry(user: User, by: Organisation, number: str, correction: str, *, signed: bool) -> Reentry:
    """Ask to come back when the term is over, with what was corrected and the commitment signed anew.

    Raises ExitStep, ReentryNotYet or ReasonsMissing.
    """
    held = grip(number)
    must_be_party(by, held.agency)
    case = held.case
    if case.step != Step.IN_FORCE or case.measure != Measure.REMOVE or case.until is None:
        raise ExitStep(step=str(Step(case.step).label))
    if held.now < case.until:
        raise ReentryNotYet(until=moment(case.until))
    said = clean(correction)
    if not said or not signed:
        raise ReasonsMissing()
    days = held.numbers.repair_decision_wd
    asked, _new = Reentry.objects.update_or_create(
        case=case,
        defaults={
            "correction": said,
            "commitment_version": AGENCY.version,
            "commitment_sha256": AGENCY.sha256,
            "asked_by": user,
            "asked_at": held.now,
            "due_at": calendar().add(held.now, days),
            "status": RepairStatus.ASKED,
            "decision": "",
            "decided_by": None,
            "decided_at": None,
        },
    )
    held.own.append(ExitEntry.STEPPED, {"step": case.step, "reentry": "asked"})
    return asked


@transaction.atomic(durable=True)
def decide_reentry(user: User, by: Organisation, number: str, opinion: str, *, granted: bool) -> Reentry:
    """An officer who did not decide the removal lets the agency back on probation, or says what is missing.

    Raises NotAnOfficer, SameEyes, ExitStep or ReasonsMissing.
    """
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case = held.case
    rules.judge_eyes("appeal", user.pk, officers_of(case))
    asked = Reentry.objects.filter(case=case, status=RepairStatus.ASKED).first()
    if asked is None:
        raise ExitStep(step=str(Step(case.step).label))
    said = clean(opinion)
    if not said:
        raise ReasonsMissing()
    _decide(held, asked, said, user, granted=granted)
    return asked


@transaction.atomic(durable=True)
def lapse_reentry(number: str) -> bool:
    """Nobody decided in time: 20 working days after its date the agency is back, on probation. False if there is nothing to do."""
    held = grip(number)
    asked = Reentry.objects.filter(case=held.case, status=RepairStatus.ASKED).first()
    if asked is None or asked.due_at is None or held.now < held.wd(held.numbers.lapse_wd, asked.due_at):
        return False
    _decide(held, asked, gettext_lazy("监管部门逾期未审核，依据 R8 视为同意。"), None, granted=True)
    return True


def _decide(held: Grip, asked: Reentry, said: Text, user: User | None, *, granted: bool) -> None:
    case = held.case
    asked.status = RepairStatus.GRANTED if granted else RepairStatus.REFUSED
    with override("zh-hans"):
        asked.decision = str(said)
    asked.decided_by, asked.decided_at, asked.due_at = user, held.now, None
    if granted:
        asked.probation_until = months_after(held.now, held.numbers.probation_months)
    asked.save()
    paper = file_document(
        held,
        DocumentKind.REENTRY,
        lambda: papers.reentry(said, asked.probation_until),
        by=user,
        public_at=held.now if granted else None,
    )
    if granted:
        assert asked.probation_until
        case.ended_at, case.ending = held.now, Ending.TERM
        step(held, Step.ENDED, ending=Ending.TERM.value, document=named(paper))
        entry = {"case": case.number, "probation_until": rfc3339(asked.probation_until), "document": named(paper)}
        held.say(ExitEntry.REENTERED, entry)
        settle_standing(held.of_agency, held.agency, about_case(held.case.number))
        refresh(held.of_agency, held.agency)
    tell_agency(case, gettext_noop("案件 %(number)s：重新入驻申请已有决定"))
