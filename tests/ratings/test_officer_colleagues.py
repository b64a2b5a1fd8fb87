"""Officers beside each other: what one sees of another's work, who hears that he came second, who has an interest."""

from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Membership, Organisation
from core.clock import database_now
from ratings.actions import exits
from ratings.models import AppealOutcome, ExitCase, Look, Measure, Step, Trigger
from ratings.queries.punctuality import lines
from ratings.rules import exit_refusals as refusals
from ratings.rules.exits import Ruling
from tests.contracts.play import upload
from tests.ratings.court import Court, let_pass

pytestmark = pytest.mark.django_db


def page(client: Client, court: Court, officer: int, case: ExitCase) -> str:
    client.force_login(court.officers[officer])
    return client.get(reverse("officer_case", args=[case.number])).content.decode()


def post(client: Client, court: Court, officer: int, case: ExitCase, verb: str, **data: object) -> str:
    client.force_login(court.officers[officer])
    answer = client.post(reverse("officer_act", args=[case.number, verb]), data)
    assert answer.status_code == 400
    return answer.content.decode()


def name(court: Court, officer: int) -> str:
    return str(court.officers[officer])


def test_who_comes_second_hears_who_came_first_and_when(client: Client, court: Court) -> None:
    case = court.noticed()
    told = post(client, court, 1, case, "notice", reasons="事实清楚")
    assert case.noticed_at is not None
    assert f"{name(court, 0)} 已在" in told
    assert "处理" in told
    assert 'data-testid="taken"' in told
    assert 'data-testid="taken"' not in post(client, court, 1, case, "decide", measure="warn", reasons="")


def test_who_comes_second_with_a_decision_a_dismissal_or_an_appeal_hears_it_too(client: Client, court: Court) -> None:
    case = court.open()
    exits.dismiss(court.officers[3], court.body, case.number, "数据有误")
    assert f"{name(court, 3)} 已在" in post(client, court, 1, case, "notice", reasons="x")
    case = court.decided(source="act:2")
    assert f"{name(court, 1)} 已在" in post(client, court, 2, case, "decide", measure="warn", reasons="x")
    exits.appeal(court.person, court.party, case.number, "不服")
    said = exits.Outcome(AppealOutcome.UPHELD, "维持")
    exits.decide_appeal(court.officers[4], court.body, case.number, said)
    told = post(client, court, 2, case, "decide_appeal", outcome="upheld", reasons="x")
    assert f"{name(court, 4)} 已在" in told


def test_nobody_is_told_that_he_came_after_himself(client: Client, court: Court) -> None:
    case = court.noticed()
    assert 'data-testid="taken"' not in post(client, court, 0, case, "notice", reasons="x")


def test_two_answers_to_one_request_for_repair(client: Client, court: Court) -> None:
    case = let_pass(court.in_force(), 50)
    repair = exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    exits.decide_repair(court.officers[3], court.body, repair.pk, "整改属实", granted=True)
    client.force_login(court.officers[2])
    answer = client.post(reverse("officer_repair", args=[repair.pk]), {"granted": "no", "opinion": "x"})
    assert f"{name(court, 3)} 已在" in answer.content.decode()


@pytest.mark.clause("P20.9")
def test_the_second_officer_reads_what_he_is_asked_to_agree_to(client: Client, court: Court) -> None:
    case = court.received(Measure.REMOVE)
    exits.defend(court.person, court.party, case.number, ["情节轻微"])
    let_pass(case, 30)
    ruling = Ruling(Measure.REMOVE, "伪造数据，情节严重。", months=24, answers=("多次发生，不予采纳",))
    exits.decide(court.officers[1], court.body, case.number, ruling)
    shown = page(client, court, 2, case)
    for said in ("清退 24 个月", "伪造数据，情节严重。", "多次发生，不予采纳", name(court, 1)):
        assert said in shown
    exits.second(court.officers[2], court.body, case.number, agrees=False, opinion="期限过长")
    shown = page(client, court, 3, case)
    assert "期限过长" in shown
    assert 'data-testid="ruling"' not in shown


def test_the_rule_and_what_may_be_decided_stand_beside_the_facts(client: Client, court: Court) -> None:
    shown = page(client, court, 0, court.open())
    assert "守约分低于 80 拟警示，低于 60 拟暂停，低于 40 拟清退。" in shown
    assert "暂停：1 至 6 个月，可以限定事项。" in shown
    assert "清退：1 至 3 年，须经第二人审议。" in shown


@pytest.mark.parametrize("trigger", list(Trigger))
def test_every_trigger_has_its_rule_in_words(client: Client, court: Court, trigger: Trigger) -> None:
    assert "拟" in page(client, court, 0, court.open(trigger=trigger))


def test_a_decision_is_not_offered_while_the_agency_may_answer(client: Client, court: Court) -> None:
    case = exits.ask_for_hearing(court.party, court.received(Measure.REMOVE).number)
    exits.set_hearing(court.officers[3], court.body, case.number, _in(7.1), "一号会议室")
    let_pass(case, 8)
    exits.hold_hearing(court.officers[3], court.body, case.number, "笔录")
    shown = page(client, court, 1, case)
    assert "期满前不能作出决定" in shown
    assert 'name="measure"' not in shown


def test_reading_a_defence_on_the_page_is_a_recorded_look(client: Client, court: Court) -> None:
    case = court.received()
    page(client, court, 2, case)
    assert not Look.objects.exists()
    exits.defend(court.person, court.party, case.number, ["客户名单见附件"], [upload().file])
    assert "客户名单见附件" in page(client, court, 2, case)
    [look] = Look.objects.all()
    assert (look.by, look.subject) == (court.officers[2], f"{case.number}-02")
    assert name(court, 2) in page(client, court, 0, case)


@pytest.mark.clause("I9")
def test_an_officer_who_belongs_to_the_agency_takes_no_step_against_it(court: Court) -> None:
    insider = court.officers[1]
    Membership.objects.create(user=insider, organisation=court.party)
    case = court.ripe()
    for step in (
        lambda: exits.decide(insider, court.body, case.number, Ruling(Measure.NONE, "x")),
        lambda: exits.order_interim(insider, court.body, case.number, "x"),
        lambda: exits.open_by_officer(insider, court.body, court.agency, Trigger.SERIOUS, "x", Measure.WARN),
    ):
        with pytest.raises(refusals.NotAnOfficer):
            step()
    case.refresh_from_db()
    assert case.step == Step.DECIDING


def test_officers_open_a_case_from_the_agencys_page_and_nobody_else(
    client: Client, court: Court, waterworks: Organisation
) -> None:
    at, door = f"/a/{court.agency.uscc}/", reverse("officer_open", args=[court.agency.uscc])
    assert door not in client.get(at).content.decode()
    client.force_login(court.person)
    assert door not in client.get(at).content.decode()
    client.force_login(court.officers[0])
    assert door in client.get(at).content.decode()


def test_the_inbox_says_why(client: Client, court: Court) -> None:
    court.open(Measure.REMOVE, trigger=Trigger.ESTABLISHED)
    client.force_login(court.officers[0])
    assert "主管机关认定的严重失信行为 · 清退" in client.get(reverse("console")).content.decode()


def test_punctuality_counts_reviews_repairs_and_reentries(court: Court) -> None:
    case = court.received()
    exits.order_interim(court.officers[0], court.body, case.number, "损害仍在继续")
    let_pass(case, 9)
    found = {str(row.label): row.line for row in lines(database_now())}
    assert found["复核暂时停止"].late == 1
    assert "审核信用修复" in found
    assert "审核重新入驻" in found


def _in(days: float) -> datetime:
    return database_now() + timedelta(days=days)
