"""Rate, reveal and say what became of the result: the verbs, with refusals beside successes (P19.5, R7)."""

from decimal import Decimal

import pytest

from accounts.models import Kind, Notice, Organisation, User
from agencies.models import Agency, Tie, TieNature
from contracts.models import Contract, ContractStatus
from contracts.rules.plan import PersonalInPublicText
from core.clock import database_now
from journal.models import Entry
from marketplace.models import Request, ServiceItem
from ratings.actions import evaluations
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import (
    Evaluation,
    Mark,
    MarkSide,
    Outcome,
    Rating,
)
from ratings.rules.evaluation_refusals import (
    EvaluationOver,
    NotCompetent,
    NotEvaluable,
    NotYourMark,
    RatedAlready,
    TiedDepartment,
)
from tests import cast
from tests.contracts import play
from tests.ratings import acting, rating

BUYER, AGENCY, DEPARTMENT = MarkSide.BUYER, MarkSide.AGENCY, MarkSide.DEPARTMENT


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
    rating.moved(Request.objects.filter(number=number), "620800")
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
