"""The doors of evaluation: who sees what before and after the reveal, and every form without scripts (UX 2.13)."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import pytest

from accounts.models import Kind, Organisation, User
from accounts.tasks import tasks_of
from agencies.models import Agency
from contracts.models import Contract
from core.clock import database_now
from marketplace.models import ServiceItem
from marketplace.timeline import label_of
from ratings.actions import evaluations
from ratings.entries import EvaluationEntry
from ratings.models import Dispute, DisputeStatus, Mark, MarkSide, Outcome, Rectification
from tests import cast
from tests.contracts import play
from tests.contracts.browse import Doors
from tests.ratings import acting, rating

SECRET = "第三章数据前后矛盾"


@pytest.fixture
def department(db: None) -> Organisation:
    body = cast.organisation(Kind.DEPARTMENT, "兰州市水务局", field="水利")
    cast.person("lanzhou@water.example", body)
    return body


@pytest.fixture
def number(contract: Contract, department: Organisation) -> str:
    return rating.opened(contract)


@pytest.fixture(autouse=True)
def _officers_need_no_second_factor(settings: Any) -> None:
    settings.DEMO_MODE = True


def at(number: str, path: str = "") -> str:
    return f"/r/{number}/evaluation/{path}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return body.decode()


def filled(side: str, grade: int = 5, comment: str = "") -> dict[str, Any]:
    said = rating.said(side, grade)
    grades = {f"grade_{name}": value for name, value in said.grades.items()}
    reasons = {f"why_{code.partition('.')[0]}": [code] for code in said.reasons}
    return {**grades, **reasons, "comment": comment}


def tasks(organisation: Organisation) -> list[str]:
    return [task.what for task in tasks_of(organisation, database_now()) if "/evaluation/" in task.href]


def test_there_is_no_page_before_a_contract_is_finished(client: Client, published_request: Any) -> None:
    assert client.get(at(published_request.number)).status_code == 404


@pytest.mark.clause("P19.5")
def test_before_the_reveal_nobody_but_who_said_it_reads_it(
    client: Client, number: str, operator: User, regulator: User, department: Organisation, third_agency: Agency
) -> None:
    rating.by_buyer(number, 2, comment=SECRET)
    one = play.contract(number)
    addresses = [
        at(number),
        f"/r/{number}/",
        f"/r/{number}/contract/",
        f"/r/{number}/record.json",
        f"/a/{one.agency.uscc}/",
        f"/a/{one.agency.uscc}/credit.json",
        f"/b/{one.buyer.uscc}/",
        f"/b/{one.buyer.uscc}/credit.json",
    ]
    readers = [None, play.user_of(one.agency), play.user_of(department), regulator, operator, third_agency.user]  # type: ignore[attr-defined]
    for reader in readers:
        client.logout()
        if reader is not None:
            client.force_login(reader)
        for address in addresses:
            shown = read(client, address)
            assert SECRET not in shown, (reader, address)
            assert "quality.errors" not in shown.partition('id="rate-form"')[0], (reader, address)
    client.force_login(regulator)
    for address in ("/desk/", "/regulator/", "/regulator/disputes/"):
        assert SECRET not in read(client, address)
    client.force_login(play.user_of(one.buyer))
    assert SECRET in read(client, at(number))


def test_before_the_reveal_the_record_holds_who_has_rated_and_no_more(client: Client, number: str) -> None:
    rating.by_buyer(number, 2, comment=SECRET)
    record = json.loads(read(client, f"/r/{number}/record.json"))
    [given] = [entry["data"] for entry in record["entries"] if entry["kind"] == "evaluation.given"]
    assert set(given) == {"by", "commitment"}


def test_the_reveal_shows_parts_grades_reasons_and_facts_to_everybody(
    client: Client, number: str, department: Organisation
) -> None:
    rating.by_department(number, department, Outcome.RETURNED)
    rating.revealed(number, 2, comment=SECRET)
    shown = read(client, at(number))
    for words in (
        SECRET,
        "数据或结论有错误",
        "不满意",
        "退回修改后通过",
        "甘水许可〔2026〕18 号",
        "合同变更",
        "0.4750",
    ):
        assert words in shown, words
    assert "<form" not in shown.partition("<main")[2]


def test_a_buyer_rates_with_a_preset_and_one_reason_without_scripts(client: Client, number: str) -> None:
    browser = Doors(client).acting_as(play.contract(number).buyer)
    preset = read(client, at(number, "?all=4"))
    assert preset.count('value="4" class') + preset.count("checked") >= 4
    grades = {f"grade_{name}": 4 for name in rating.DIMENSIONS["buyer"]}
    status, page = browser.send(at(number, "rate/"), **grades)
    assert (status, Mark.objects.count()) == (400, 0)
    assert "至少选择一个原因" in page
    status, page = browser.send(at(number, "rate/"), **grades, why_quality=["quality.sound"])
    assert status == 200
    assert "评价已提交" in page
    assert Mark.objects.get().x == rating.said("buyer", 4).grades["quality"] / 4 - 0.25


def test_what_was_typed_stays_when_something_is_wrong(client: Client, number: str) -> None:
    browser = Doors(client).acting_as(play.contract(number).buyer)
    status, page = browser.send(at(number, "rate/"), **filled("buyer", 1) | {"grade_manner": ""})
    assert status == 400
    assert page.count("checked") >= 6


def test_the_agency_rates_its_buyer_and_with_it_all_is_revealed(client: Client, number: str) -> None:
    rating.by_buyer(number)
    browser = Doors(client).acting_as(play.contract(number).agency)
    status, page = browser.send(at(number, "rate/"), **filled("agency", 3))
    assert status == 200
    assert "机构对采购人的评价" in page
    assert browser.send(at(number, "rate/"), **filled("agency", 3))[0] == 409


def test_the_department_finds_its_list_and_records_an_outcome(
    client: Client, number: str, department: Organisation, river_officer: User
) -> None:
    browser = Doors(client).acting_as(department)
    assert at(number) in read(client, "/desk/outcomes/")
    assert "登记成果审查结果" in tasks(department)
    status, _page = browser.send(at(number, "rate/"), outcome="refused", document="甘水退〔2026〕3 号", comment="")
    assert status == 400
    browser.send(at(number, "rate/"), outcome="passed", document="甘水许可〔2026〕18 号", comment="")
    assert Mark.objects.get().side == MarkSide.DEPARTMENT
    assert "已登记" in read(client, "/desk/outcomes/")
    assert "登记成果审查结果" not in tasks(department)
    client.force_login(river_officer)
    assert at(number) not in read(client, "/desk/outcomes/")


def test_who_has_no_side_finds_no_door(client: Client, number: str, third_agency: Agency, regulator: User) -> None:
    for stranger in (third_agency.organisation, regulator.memberships.get().organisation):
        browser = Doors(client).acting_as(stranger)
        assert browser.send(at(number, "rate/"), **filled("buyer"))[0] == 404
    assert client.get("/desk/outcomes/").status_code == 404
    assert client.post(at(number, "buyer/unheard_of/")).status_code == 404
    assert client.post(at(number, "nobody/reply/")).status_code == 404
    client.logout()
    assert client.post(at(number, "rate/")).status_code == 302


def test_reply_dispute_decision_and_rectification_through_the_page(
    client: Client, number: str, regulator: User
) -> None:
    rating.revealed(number, 2, comment=SECRET)
    one = play.contract(number)
    agency = Doors(client).acting_as(one.agency)
    assert {"可回应评价或提出争议", "报告整改情况"} <= set(tasks(one.agency))
    assert agency.send(at(number, "buyer/reply/"), text="")[0] == 400
    assert "资料迟交所致" in agency.send(at(number, "buyer/reply/"), text="资料迟交所致")[1]
    assert "待裁定" in agency.send(at(number, "buyer/dispute/"), text="与事实不符")[1]
    assert tasks(one.agency) == []
    officer = Doors(client).acting_as(regulator.memberships.get().organisation)
    assert "裁定评价争议" in tasks(regulator.memberships.get().organisation)
    assert at(number) in read(client, "/regulator/disputes/")
    assert 'data-testid="door-decide"' in read(client, at(number))
    officer.send(at(number, "buyer/decide/"), verdict="dismissed", text="有验收记录为证")
    assert Dispute.objects.get().status == DisputeStatus.DISMISSED
    assert "没有待裁定的争议" in read(client, "/regulator/disputes/")
    agency = Doors(client).acting_as(one.agency)
    agency.send(at(number, "buyer/report/"), text="已重算第三章")
    buyer = Doors(client).acting_as(one.buyer)
    assert tasks(one.buyer) == ["确认整改结果"]
    _status, page = buyer.send(at(number, "buyer/judge/"), confirmed="yes", text="属实")
    assert "已整改" in page
    assert Rectification.objects.get().verdict == "属实"


def test_doors_of_others_are_refused_with_their_words_kept(client: Client, number: str) -> None:
    rating.revealed(number, 2)
    buyer = Doors(client).acting_as(play.contract(number).buyer)
    status, page = buyer.send(at(number, "buyer/reply/"), text="自问自答")
    assert status == 400
    assert "不是可以办理这一步的一方" in page


def test_officers_decide_with_a_second_factor_only(client: Client, number: str, regulator: User, settings: Any) -> None:
    settings.DEMO_MODE = False
    rating.revealed(number, 2)
    agency = play.contract(number).agency
    evaluations.dispute(play.user_of(agency), agency, number, MarkSide.BUYER, "与事实不符")
    client.force_login(regulator)
    answer = client.post(at(number, "buyer/decide/"), {"verdict": "upheld", "text": "属实"})
    assert answer.status_code == 302
    assert Dispute.objects.get().status == DisputeStatus.FILED


def test_the_contract_page_invites_and_then_tells(client: Client, number: str, contract: Contract) -> None:
    client.force_login(play.user_of(contract.buyer))
    assert "去评价" in read(client, f"/r/{number}/contract/")
    assert tasks(contract.buyer) == tasks(contract.agency) == ["评价对方"]
    rating.by_buyer(number)
    assert "去评价" not in read(client, f"/r/{number}/contract/")
    assert tasks(contract.buyer) == []
    rating.by_agency(number)
    client.logout()
    assert "查看全部评价" in read(client, f"/r/{number}/contract/")


def test_every_kind_of_entry_has_a_name_on_the_timeline(client: Client, number: str) -> None:
    assert all(label_of(kind) != kind for kind in EvaluationEntry)
    rating.revealed(number)
    shown = read(client, f"/r/{number}/contract/")
    for words in ("开始评价", "一方已评价（公开前保密）", "评价公开"):
        assert words in shown
    assert "采购人" in shown


def test_the_page_reads_in_english(client: Client, number: str) -> None:
    rating.revealed(number, 2)
    assert client.get(at(number), headers={"accept-language": "en"}).status_code == 200


def test_tasks_cost_the_same_queries_however_many_there_are(
    number: str,
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    swift_agency: Agency,
    regulator: User,
) -> None:
    body = regulator.memberships.get().organisation
    everyone = [waterworks, swift_agency.organisation, body, Organisation.objects.get(kind=Kind.DEPARTMENT)]

    def disputed(one: str) -> None:
        rating.revealed(one, 2)
        agency = play.contract(one).agency
        evaluations.dispute(play.user_of(agency), agency, one, MarkSide.BUYER, "与事实不符")

    def again() -> str:
        return rating.opened(acting.finished(waterworks, waterworks_user, item, swift_agency))

    def queries(organisation: Organisation) -> int:
        with CaptureQueriesContext(connection) as seen:
            list(tasks_of(organisation, database_now()))
        return len(seen)

    counts = []
    for many in (1, 4):
        for _ in range(many):
            disputed(again())
            rating.revealed(again(), 2)
            again()
        counts.append([queries(one) for one in everyone])
    assert counts[0] == counts[1]
