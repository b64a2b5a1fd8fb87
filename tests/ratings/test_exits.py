"""What people and time do in exit cases (R8): each step with its refusals, four eyes, effects and the ways back."""

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404

import pytest

from accounts.models import Organisation
from agencies.models import Agency, Standing
from core.clock import database_now
from ratings.actions import exits
from ratings.models import (
    DocumentKind,
    Evidence,
    ExitCase,
    Measure,
    Step,
    Trigger,
)
from ratings.rules import exit_refusals as refusals
from ratings.rules.exits import Ruling
from tests.contracts.play import upload
from tests.ratings.court import Court, chain_holds, kinds, let_pass, standing

pytestmark = pytest.mark.django_db


def test_a_trigger_opens_a_case_and_touches_nothing_else(court: Court) -> None:
    before = kinds(court)
    case = court.open()
    assert (case.step, case.opened_by, standing(court)) == (Step.OPENED, None, Standing.ACTIVE)
    assert kinds(court) == before
    assert case.lapses_at is not None


def test_one_fact_opens_one_case_and_an_undecided_one_keeps_others_waiting(court: Court) -> None:
    court.open(source="act:1")
    with transaction.atomic():
        from journal.actions import lock_case

        held = lock_case(f"A-{court.agency.uscc}")
        again = exits.open_case(held, court.agency, Trigger.CONDUCT, "act:1", [], Measure.WARN)
        other = exits.open_case(held, court.agency, Trigger.QUALITY, "rating:2", [], Measure.WARN)
    assert (again, other) == (None, None)


@pytest.mark.clause("P20.9")
def test_a_suspension_takes_notice_defence_and_another_officer(court: Court) -> None:
    case = court.in_force(Measure.SUSPEND)
    assert case.step == Step.IN_FORCE
    assert standing(court) == Standing.SUSPENDED
    assert court.agency.standing_until == case.until
    chain_holds(case.number)
    chain_holds(f"A-{court.agency.uscc}")
    written = [document.kind for document in case.documents.all()]
    assert written == [DocumentKind.NOTICE, DocumentKind.DECISION]


def test_who_served_the_notice_does_not_decide(court: Court) -> None:
    case = court.ripe()
    with pytest.raises(refusals.SameEyes):
        exits.decide(court.officers[0], court.body, case.number, Ruling(Measure.WARN, "x"))


def test_who_opened_neither_decides_nor_hears_nor_seconds(court: Court) -> None:
    opener = court.officers[4]
    case = exits.open_by_officer(opener, court.body, court.agency, Trigger.SERIOUS, "出具虚假报告", Measure.REMOVE)
    exits.serve_notice(court.officers[0], court.body, case.number, "x")
    exits.receive_notice(court.party, case.number)
    let_pass(case, 30)
    with pytest.raises(refusals.SameEyes):
        exits.decide(opener, court.body, case.number, Ruling(Measure.WARN, "x"))
    exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.REMOVE, "x", months=12))
    for who in (opener, court.officers[0], court.officers[1]):
        with pytest.raises(refusals.SameEyes):
            exits.second(who, court.body, case.number, agrees=True)
    assert exits.second(court.officers[2], court.body, case.number, agrees=True).step == Step.DECIDED


def test_nobody_but_an_officer_takes_an_officers_step(court: Court, waterworks: Organisation) -> None:
    case = court.open()
    for who in (court.party, waterworks):
        with pytest.raises(refusals.NotAnOfficer):
            exits.serve_notice(court.person, who, case.number, "x")


def test_nobody_but_the_agency_answers(court: Court, steady_agency: Agency, waterworks: Organisation) -> None:
    case = court.noticed()
    for who in (steady_agency.organisation, waterworks, court.body):
        with pytest.raises(Http404):
            exits.receive_notice(who, case.number)
        with pytest.raises(Http404):
            exits.defend(court.person, who, case.number, ["x"])


def test_no_decision_before_the_time_to_answer_is_over(court: Court) -> None:
    case = court.received()
    with pytest.raises(refusals.ExitStep):
        exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.WARN, "x"))


def test_a_notice_nobody_looks_at_is_deemed_served_after_three_working_days(court: Court) -> None:
    case = let_pass(court.noticed(), 9)
    assert case.served_at is not None
    assert case.step == Step.NOTICED
    assert case.defence_until is not None
    assert case.defence_until > database_now()


def test_a_defence_is_answered_argument_by_argument(court: Court) -> None:
    case = court.received()
    exits.defend(court.person, court.party, case.number, ["数据由委托方提供", " ", "已主动更正"], [upload().file])
    assert Evidence.objects.get().of_agency
    let_pass(case, 30)
    ruling = Ruling(Measure.WARN, "情节轻微", answers=("已核实", ""))
    with pytest.raises(refusals.ArgumentUnanswered):
        exits.decide(court.officers[1], court.body, case.number, ruling)
    ruling = Ruling(Measure.WARN, "情节轻微", answers=("已核实", "已采纳"))
    decided = exits.decide(court.officers[1], court.body, case.number, ruling)
    text = decided.documents.get(kind=DocumentKind.DECISION).text
    assert all(said in text for said in ("数据由委托方提供", "已核实", "已主动更正", "已采纳"))


def test_an_empty_defence_is_refused_and_a_late_one_too(court: Court) -> None:
    case = court.received()
    with pytest.raises(refusals.ReasonsMissing):
        exits.defend(court.person, court.party, case.number, ["", "  "])
    let_pass(case, 30)
    with pytest.raises(refusals.TooLate):
        exits.defend(court.person, court.party, case.number, ["太晚"])


def test_more_time_is_given_once(court: Court) -> None:
    case = court.received()
    before = case.defence_until
    case = exits.ask_for_time(court.party, case.number)
    assert before is not None
    assert case.defence_until is not None
    assert case.defence_until > before + timedelta(days=4)
    with pytest.raises(refusals.ExitStep):
        exits.ask_for_time(court.party, case.number)


def test_a_hearing_asked_for_is_held_before_the_decision(court: Court) -> None:
    case = exits.ask_for_hearing(court.party, court.received(Measure.REMOVE).number)
    assert case.step == Step.HEARING
    at = database_now() + timedelta(days=8)
    with pytest.raises(refusals.SameEyes):
        exits.set_hearing(court.officers[0], court.body, case.number, at, "一号会议室")
    with pytest.raises(refusals.HearingTooSoon):
        exits.set_hearing(court.officers[3], court.body, case.number, database_now() + timedelta(days=6), "一号会议室")
    exits.set_hearing(court.officers[3], court.body, case.number, at, "一号会议室")
    with pytest.raises(refusals.HearingNotHeld):
        exits.hold_hearing(court.officers[3], court.body, case.number, "笔录")
    with pytest.raises(refusals.HearingNotHeld):
        exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.WARN, "x"))
    let_pass(case, 9)
    exits.hold_hearing(court.officers[3], court.body, case.number, "当事人陈述；承办人举证。")
    let_pass(case, 20)
    decided = exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.SUSPEND, "x", months=2))
    assert decided.step == Step.DECIDED


def test_a_hearing_held_early_takes_nothing_of_the_time_to_answer(court: Court) -> None:
    case = court.received(Measure.REMOVE)
    case = exits.ask_for_time(court.party, case.number)
    exits.ask_for_hearing(court.party, case.number)
    exits.set_hearing(court.officers[3], court.body, case.number, database_now() + timedelta(days=7.1), "一号会议室")
    let_pass(case, 8)
    case = exits.hold_hearing(court.officers[3], court.body, case.number, "笔录")
    assert case.defence_until is not None
    assert case.defence_until > database_now()
    ruling = Ruling(Measure.WARN, "x", answers=("答",))
    with pytest.raises(refusals.DefenceNotOver):
        exits.decide(court.officers[1], court.body, case.number, ruling)
    exits.defend(court.person, court.party, case.number, ["听证后的补充意见"])
    let_pass(case, 20)
    assert exits.decide(court.officers[1], court.body, case.number, ruling).step == Step.DECIDED


def test_more_time_after_an_early_hearing_moves_the_date_of_the_decision(court: Court) -> None:
    case = exits.ask_for_hearing(court.party, court.received(Measure.REMOVE).number)
    exits.set_hearing(court.officers[3], court.body, case.number, database_now() + timedelta(days=7.1), "一号会议室")
    let_pass(case, 8)
    before = exits.hold_hearing(court.officers[3], court.body, case.number, "笔录").due_at
    after = exits.ask_for_time(court.party, case.number)
    assert before is not None
    assert after.due_at is not None
    assert (after.step, after.due_at > before) == (Step.DECIDING, True)


def test_a_warning_takes_no_hearing(court: Court) -> None:
    case = court.received(Measure.WARN)
    with pytest.raises(refusals.HearingNotForWarnings):
        exits.ask_for_hearing(court.party, case.number)


def test_a_removal_waits_for_the_second_officer_who_may_send_it_back(court: Court) -> None:
    case = court.ripe(Measure.REMOVE)
    case = exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.REMOVE, "x", months=12))
    assert (case.step, case.published_at) == (Step.PROPOSED, None)
    with pytest.raises(refusals.ReasonsMissing):
        exits.second(court.officers[2], court.body, case.number, agrees=False)
    case = exits.second(court.officers[2], court.body, case.number, agrees=False, opinion="期限过短")
    assert (case.step, case.measure, case.decided_by) == (Step.DECIDING, "", None)
    assert standing(court) == Standing.ACTIVE


def test_a_case_closed_without_a_measure_never_becomes_public(court: Court) -> None:
    before = kinds(court)
    case = court.ripe()
    case = exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.NONE, "事实不成立"))
    assert (case.step, case.published_at) == (Step.CLOSED, None)
    assert kinds(court) == before
    assert not case.documents.filter(public_at__isnull=False).exists()
    dismissed = exits.dismiss(court.officers[0], court.body, court.open(source="act:2").number, "数据有误")
    assert (dismissed.step, kinds(court)) == (Step.CLOSED, before)


@pytest.mark.parametrize(
    ("reach", "days"),
    [
        (lambda court: court.open(), 60),
        (lambda court: exits.ask_for_hearing(court.party, court.received().number), 90),
        (lambda court: court.ripe(), 90),
    ],
    ids=["opened", "hearing", "deciding"],
)
def test_a_step_overdue_by_twenty_working_days_ends_the_case_for_the_agency(
    court: Court, reach: Callable[[Court], ExitCase], days: int
) -> None:
    case = let_pass(reach(court), days)
    assert case.step == Step.LAPSED
    assert standing(court) == Standing.ACTIVE
    assert case.documents.filter(kind=DocumentKind.LAPSE).exists()


def test_a_file_that_cannot_be_read_costs_no_words(court: Court) -> None:
    case = court.received()
    with pytest.raises(Exception, match="FILE"):
        exits.defend(court.person, court.party, case.number, ["x"], [SimpleUploadedFile("a.pdf", b"MZ")])
    assert not case.documents.filter(kind=DocumentKind.DEFENCE).exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"step": Step.IN_FORCE}, "exit_case_moves_along_r8"),
        ({"measure": Measure.SUSPEND}, "constraint"),
        ({"facts": []}, "exit_case_keeps_its_facts"),
    ],
)
def test_the_database_itself_keeps_the_order(court: Court, change: dict[str, object], named: str) -> None:
    case = court.open()
    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        ExitCase.objects.filter(pk=case.pk).update(**change)


def test_the_database_itself_wants_four_eyes(court: Court) -> None:
    case = court.ripe(Measure.REMOVE)
    with pytest.raises(IntegrityError, match="decider_is_not_the_opener"), transaction.atomic():
        ExitCase.objects.filter(pk=case.pk).update(decided_by=court.officers[0], decided_at=database_now())
    exits.decide(court.officers[1], court.body, case.number, Ruling(Measure.REMOVE, "x", months=12))
    with pytest.raises(IntegrityError, match="second_is_another_officer"), transaction.atomic():
        ExitCase.objects.filter(pk=case.pk).update(seconded_by=court.officers[1])
    with pytest.raises(IntegrityError, match="removal_takes_two"), transaction.atomic():
        ExitCase.objects.filter(pk=case.pk).update(step=Step.DECIDED, published_at=database_now())
