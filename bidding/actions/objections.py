"""Object to an award, answer, complain, decide (R5.9). Each verb holds the request's case and writes one entry."""

from datetime import datetime

from django.db import transaction

from accounts.models import Kind, Organisation, User
from accounts.queries import acts_for_any
from bidding import entries, queries
from bidding.actions.award import fall
from bidding.models import PENDING_OBJECTIONS, Award, AwardStatus, Objection, ObjectionStatus
from bidding.rules import objections as rules
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from marketplace.models import Request, RequestStatus
from marketplace.rulesets import Standstill, ruleset


@transaction.atomic(durable=True)
def file_objection(user: User, by: Organisation, number: str, text: str) -> Objection:
    """Object to the award of a request; raises StandstillOver, NotAnEntrant, ObjectionPending or TextMissing."""
    held, request = _hold(number)
    award = request.awards.filter(status=AwardStatus.STANDSTILL).select_related("winner__agency").first()
    if award is None or held.now >= award.standstill_until:
        raise rules.StandstillOver()
    entered = queries.standing_enrolments(request).filter(agency__organisation=by)
    if not entered.exists() or award.winner.agency.organisation_id == by.pk:
        raise rules.NotAnEntrant()
    if award.objections.filter(by=by, status__in=PENDING_OBJECTIONS).exists():
        raise rules.ObjectionPending()
    numbers = _numbers(request)
    due_at = calendar().add(held.now, numbers.answer_wd)
    objection = Objection.objects.create(
        award=award,
        by=by,
        filed_by=user,
        text=_said(text),
        filed_at=held.now,
        due_at=due_at,
        lapses_at=calendar().add(due_at, numbers.complaint_wd),
    )
    held.append(*entries.objection_filed(objection.pk, by.name, objection.text, due_at))
    return objection


@transaction.atomic(durable=True)
def answer_objection(user: User, buyer: Organisation, pk: int, text: str) -> Objection:
    """The buyer answers in public; the objector may then complain. Raises NotYourTurn, StepNotDue or TextMissing."""
    held, request, objection = _hold_objection(pk)
    if request.buyer_id != buyer.pk:
        raise rules.NotYourTurn()
    _judge(rules.Step.ANSWER, objection, held.now)
    objection.answer, objection.answered_by = _said(text), user
    objection.due_at = objection.lapses_at = calendar().add(held.now, _numbers(request).complaint_wd)
    _move(objection, ObjectionStatus.ANSWERED)
    held.append(*entries.objection_answered(pk, objection.answer, objection.lapses_at))
    return objection


@transaction.atomic(durable=True)
def complain(by: Organisation, pk: int, text: str) -> Objection:
    """The objector goes to the regulator, after the answer or when it is overdue.

    Raises NotYourTurn, StepNotDue or TextMissing.
    """
    held, request, objection = _hold_objection(pk)
    if objection.by_id != by.pk:
        raise rules.NotYourTurn()
    _judge(rules.Step.COMPLAIN, objection, held.now)
    objection.complaint = _said(text)
    objection.due_at, objection.lapses_at = calendar().add(held.now, _numbers(request).decision_wd), None
    _move(objection, ObjectionStatus.COMPLAINED)
    held.append(*entries.objection_complained(pk, objection.complaint, objection.due_at))
    return objection


@transaction.atomic(durable=True)
def extend_decision(by: Organisation, pk: int) -> Objection:
    """The regulator takes the one extension that the rules give. Raises NotYourTurn or StepNotDue."""
    held, request, objection = _hold_objection(pk)
    _judge_regulator(by)
    _judge(rules.Step.EXTEND, objection, held.now)
    days = _numbers(request).decision_extension_wd
    objection.due_at, objection.extended = calendar().add(objection.due_at or held.now, days), True
    _move(objection, ObjectionStatus.COMPLAINED)
    held.append(*entries.objection_extended(pk, objection.due_at))
    return objection


@transaction.atomic(durable=True)
def decide_complaint(user: User, by: Organisation, pk: int, text: str, *, upheld: bool) -> Objection:
    """A regulator who is no party, and whose person acts for none, decides with reasons (I9).

    An upheld complaint voids the award, and the next follows. Raises NotYourTurn, PartyDecides, StepNotDue or TextMissing.
    """
    held, request, objection = _hold_objection(pk)
    _judge_regulator(by)
    rules.judge_decider(user.pk, (objection.filed_by_id, objection.answered_by_id))
    parties = (objection.by_id, request.buyer_id, objection.award.winner.agency.organisation_id)
    rules.judge_decider(by.pk, parties)
    if acts_for_any(user, parties):
        raise rules.PartyDecides()
    _judge(rules.Step.DECIDE, objection, held.now)
    objection.decision, objection.decided_by, objection.due_at = _said(text), user, None
    _move(objection, ObjectionStatus.UPHELD if upheld else ObjectionStatus.DISMISSED)
    held.append(*entries.objection_decided(pk, upheld=upheld, text=objection.decision))
    if upheld:
        held.append(*entries.award_voided(objection.award.winner.label, pk))
        fall(held, request, objection.award, AwardStatus.VOIDED)
    return objection


@transaction.atomic(durable=True)
def withdraw_objection(by: Organisation, pk: int) -> Objection:
    """The objector is content. Raises NotYourTurn or StepNotDue."""
    held, _request, objection = _hold_objection(pk)
    if objection.by_id != by.pk:
        raise rules.NotYourTurn()
    _judge(rules.Step.WITHDRAW, objection, held.now)
    objection.due_at = objection.lapses_at = None
    _move(objection, ObjectionStatus.CLOSED)
    held.append(*entries.objection_closed(pk, "withdrawn"))
    return objection


@transaction.atomic(durable=True)
def decline_award(by: Organisation, number: str, reason: str) -> Award:
    """The winner gives the award up before the contract; the next in rank follows if close enough (R5.9).

    Raises NotTheWinner or TextMissing.
    """
    held, request = _hold(number)
    standing = request.awards.filter(status__in=(AwardStatus.STANDSTILL, AwardStatus.FINAL))
    award = standing.select_related("winner__agency").first()
    unsigned = request.status in (RequestStatus.STANDSTILL, RequestStatus.AWARDED)
    if award is None or not unsigned or award.winner.agency.organisation_id != by.pk:
        raise rules.NotTheWinner()
    held.append(*entries.award_declined(award.winner.label, _said(reason)))
    fall(held, request, award, AwardStatus.DECLINED)
    return award


def _hold(number: str) -> tuple[Held, Request]:
    return lock_case(number), queries.request_of(number)


def _hold_objection(pk: int) -> tuple[Held, Request, Objection]:
    """Hold the case, then read: what another hand did meanwhile is seen. Raises Objection.DoesNotExist."""
    number = Objection.objects.values_list("award__request__number", flat=True).get(pk=pk)
    held, request = _hold(number or "")
    related = ("award__winner__agency", "award__request", "by")
    return held, request, Objection.objects.select_related(*related).get(pk=pk)


def _judge(step: rules.Step, objection: Objection, now: datetime) -> None:
    status = ObjectionStatus(objection.status)
    rules.judge_step(step, status, now=now, due_at=objection.due_at, extended=objection.extended)


def _judge_regulator(by: Organisation) -> None:
    if by.kind != Kind.REGULATOR:
        raise rules.NotYourTurn()


def _move(objection: Objection, status: ObjectionStatus) -> None:
    before = objection.status
    changed = Objection.objects.filter(pk=objection.pk, status=before).update(status=status)
    assert changed == 1, f"objection {objection.pk} was not {before}"
    objection.status = status
    objection.save()


def _numbers(request: Request) -> Standstill:
    return ruleset(request.ruleset).standstill


def _said(text: str) -> str:
    said = clean(text)
    if not said:
        raise rules.TextMissing()
    return said
