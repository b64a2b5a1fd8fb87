"""Answer, dispute and put right what was rated: the verbs, with refusals beside successes (P19.5, R7)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Membership, Organisation, User
from agencies.models import Agency
from contracts import actions
from core.clock import database_now
from marketplace.models import ServiceItem
from ratings.actions import evaluations
from ratings.actions.evaluations import Said
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import (
    Dispute,
    DisputeStatus,
    Mark,
    MarkSide,
    Outcome,
    Rating,
    Rectification,
    RectificationStatus,
    Relation,
)
from ratings.queries.evaluation import owed_in_disputes
from ratings.rules.evaluation_refusals import (
    DisputeStep,
    NotRevealed,
    NotYourMark,
    RectificationStep,
    ReplyOver,
    SaidAlready,
    WordsMissing,
)
from tests import cast
from tests.contracts import play
from tests.ratings import rating

BUYER, AGENCY, DEPARTMENT = MarkSide.BUYER, MarkSide.AGENCY, MarkSide.DEPARTMENT


def relation(number: str) -> str | None:
    newest = Rating.objects.get(contract__award__request__number=number).events.last()
    return newest and newest.relation


def owed_now(number: str) -> str:
    """How punctual the regulators are, a month later."""
    [owed] = owed_in_disputes()
    return replace(owed, due_at=owed.due_at - timedelta(days=30)).state(database_now())


def decide(user: User, number: str, side: MarkSide, verdict: DisputeStatus) -> Dispute:
    body = user.memberships.get().organisation
    return evaluations.decide_dispute(user, body, number, side, verdict, "查阅往来函件后认定")


def test_the_marked_side_replies_once_in_public_and_in_time(number: str, waterworks: Organisation) -> None:
    agency = play.contract(number).agency
    user = play.user_of(agency)
    rating.by_buyer(number, 3)
    with pytest.raises(NotRevealed):
        evaluations.reply(user, agency, number, BUYER, "说明")
    rating.by_agency(number)
    with pytest.raises(NotYourMark):
        evaluations.reply(user, agency, number, AGENCY, "自问自答")
    with pytest.raises(NotYourMark):
        evaluations.reply(play.user_of(waterworks), waterworks, number, BUYER, "自问自答")
    with pytest.raises(NotYourMark):
        evaluations.reply(user, agency, number, MarkSide.PLATFORM, "事实")
    with pytest.raises(WordsMissing):
        evaluations.reply(user, agency, number, BUYER, "  ")
    evaluations.reply(user, agency, number, BUYER, "现场资料迟交，已书面说明。")
    with pytest.raises(SaidAlready):
        evaluations.reply(user, agency, number, BUYER, "再说一次")
    rating.end_time_to_answer(number)
    with pytest.raises(ReplyOver):
        evaluations.reply(play.user_of(waterworks), waterworks, number, AGENCY, "说明")
    assert play.said(number, "evaluation.replied") == [{"mark": "buyer", "text": "现场资料迟交，已书面说明。"}]


def test_a_disputed_mark_weighs_nothing_until_it_is_decided(number: str, regulator: User) -> None:
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    evaluations.dispute(play.user_of(agency), agency, number, BUYER, "采购人未按约定提供资料")
    assert relation(number) == Relation.DISPUTED
    with pytest.raises(SaidAlready):
        evaluations.dispute(play.user_of(agency), agency, number, BUYER, "再次")
    Dispute.objects.update(due_at=database_now())
    do_due_evaluations()
    assert relation(number) == Relation.DISPUTED
    assert owed_now(number) == "overdue"
    decide(regulator, number, BUYER, DisputeStatus.DISMISSED)
    assert owed_now(number) == "late"
    assert relation(number) == Relation.NONE
    with pytest.raises(DisputeStep):
        decide(regulator, number, BUYER, DisputeStatus.UPHELD)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [(DisputeStatus.UPHELD, Relation.CONFIRMED), (DisputeStatus.RELATED, Relation.FLAGGED)],
)
def test_what_the_regulator_decides_is_how_the_rating_counts(
    number: str, regulator: User, verdict: DisputeStatus, expected: Relation
) -> None:
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    evaluations.dispute(play.user_of(agency), agency, number, BUYER, "评价人与竞争对手存在关联")
    decide(regulator, number, BUYER, verdict)
    assert relation(number) == expected
    assert play.said(number, "evaluation.dispute_decided")[0]["verdict"] == verdict


def test_two_disputes_of_one_rating_are_decided_one_by_one(
    number: str, department: Organisation, regulator: User
) -> None:
    rating.by_department(number, department, Outcome.RETURNED)
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    for side in (BUYER, DEPARTMENT):
        evaluations.dispute(play.user_of(agency), agency, number, side, "与事实不符")
    decide(regulator, number, BUYER, DisputeStatus.DISMISSED)
    assert relation(number) == Relation.DISPUTED
    decide(regulator, number, DEPARTMENT, DisputeStatus.DISMISSED)
    assert relation(number) == Relation.NONE


def test_a_buyer_disputes_what_the_agency_said_of_it(
    number: str, waterworks: Organisation, waterworks_user: User
) -> None:
    rating.revealed(number, of_buyer=1)
    evaluations.dispute(waterworks_user, waterworks, number, AGENCY, "款项均在期限内支付")
    assert relation(number) is None


@pytest.mark.clause("I9")
def test_only_a_regulator_who_is_no_party_decides(
    number: str, regulator: User, second_regulator: User, waterworks: Organisation
) -> None:
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    with pytest.raises(DisputeStep):
        decide(regulator, number, BUYER, DisputeStatus.DISMISSED)
    evaluations.dispute(play.user_of(agency), agency, number, BUYER, "与事实不符")
    for party in (agency, waterworks):
        with pytest.raises(NotYourMark):
            evaluations.decide_dispute(play.user_of(party), party, number, BUYER, DisputeStatus.UPHELD, "理由")
    body = regulator.memberships.get().organisation
    Membership.objects.create(user=regulator, organisation=agency)
    with pytest.raises(NotYourMark):
        evaluations.decide_dispute(regulator, body, number, BUYER, DisputeStatus.UPHELD, "理由")
    with pytest.raises(WordsMissing):
        evaluations.decide_dispute(second_regulator, body, number, BUYER, DisputeStatus.UPHELD, "")
    assert decide(second_regulator, number, BUYER, DisputeStatus.UPHELD).decided_by == second_regulator


def test_a_bad_mark_asks_to_put_things_right_and_the_rater_looks_at_it(number: str, waterworks: Organisation) -> None:
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    user = play.user_of(agency)
    with pytest.raises(NotYourMark):
        evaluations.report_rectification(play.user_of(waterworks), waterworks, number, BUYER, "已整改")
    with pytest.raises(RectificationStep):
        evaluations.judge_rectification(waterworks, number, BUYER, "", confirmed=True)
    evaluations.report_rectification(user, agency, number, BUYER, "已重算并补交第三章，落实复核人。")
    with pytest.raises(NotYourMark):
        evaluations.judge_rectification(agency, number, BUYER, "", confirmed=True)
    with pytest.raises(WordsMissing):
        evaluations.judge_rectification(waterworks, number, BUYER, "", confirmed=False)
    task = evaluations.judge_rectification(waterworks, number, BUYER, "", confirmed=True)
    assert task.status == RectificationStatus.CONFIRMED
    statuses = [said["status"] for said in play.said(number, "evaluation.rectification")]
    assert statuses == ["open", "reported", "confirmed"]


def test_good_marks_and_marks_of_the_buyer_ask_nothing_of_the_agency(number: str) -> None:
    rating.revealed(number, 3, of_buyer=1)
    assert not Rectification.objects.exists()


def test_silence_about_a_rectification_is_overdue_and_said_once(number: str) -> None:
    rating.revealed(number, 2)
    rating.end_rectification()
    agency = play.contract(number).agency
    with pytest.raises(RectificationStep):
        evaluations.report_rectification(play.user_of(agency), agency, number, BUYER, "太晚了")
    assert do_due_evaluations() == 1
    assert do_due_evaluations() == 0
    assert Rectification.objects.get().status == RectificationStatus.OVERDUE


def test_while_a_mark_is_disputed_its_rectification_stands_still(number: str, regulator: User) -> None:
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    evaluations.dispute(play.user_of(agency), agency, number, BUYER, "与事实不符")
    rating.end_rectification()
    assert do_due_evaluations() == 0
    decide(regulator, number, BUYER, DisputeStatus.DISMISSED)
    assert Rectification.objects.get().due_at > database_now()
    evaluations.report_rectification(play.user_of(agency), agency, number, BUYER, "已补充。")
    assert Rectification.objects.get().status == RectificationStatus.REPORTED


def test_what_was_taken_out_of_the_account_need_not_be_put_right(number: str, regulator: User) -> None:
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    evaluations.dispute(play.user_of(agency), agency, number, BUYER, "与事实不符")
    decide(regulator, number, BUYER, DisputeStatus.UPHELD)
    rating.end_rectification()
    assert do_due_evaluations() == 0
    with pytest.raises(RectificationStep):
        evaluations.report_rectification(play.user_of(agency), agency, number, BUYER, "不必")


def test_the_facts_of_a_contract_played_to_its_end_make_the_platforms_part(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency
) -> None:
    number = play.quick_award(waterworks, waterworks_user, item, swift_agency, cast.yuan("90000.00"))
    play.sign(number)
    payment = play.transfer(play.due(number), "90000.00")
    actions.confirm_receipt(swift_agency.organisation, payment.pk, cast.yuan("90000.00"))
    assert do_due_evaluations() == 1
    rating.revealed(number)
    platform = Mark.objects.get(side=MarkSide.PLATFORM)
    assert platform.grades == {"changes": "1.0000", "on_time": "1.0000", "response": "1.0000"}
    assert rating.evaluation(number).x == 1


def test_reasons_are_kept_once_each(number: str) -> None:
    buyer = play.contract(number).buyer
    grades = dict.fromkeys(rating.DIMENSIONS["buyer"], 5)
    doubled = Said(grades, ["quality.sound", "fees.as_agreed", "quality.sound"])
    mark = evaluations.rate_agency(play.user_of(buyer), buyer, number, doubled)
    assert mark.reasons == ["fees.as_agreed", "quality.sound"]
