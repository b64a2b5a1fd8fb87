"""What people and time do in exit cases (R8): each step with its refusals, four eyes, effects and the ways back."""

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404

import pytest

from accounts.models import Organisation
from agencies.models import Agency, Standing
from bidding.actions import Answer
from bidding.models import Auction
from core.clock import database_now
from journal.queries import entries_of
from ratings.actions import exits
from ratings.models import (
    AppealOutcome,
    DocumentKind,
    Ending,
    Evidence,
    ExitCase,
    Interim,
    Measure,
    Step,
    Trigger,
)
from ratings.rules import exit_refusals as refusals
from ratings.rules.exits import Ruling
from tests.contracts.play import upload
from tests.ratings.court import Court, chain_holds, let_pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def court(swift_agency: Agency) -> Court:
    return Court(swift_agency)


def standing(court: Court) -> Standing:
    court.agency.refresh_from_db()
    return Standing(court.agency.standing)


def kinds(court: Court) -> list[str]:
    return [entry.kind for entry in entries_of(f"A-{court.agency.uscc}").order_by("seq")]


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


def test_a_decision_takes_effect_after_five_working_days_and_ends_with_its_term(court: Court) -> None:
    case = court.decided()
    assert standing(court) == Standing.ACTIVE
    case = let_pass(case, 10)
    assert standing(court) == Standing.SUSPENDED
    case = let_pass(case, 100)
    assert (case.step, case.ending, standing(court)) == (Step.ENDED, Ending.TERM, Standing.ACTIVE)


def test_an_appeal_stays_the_effect_and_goes_to_a_third_person(court: Court) -> None:
    case = court.in_force()
    case = exits.appeal(court.person, court.party, case.number, "事实有误")
    assert standing(court) == Standing.ACTIVE
    for who in court.officers[:2]:
        with pytest.raises(refusals.SameEyes):
            exits.decide_appeal(who, court.body, case.number, exits.Outcome(AppealOutcome.UPHELD, "x"))
    case = exits.decide_appeal(court.officers[4], court.body, case.number, exits.Outcome(AppealOutcome.UPHELD, "x"))
    let_pass(case, 1)
    assert standing(court) == Standing.SUSPENDED
    with pytest.raises(refusals.TooLate):
        exits.appeal(court.person, court.party, case.number, "再次申诉")


def test_an_annulled_decision_restores_the_agency_the_same_day_with_a_correction(court: Court) -> None:
    case = exits.appeal(court.person, court.party, court.in_force().number, "事实有误")
    said = exits.Outcome(AppealOutcome.ANNULLED, "证据不足")
    case = exits.decide_appeal(court.officers[4], court.body, case.number, said)
    assert (case.step, case.ending, standing(court)) == (Step.CLOSED, Ending.ANNULLED, Standing.ACTIVE)
    correction = case.documents.get(kind=DocumentKind.CORRECTION)
    assert correction.public_at is not None


def test_an_appeal_may_make_it_milder_never_harder(court: Court) -> None:
    case = court.appealed(Measure.REMOVE)
    harder = exits.Outcome(AppealOutcome.CHANGED, "x", Measure.REMOVE, 36)
    with pytest.raises(refusals.HarsherOnAppeal):
        exits.decide_appeal(court.officers[4], court.body, case.number, harder)
    milder = exits.Outcome(AppealOutcome.CHANGED, "x", Measure.SUSPEND, 6)
    case = exits.decide_appeal(court.officers[4], court.body, case.number, milder)
    let_pass(case, 10)
    assert standing(court) == Standing.SUSPENDED


def test_an_appeal_nobody_decides_succeeds(court: Court) -> None:
    case = let_pass(court.appealed(), 90)
    assert (case.step, case.appeal_outcome, standing(court)) == (Step.CLOSED, AppealOutcome.ANNULLED, Standing.ACTIVE)


def test_an_appeal_comes_within_fifteen_working_days(court: Court) -> None:
    case = let_pass(court.decided(), 40)
    with pytest.raises(refusals.TooLate):
        exits.appeal(court.person, court.party, case.number, "x")


def test_an_interim_suspension_acts_at_once_and_falls_without_review(court: Court) -> None:
    case = court.received()
    exits.order_interim(court.officers[0], court.body, case.number, "仍在出具虚假报告")
    assert standing(court) == Standing.SUSPENDED
    with pytest.raises(refusals.SameEyes):
        exits.review_interim(court.officers[0], court.body, case.number, "x", keep=True)
    with pytest.raises(refusals.InterimNeedsHarm):
        exits.order_interim(court.officers[1], court.body, case.number, "再次")
    let_pass(case, 9)
    assert standing(court) == Standing.ACTIVE


def test_a_reviewed_interim_suspension_lasts_thirty_days_at_most(court: Court) -> None:
    case = court.received()
    exits.order_interim(court.officers[0], court.body, case.number, "仍在出具虚假报告")
    exits.review_interim(court.officers[1], court.body, case.number, "损害仍在继续", keep=True)
    let_pass(case, 29)
    assert standing(court) == Standing.SUSPENDED
    let_pass(case, 1.1)
    assert standing(court) == Standing.ACTIVE
    assert Interim.objects.get().ended_at is not None


def test_an_interim_suspension_lifted_on_review_ends_at_once(court: Court) -> None:
    case = court.received()
    exits.order_interim(court.officers[0], court.body, case.number, "仍在出具虚假报告")
    exits.review_interim(court.officers[1], court.body, case.number, "已停止", keep=False)
    assert standing(court) == Standing.ACTIVE


def test_a_removed_agency_comes_back_on_probation_after_its_term(court: Court) -> None:
    case = court.in_force(Measure.REMOVE)
    assert standing(court) == Standing.REMOVED
    with pytest.raises(refusals.ReentryNotYet):
        exits.ask_for_reentry(court.person, court.party, case.number, "已整改", signed=True)
    case = let_pass(case, 760)
    assert (case.step, standing(court)) == (Step.IN_FORCE, Standing.REMOVED)
    with pytest.raises(refusals.ReasonsMissing):
        exits.ask_for_reentry(court.person, court.party, case.number, "已整改", signed=False)
    exits.ask_for_reentry(court.person, court.party, case.number, "已整改", signed=True)
    with pytest.raises(refusals.SameEyes):
        exits.decide_reentry(court.officers[1], court.body, case.number, "同意", granted=True)
    exits.decide_reentry(court.officers[4], court.body, case.number, "同意", granted=True)
    assert standing(court) == Standing.PROBATION
    let_pass(case, 190)
    assert standing(court) == Standing.ACTIVE


def test_a_measure_is_repaired_after_half_of_its_term(court: Court) -> None:
    case = court.in_force(Measure.SUSPEND)
    with pytest.raises(refusals.RepairNotYet):
        exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    case = let_pass(case, 50)
    repair = exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    with pytest.raises(refusals.RepairNotYet):
        exits.ask_to_repair_measure(court.person, court.party, case.number, "再次")
    exits.decide_repair(court.officers[3], court.body, repair.pk, "整改属实", granted=True)
    case.refresh_from_db()
    assert (case.step, case.ending, standing(court)) == (Step.ENDED, Ending.REPAIRED, Standing.ACTIVE)
    with pytest.raises(refusals.ExitStep):
        exits.decide_repair(court.officers[3], court.body, repair.pk, "x", granted=False)


def test_a_suspension_of_items_locks_only_them(court: Court) -> None:
    case = court.ripe()
    code = court.agency.offerings.get().item_id  # type: ignore[attr-defined]
    ruling = Ruling(Measure.SUSPEND, "x", months=2, items=(code,))
    let_pass(exits.decide(court.officers[1], court.body, case.number, ruling), 10)
    locks = court.agency.item_locks  # type: ignore[attr-defined]
    assert standing(court) == Standing.ACTIVE
    assert [lock.item_id for lock in locks.filter(lifted_at__isnull=True)] == [code]
    let_pass(case, 70)
    assert not locks.filter(lifted_at__isnull=True).exists()


def test_two_measures_leave_the_harder_one_standing(court: Court) -> None:
    court.in_force(Measure.WARN, source="act:1")
    second = court.in_force(Measure.SUSPEND, source="act:2")
    assert standing(court) == Standing.SUSPENDED
    let_pass(second, 100)
    assert standing(court) == Standing.WARNED


def test_who_leaves_of_its_own_will_may_come_back_and_sheds_nothing(court: Court) -> None:
    court.in_force(Measure.SUSPEND)
    exits.withdraw(court.agency)
    assert standing(court) == Standing.SUSPENDED
    exits.come_back(court.agency)
    exits.come_back(court.agency)
    assert standing(court) == Standing.SUSPENDED
    assert kinds(court).count("exit.decided") == 1


def test_who_leads_an_auction_does_not_void_its_bids_by_leaving(
    court: Court, auction: Auction, bid: Callable[..., Answer]
) -> None:
    bid(auction, court.agency, "99500.00")
    with pytest.raises(refusals.LeadingNow):
        exits.withdraw(court.agency)
    assert standing(court) == Standing.ACTIVE


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
