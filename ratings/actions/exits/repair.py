"""Credit repair (信用修复, R8): asked for after the minimum period with what was corrected, decided in ten working days."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from accounts.models import Organisation, User
from accounts.notices import tell
from agencies.models import Agency
from core.errors import Text
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from ratings import papers
from ratings.actions.credit import repair_act
from ratings.actions.exits.effect import end
from ratings.actions.exits.filing import file_document, file_repair, named
from ratings.actions.exits.grip import Grip, must_be_officer, must_be_party
from ratings.actions.exits.grip import grip as hold
from ratings.actions.sealing import about_list, erase
from ratings.entries import ExitEntry
from ratings.models import (
    Act,
    ActEventKind,
    DocumentKind,
    Ending,
    ExitCase,
    ListFlag,
    Measure,
    Repair,
    RepairStatus,
    Step,
)
from ratings.papers import moment
from ratings.queries.repairs import about
from ratings.rules.exit_refusals import ExitStep, ReasonsMissing, RepairNotYet
from ratings.rules.repairs import silence_grants
from ratings.rules.standing import months_after
from ratings.rulesets import credit_rules


@transaction.atomic(durable=True)
def ask_to_repair_act(user: User, by: Organisation, act_id: int, correction: str) -> Repair:
    """Ask that an act be taken off: after its tier's minimum period, once at a time. Raises RepairNotYet or ReasonsMissing."""
    act = Act.objects.select_related("agency__organisation").get(pk=act_id, agency__organisation=by)
    held = lock_case(f"A-{act.agency.uscc}")
    months = credit_rules(act.ruleset).conduct.tiers[act.tier].repair_after_months
    ended = act.events.filter(kind__in=(ActEventKind.STRUCK, ActEventKind.REPAIRED)).exists()
    if ended or not months or held.now >= act.expires_at:
        raise RepairNotYet(reason=_("该记录不适用信用修复，到期自动失效"))
    _judge_due(held.now, months_after(act.noted_at, months), act.repairs.all())
    return _ask(held, user, act.agency, correction, act=act)


@transaction.atomic(durable=True)
def ask_to_repair_measure(user: User, by: Organisation, number: str, correction: str) -> Repair:
    """Ask that a warning or suspension in force be lifted: after half of its term. Raises RepairNotYet, ExitStep or ReasonsMissing."""
    held = hold(number)
    must_be_party(by, held.agency)
    case = held.case
    if case.step != Step.IN_FORCE or case.measure == Measure.REMOVE or case.in_force_at is None or case.until is None:
        raise ExitStep(step=str(Step(case.step).label))
    earliest = case.in_force_at + (case.until - case.in_force_at) / 2
    _judge_due(held.now, earliest, case.repairs.all())
    return _ask(held.own, user, held.agency, correction, case=case)


@transaction.atomic(durable=True)
def decide_repair(user: User, by: Organisation, repair_id: int, opinion: str, *, granted: bool) -> Repair:
    """An officer grants or refuses, with reasons. What is repaired leaves pages, API, files and C.

    Raises NotAnOfficer, ExitStep or ReasonsMissing.
    """
    repair = Repair.objects.select_related("agency__organisation").get(pk=repair_id)
    must_be_officer(user, by, repair.agency)
    said = clean(opinion)
    if not said:
        raise ReasonsMissing()
    repair = _settle(_hold(repair_id), said, user, granted=granted)
    tell(
        repair.agency.organisation_id, _subject(granted=granted), {}, f"/desk/repairs/{repair.pk}/", event="credit.act"
    )
    return repair


@transaction.atomic(durable=True)
def lapse_repair(repair_id: int) -> bool:
    """Nobody decided in time: 20 working days after its date it is granted, unless silence does not grant it. False if there
    is nothing to do.
    """
    holding = _hold(repair_id)
    repair, now = holding.repair, holding.own.now
    if repair.due_at is None or now < calendar().add(repair.due_at, credit_rules().exit.lapse_wd):
        return False
    if not silence_grants(about(repair)) or (repair.case is not None and repair.case.step != Step.IN_FORCE):
        return False
    _settle(holding, gettext_lazy("监管部门逾期未审核，依据 R8 视为同意。"), None, granted=True)
    subject = gettext_noop("信用修复申请逾期未审核，视为通过")
    tell(repair.agency.organisation_id, subject, {}, f"/desk/repairs/{repair.pk}/", event="credit.act")
    return True


@dataclass(frozen=True)
class _Holding:
    """A request under the case it belongs to: a measure's own, or the agency's (then there is no grip)."""

    repair: Repair
    own: Held
    grip: Grip | None


def _hold(repair_id: int) -> _Holding:
    uscc, number = Repair.objects.values_list("agency__organisation__uscc", "case__number").get(pk=repair_id)
    grip = hold(number) if number else None
    own = grip.own if grip else lock_case(f"A-{uscc}")
    related = ("agency__organisation", "act__agency__organisation", "case")
    return _Holding(Repair.objects.select_related(*related).get(pk=repair_id), own, grip)


def _settle(holding: _Holding, said: Text, user: User | None, *, granted: bool) -> Repair:
    """Granted or refused, with its paper; by nobody, where time granted it."""
    repair, own, grip = holding.repair, holding.own, holding.grip
    if repair.status != RepairStatus.ASKED:
        raise ExitStep(step=str(RepairStatus(repair.status).label))
    repair.status = RepairStatus.GRANTED if granted else RepairStatus.REFUSED
    with override("zh-hans"):
        repair.decision = str(said)
    repair.decided_by, repair.decided_at, repair.due_at = user, own.now, None
    repair.save()
    if grip is None:
        file_repair(repair, lambda: _words(repair, said), user, own.now)
        if granted and repair.act is not None:
            repair_act(own, repair.act, user)
        return repair
    paper = file_document(grip, DocumentKind.REPAIR, lambda: _words(repair, said), by=user)
    overdue = {} if user is not None else {"overdue": "repair"}
    grip.own.append(
        ExitEntry.STEPPED, {"step": grip.case.step, "repair": repair.status, **overdue, "document": named(paper)}
    )
    if granted:
        _lift(grip)
    return repair


def _words(repair: Repair, said: Text) -> list[papers.Section]:
    """In the language that is asked for; what people wrote stays as they wrote it."""
    of = repair.act.evidence if repair.act is not None else papers.measure_in_words(_case_of(repair))
    granted = repair.status == RepairStatus.GRANTED
    return papers.repair(of, repair.correction, str(said), granted=granted)


def _case_of(repair: Repair) -> ExitCase:
    assert repair.case is not None
    return repair.case


def _lift(grip: Grip) -> None:
    if grip.case.step != Step.IN_FORCE:
        raise ExitStep(step=str(Step(grip.case.step).label))
    end(grip, Ending.REPAIRED)
    for flag in ListFlag.objects.filter(case=grip.case):
        erase(grip.of_agency, about_list(flag.pk))


def _subject(*, granted: bool) -> str:
    return gettext_noop("信用修复申请已通过") if granted else gettext_noop("信用修复申请未通过，请查看审核意见")


def _judge_due(now: datetime, earliest: datetime, asked: QuerySet[Repair]) -> None:
    if asked.filter(status=RepairStatus.ASKED).exists():
        raise RepairNotYet(reason=_("已有一件待审核的申请"))
    if now < earliest:
        raise RepairNotYet(reason=_("最早可于 %(at)s 申请") % {"at": moment(earliest)})


def _ask(
    held: Held, user: User, agency: Agency, correction: str, *, act: Act | None = None, case: ExitCase | None = None
) -> Repair:
    said = clean(correction)
    if not said:
        raise ReasonsMissing()
    days = credit_rules().exit.repair_decision_wd
    return Repair.objects.create(
        agency=agency,
        act=act,
        case=case,
        correction=said,
        asked_by=user,
        asked_at=held.now,
        due_at=calendar().add(held.now, days),
    )
