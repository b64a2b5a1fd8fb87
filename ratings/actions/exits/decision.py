"""Decide a case with other eyes than those that opened it, two pairs of them for a removal (R8, I9)."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from core.clock import rfc3339
from core.text import clean
from ratings import papers
from ratings.actions.exits.filing import arguments_of, file_document, named
from ratings.actions.exits.grip import Grip, grip, moment_of, must_be_officer, officers_of, step
from ratings.actions.exits.notice import tell_agency
from ratings.entries import ExitEntry
from ratings.models import Document, DocumentKind, ExitCase, Measure, Step
from ratings.rules import exits as rules
from ratings.rules.exit_refusals import HearingNotHeld, ReasonsMissing


@transaction.atomic(durable=True)
def decide(user: User, by: Organisation, number: str, ruling: rules.Ruling) -> ExitCase:
    """Decide: nothing, warn, suspend; a removal waits for a second officer.

    Raises NotAnOfficer, SameEyes, ExitStep, DefenceNotOver, HearingNotHeld, ReasonsMissing, ArgumentUnanswered,
    HarsherWithoutReason, TermOutOfRange or ItemsOnlyForSuspension.
    """
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case = held.case
    rules.judge_eyes("decide", user.pk, officers_of(case))
    if case.hearing_asked_at and not case.hearing_held_at:
        raise HearingNotHeld()
    arguments = arguments_of(held)
    rules.judge_ruling(
        ruling,
        moment_of(case),
        proposed=Measure(case.proposed),
        arguments=len(arguments),
        now=held.now,
        numbers=held.numbers,
    )
    _take(held, replace(ruling, answers=ruling.answers[: len(arguments)]), user)
    match ruling.measure:
        case Measure.NONE:
            _close(held)
        case Measure.REMOVE:
            step(held, Step.PROPOSED, due_at=case.due_at)
        case _:
            _publish(held)
    return case


@transaction.atomic(durable=True)
def second(user: User, by: Organisation, number: str, *, agrees: bool, opinion: str = "") -> ExitCase:
    """The second officer of a removal: publish it, or send it back with an opinion.

    Raises NotAnOfficer, SameEyes, ExitStep or ReasonsMissing.
    """
    held = grip(number)
    must_be_officer(user, by, held.agency)
    case = held.case
    rules.judge_eyes("second", user.pk, officers_of(case))
    rules.judge_at(Step(case.step), Step.PROPOSED)
    if agrees:
        case.seconded_by = user
        _publish(held)
        return case
    said = clean(opinion)
    if not said:
        raise ReasonsMissing()
    case.measure, case.months, case.reasons, case.answers = "", None, "", []
    case.harsher_because, case.contracts_stop, case.decided_at, case.decided_by = "", False, None, None
    step(held, Step.DECIDING, due_at=case.due_at, sent_back=said)
    return case


def _take(held: Grip, ruling: rules.Ruling, user: User) -> None:
    case = held.case
    case.measure, case.months = ruling.measure, ruling.months if ruling.measure in _WITH_TERM else None
    case.items = list(ruling.items)
    case.reasons, case.harsher_because = clean(ruling.reasons), clean(ruling.harsher_because)
    case.answers = [clean(answer) for answer in ruling.answers]
    case.contracts_stop = ruling.contracts_stop and ruling.measure in _WITH_TERM
    case.decided_at, case.decided_by = held.now, user


_WITH_TERM = (Measure.SUSPEND, Measure.REMOVE)


def _close(held: Grip) -> None:
    """No measure: nothing of the case becomes public, and the agency hears of it first."""
    case = held.case
    case.ended_at = held.now
    paper = _decision(held, public=False)
    step(held, Step.CLOSED, document=named(paper))
    tell_agency(case, gettext_noop("案件 %(number)s：决定不予处理"))


def _publish(held: Grip) -> None:
    case, numbers = held.case, held.numbers
    case.published_at = held.now
    case.effect_at = held.wd(numbers.effect_wd)
    case.appeal_until = held.wd(numbers.appeal_wd)
    paper = _decision(held, public=True)
    step(held, Step.DECIDED, due_at=case.effect_at, document=named(paper))
    held.say(ExitEntry.DECIDED, decided(case) | {"document": named(paper)})
    tell_agency(
        case,
        gettext_noop("案件 %(number)s：处理决定已作出，可在 %(until)s 前申诉"),
        until=papers.moment(case.appeal_until),
    )


def _decision(held: Grip, *, public: bool) -> Document:
    case, arguments = held.case, arguments_of(held)
    return file_document(
        held,
        DocumentKind.DECISION,
        lambda: papers.decision(case, arguments, case.answers),
        by=case.decided_by,
        public_at=held.now if public else None,
    )


def decided(case: ExitCase) -> dict[str, object]:
    """A decision as the agency's public case file carries it."""
    assert case.effect_at
    assert case.appeal_until
    return {
        "case": case.number,
        "trigger": case.trigger,
        "measure": case.measure,
        "months": case.months,
        "items": case.items,
        "contracts_stop": case.contracts_stop,
        "reasons": case.reasons,
        "officers": 2 if case.seconded_by_id else 1,
        "effect_at": rfc3339(case.effect_at),
        "appeal_until": rfc3339(case.appeal_until),
    }
