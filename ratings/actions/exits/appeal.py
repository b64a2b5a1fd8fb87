"""Appeal (申诉) to a third person; until it is decided the measure does not bind (R8)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Organisation, User
from core.clock import rfc3339
from core.errors import Text
from core.text import clean
from ratings import papers
from ratings.actions.exits.effect import settle_standing
from ratings.actions.exits.filing import file_document, named
from ratings.actions.exits.grip import Grip, grip, moment_of, must_be_officer, must_be_party, officers_of, step
from ratings.actions.exits.notice import tell_agency
from ratings.actions.sealing import about_case
from ratings.entries import ExitEntry
from ratings.models import AppealOutcome, DocumentKind, Ending, ExitCase, Measure, Step
from ratings.rules import exits as rules
from ratings.rules.exit_refusals import ReasonsMissing


@dataclass(frozen=True)
class Outcome:
    """What a third person decides on an appeal; `measure` and `months` where it is changed to a milder one."""

    outcome: AppealOutcome
    reasons: str
    measure: Measure | None = None
    months: int | None = None


@transaction.atomic(durable=True)
def appeal(user: User, by: Organisation, number: str, text: str) -> ExitCase:
    """The agency appeals within 15 working days; what is in force is stayed at once. Raises ExitStep, TooLate or ReasonsMissing."""
    held = grip(number)
    must_be_party(by, held.agency)
    case = held.case
    rules.judge_appeal(moment_of(case), held.now, None if case.appealed_at else case.appeal_until)
    said = clean(text)
    if not said:
        raise ReasonsMissing()
    case.appealed_at, case.appealed_by, case.in_force_at = held.now, user, None
    paper = file_document(
        held,
        DocumentKind.APPEAL,
        lambda: papers.statement(str(DocumentKind.APPEAL.label), said),
        by=user,
    )
    step(held, Step.APPEALED, due_at=held.wd(held.numbers.appeal_decision_wd), document=named(paper))
    held.say(ExitEntry.APPEALED, {"case": case.number})
    settle_standing(held.of_agency, held.agency, about_case(held.case.number))
    return case


@transaction.atomic(durable=True)
def decide_appeal(user: User, by: Organisation, number: str, said: Outcome) -> ExitCase:
    """A third person upholds, changes to something milder, or annuls: then the agency is restored the same day.

    Raises NotAnOfficer, SameEyes, ExitStep, ReasonsMissing, HarsherOnAppeal or TermOutOfRange.
    """
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case = held.case
    rules.judge_eyes("appeal", user.pk, officers_of(case))
    rules.judge_at(Step(case.step), Step.APPEALED)
    reasons = clean(said.reasons)
    if not reasons:
        raise ReasonsMissing()
    if said.outcome == AppealOutcome.CHANGED:
        rules.judge_milder(said.measure, said.months, Measure(case.measure), case.months, held.numbers)
        assert said.measure is not None
        case.measure, case.months, case.until = said.measure, said.months, None
        case.items = case.items if said.measure == Measure.SUSPEND else []
    case.appeal_outcome, case.appeal_decided_at, case.appeal_decided_by = said.outcome, held.now, user
    _conclude(held, said.outcome, reasons, by=user)
    return case


def lapse_appeal(held: Grip) -> None:
    """Nobody decided the appeal in time: it succeeds. Part of a larger verb."""
    case = held.case
    case.appeal_outcome, case.appeal_decided_at = AppealOutcome.ANNULLED, held.now
    _conclude(held, AppealOutcome.ANNULLED, gettext_lazy("监管部门逾期未作出申诉决定"), by=None)


def _conclude(held: Grip, outcome: AppealOutcome, reasons: Text, *, by: User | None) -> None:
    case = held.case
    paper = file_document(
        held,
        DocumentKind.APPEAL_DECISION,
        lambda: papers.appeal_decision(case, outcome, reasons),
        by=by,
        public_at=held.now,
    )
    held.say(
        ExitEntry.APPEAL_DECIDED,
        {
            "case": case.number,
            "outcome": outcome.value,
            "measure": case.measure,
            "months": case.months,
            "document": named(paper),
        },
    )
    if outcome == AppealOutcome.ANNULLED:
        _annul(held, reasons)
    else:
        case.effect_at = max(held.now, case.effect_at or held.now)
        step(held, Step.DECIDED, due_at=case.effect_at, effect_at=rfc3339(case.effect_at), document=named(paper))
    tell_agency(case, gettext_noop("案件 %(number)s：申诉已有决定"))


def _annul(held: Grip, reasons: Text) -> None:
    """Restored the same day; the correction stands where the notice stood."""
    case = held.case
    case.ended_at, case.ending = held.now, Ending.ANNULLED
    correction = file_document(
        held,
        DocumentKind.CORRECTION,
        lambda: papers.correction(case, reasons),
        by=None,
        public_at=held.now,
    )
    step(held, Step.CLOSED, ending=Ending.ANNULLED.value, document=named(correction))
    settle_standing(held.of_agency, held.agency, about_case(held.case.number))
