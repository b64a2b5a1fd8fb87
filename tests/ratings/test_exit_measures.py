"""What a measure does (R8): when it takes effect, appeals and reviews, the way back, and what it leaves alone."""

from collections.abc import Callable

import pytest

from agencies.models import Standing
from bidding.actions import Answer
from bidding.models import Auction
from ratings.actions import exits
from ratings.models import (
    AppealOutcome,
    DocumentKind,
    Ending,
    Interim,
    Measure,
    Step,
)
from ratings.rules import exit_refusals as refusals
from ratings.rules.exits import Ruling
from tests.ratings.court import Court, kinds, let_pass, standing

pytestmark = pytest.mark.django_db


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
