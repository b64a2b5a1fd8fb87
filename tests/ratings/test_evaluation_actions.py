"""Rate, reveal, answer, dispute, put right: the verbs, with refusals beside successes (P19.5, R7)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Kind, Membership, Notice, Organisation, User
from agencies.models import Agency, Tie, TieNature
from contracts import actions
from contracts.models import Contract, ContractStatus
from contracts.rules.plan import PersonalInPublicText
from core.clock import database_now
from journal.models import Entry
from marketplace.models import Request, ServiceItem
from ratings.actions import evaluations
from ratings.actions.evaluations import Said
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import (
    Dispute,
    DisputeStatus,
    Evaluation,
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
    EvaluationOver,
    NotCompetent,
    NotEvaluable,
    NotRevealed,
    NotYourMark,
    RatedAlready,
    RectificationStep,
    ReplyOver,
    SaidAlready,
    TiedDepartment,
    WordsMissing,
)
from tests import cast
from tests.contracts import play
from tests.ratings import acting, rating

BUYER, AGENCY, DEPARTMENT = MarkSide.BUYER, MarkSide.AGENCY, MarkSide.DEPARTMENT


@pytest.fixture
def contract(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> Contract:
    return acting.finished(waterworks, waterworks_user, item, swift_agency)


@pytest.fixture
def number(contract: Contract, department: Organisation) -> str:
    """A finished contract whose round is open."""
    return rating.opened(contract)


@pytest.fixture
def department(db: None) -> Organisation:
    """The competent department of the contract's item and region."""
    body = cast.organisation(Kind.DEPARTMENT, "兰州市水务局", field="水利")
    cast.person("lanzhou@water.example", body)
    return body


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


def test_the_clock_opens_a_finished_contract_once(contract: Contract, department: Organisation) -> None:
    assert do_due_evaluations() == 1
    assert do_due_evaluations() == 0
    opened = rating.evaluation(contract.award.request.number or "")
    assert opened.closes_at > opened.opened_at
    [said] = play.said(contract.award.request.number or "", "evaluation.opened")
    assert said["departments"] == [{"name": department.name, "uscc": department.uscc}]
    told = set(Notice.objects.filter(subject__contains="合同已完成").values_list("organisation_id", flat=True))
    assert told == {contract.buyer_id, contract.agency_id, department.pk}


@pytest.mark.parametrize("status", [ContractStatus.SIGNED, ContractStatus.TERMINATED])
def test_only_a_finished_contract_is_evaluated(contract: Contract, status: ContractStatus) -> None:
    Contract.objects.update(status=status)
    assert do_due_evaluations() == 0
    with pytest.raises(NotEvaluable):
        rating.by_buyer(contract.award.request.number or "")


def test_while_money_is_back_nobody_rates(number: str) -> None:
    Contract.objects.update(status=ContractStatus.SIGNED)
    with pytest.raises(NotEvaluable):
        rating.by_buyer(number)
    Contract.objects.update(status=ContractStatus.COMPLETED)
    assert rating.by_buyer(number).x == 1


@pytest.mark.clause("P19.5")
def test_each_side_speaks_of_the_other_and_of_nobody_else(
    number: str, waterworks: Organisation, swift_agency: Agency, steady_agency: Agency
) -> None:
    for stranger in (swift_agency.organisation, steady_agency.organisation):
        with pytest.raises(NotYourMark):
            evaluations.rate_agency(play.user_of(stranger), stranger, number, rating.said("buyer"))
    for stranger in (waterworks, steady_agency.organisation):
        with pytest.raises(NotYourMark):
            evaluations.rate_buyer(play.user_of(stranger), stranger, number, rating.said("agency"))
    assert not Mark.objects.exists()


def test_a_side_rates_once(number: str) -> None:
    rating.by_buyer(number)
    with pytest.raises(RatedAlready):
        rating.by_buyer(number, 1, comment="改主意了")
    assert Mark.objects.get().x == 1


def test_no_phone_number_gets_into_public_words(number: str) -> None:
    with pytest.raises(PersonalInPublicText):
        rating.by_buyer(number, comment="请联系 13893112233 了解情况")
    assert not Mark.objects.exists()


def test_until_the_reveal_the_case_file_holds_a_commitment_only(number: str) -> None:
    rating.by_buyer(number, 2, comment="内容空泛")
    [given] = play.said(number, "evaluation.given")
    assert set(given) == {"by", "commitment"}
    assert (given["by"], len(given["commitment"])) == ("buyer", 64)
    assert rating.evaluation(number).x is None
    assert not Rating.objects.exists()


def test_when_both_have_rated_everything_is_revealed_and_enters_the_ledger(number: str, swift_agency: Agency) -> None:
    rating.by_buyer(number, 4)
    rating.by_agency(number, 2)
    [said] = play.said(number, "evaluation.revealed")
    assert {mark["by"] for mark in said["marks"]} == {"buyer", "agency", "platform"}
    assert said["parts"] == {"buyer": "0.7500", "platform": "1.0000"}
    assert said["x"] == "0.8214"
    taken = Rating.objects.get()
    assert (taken.agency_id, taken.x, taken.parts) == (swift_agency.pk, Decimal("0.8214"), said["parts"])
    kinds = Entry.objects.filter(case__name=f"A-{swift_agency.uscc}").values_list("kind", flat=True)
    assert "quality.rated" in kinds


def test_after_the_reveal_nobody_rates(number: str, department: Organisation) -> None:
    rating.revealed(number)
    with pytest.raises(EvaluationOver):
        rating.by_department(number, department)


def test_the_window_ends_with_one_side_alone(number: str) -> None:
    rating.by_buyer(number, 5)
    assert do_due_evaluations() == 0
    rating.end_window(number)
    with pytest.raises(EvaluationOver):
        rating.by_agency(number)
    # It reveals and, having slept through its time to remind, does not remind any more.
    assert do_due_evaluations() == 1
    assert do_due_evaluations() == 0
    assert rating.evaluation(number).x == 1


def test_nobody_rating_is_no_data(number: str) -> None:
    rating.end_window(number)
    do_due_evaluations()
    assert rating.evaluation(number).x is None
    assert play.said(number, "evaluation.revealed")[0]["x"] is None
    assert not Rating.objects.exists()


def test_the_agencys_mark_of_its_buyer_is_no_rating_of_itself(number: str) -> None:
    rating.by_agency(number, 1, comment="付款经多次催要")
    rating.end_window(number)
    do_due_evaluations()
    assert rating.evaluation(number).x is None
    assert not Rating.objects.exists()


def test_who_has_not_rated_is_reminded_once(number: str) -> None:
    rating.by_buyer(number)
    Evaluation.objects.update(closes_at=database_now() + (rating.evaluation(number).closes_at - database_now()) / 5)
    assert do_due_evaluations() == 1
    assert do_due_evaluations() == 0
    told = Notice.objects.filter(subject__contains="您还没有评价").values_list("organisation_id", flat=True)
    assert list(told) == [play.contract(number).agency_id]


def to_remind(number: str) -> list[int]:
    """A fifth of the window is left and a clock comes by; the departments it reminds."""
    Evaluation.objects.update(closes_at=database_now() + (rating.evaluation(number).closes_at - database_now()) / 5)
    assert do_due_evaluations() == 1
    assert do_due_evaluations() == 0
    told = Notice.objects.filter(subject__contains="贵部门还没有登记")
    return list(told.values_list("organisation_id", flat=True))


def test_the_competent_department_is_reminded_once_too(number: str, department: Organisation) -> None:
    assert to_remind(number) == [department.pk]
    told = Notice.objects.filter(subject__contains="您还没有评价")
    assert set(told.values_list("organisation_id", flat=True)) == {
        play.contract(number).agency_id,
        play.contract(number).buyer_id,
    }


def test_a_department_that_reported_the_outcome_is_not_reminded(number: str, department: Organisation) -> None:
    rating.by_department(number, department, Outcome.PASSED)
    assert to_remind(number) == []


def test_of_two_competent_departments_neither_is_reminded_once_one_reported(
    number: str, department: Organisation
) -> None:
    twin = cast.organisation(Kind.DEPARTMENT, "第二主管局", department.region_id, field=department.field)
    rating.by_department(number, department, Outcome.PASSED)
    assert to_remind(number) == []
    assert twin.pk != department.pk


def test_a_department_that_must_stand_back_is_not_reminded(
    number: str, department: Organisation, swift_agency: Agency
) -> None:
    Tie.objects.create(
        agency=swift_agency, department=department, nature=TieNature.AFFILIATED, declared_at=database_now()
    )
    assert to_remind(number) == []


@pytest.mark.clause("P19.5")
def test_the_competent_department_says_what_became_of_the_result(number: str, department: Organisation) -> None:
    rating.by_department(number, department, Outcome.RETURNED)
    rating.revealed(number)
    assert Rating.objects.get().parts == {"buyer": "1.0000", "department": "0.5000", "platform": "1.0000"}
    assert Rating.objects.get().x == Decimal("0.85")


def test_a_department_of_another_field_region_or_that_is_party_says_nothing(
    number: str, department: Organisation, river_bureau: Organisation, river_officer: User
) -> None:
    other = cast.organisation(Kind.DEPARTMENT, "兰州市自然资源局", field="自然资源")
    cast.person("land@lanzhou.example", other)
    for stranger in (river_bureau, other):
        with pytest.raises(NotCompetent):
            rating.by_department(number, stranger)


def test_a_department_that_buys_is_a_party_and_not_competent(
    item: ServiceItem, swift_agency: Agency, department: Organisation
) -> None:
    own = acting.finished(department, play.user_of(department), item, swift_agency)
    with pytest.raises(NotCompetent):
        rating.by_department(rating.opened(own), department)


def test_where_a_region_has_no_department_the_provinces_is_competent(number: str, department: Organisation) -> None:
    provincial = cast.organisation(Kind.DEPARTMENT, "甘肃省水利厅", "620000", field="水利")
    cast.person("water@gansu.example", provincial)
    with pytest.raises(NotCompetent):
        rating.by_department(number, provincial)
    Request.objects.filter(number=number).update(region_id="620800")
    with pytest.raises(NotCompetent):
        rating.by_department(number, department)
    assert rating.by_department(number, provincial).x == 1


def test_a_department_that_the_agency_is_tied_to_stands_back(
    number: str, department: Organisation, swift_agency: Agency
) -> None:
    tie = Tie.objects.create(
        agency=swift_agency, department=department, nature=TieNature.AFFILIATED, declared_at=database_now()
    )
    with pytest.raises(TiedDepartment):
        rating.by_department(number, department)
    Tie.objects.filter(pk=tie.pk).update(ended_at=database_now())
    assert rating.by_department(number, department).x == 1


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
