"""Contract, change, delivery and money as OCDS: milestones, amendments, transactions, and what came back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts import actions
from contracts.models import VersionStatus
from opendata.rows import from_ocds
from opendata.rules.course import Line
from opendata.rules.merging import compiled
from opendata.rules.releases import RULES, releases
from opendata.rules.shapes import Facts
from tests import cast
from tests.contracts import play
from tests.opendata import checks


@pytest.fixture
def number(auction, swift_agency) -> str:
    """Swift won at 90,000 yuan; signed with 30,000 and 60,000."""
    number = play.award(auction, swift_agency)
    play.signed_in(number, ("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    return number


def change(number: str, *parts: tuple[str, str, int]) -> None:
    one = play.contract(number)
    actions.propose_change(play.user_of(one.buyer), one.buyer, number, play.stages(*parts), "新增两处取土场")
    version = one.versions.get(status=VersionStatus.OPEN)
    actions.confirm(play.user_of(one.agency), one.agency, number, version.sha256)


@pytest.mark.django_db
def test_a_signed_contract_has_its_milestones_and_the_hash_of_its_text(number):
    [contract] = checks.compiled(number)["contracts"]
    assert (contract["status"], contract["awardID"]) == ("active", f"{number}-A1")
    assert [(one["title"], one["value"]["amount"], one["status"]) for one in contract["milestones"]] == [
        ("初稿", 30000, "scheduled"),
        ("报告书", 60000, "scheduled"),
    ]
    assert contract["period"]["endDate"] == contract["milestones"][1]["dueDate"]
    assert contract["documents"][0]["documentType"] == "contractSigned"
    assert "url" not in contract["documents"][0]


@pytest.mark.django_db
def test_a_change_is_an_amendment_with_both_prices_and_a_milestone_that_is_dropped_is_not_met(number):
    change(number, ("报告书", "70000.00", 25))
    [contract] = checks.compiled(number)["contracts"]
    [amendment] = contract["amendments"]
    assert (amendment["rationale"], amendment["formerValue"]["amount"], amendment["value"]["amount"]) == (
        "新增两处取土场",
        90000,
        70000,
    )
    assert contract["value"]["amount"] == 70000
    assert [one["status"] for one in contract["milestones"]] == ["scheduled", "notMet"]


@pytest.mark.django_db
def test_delivery_acceptance_and_payment_are_its_implementation(number, swift_agency):
    payable = play.due(number)
    play.account(swift_agency.organisation)
    payment = play.transfer(payable, "30000.00")
    actions.confirm_receipt(swift_agency.organisation, payment.pk, cast.yuan("30000.00"))
    [contract] = checks.compiled(number)["contracts"]
    assert [one["status"] for one in contract["milestones"]] == ["met", "scheduled"]
    delivered = play.said(number, "delivery.made")[0]["files"][0]["sha256"]
    assert contract["implementation"]["documents"][0]["id"] == delivered
    [transaction] = contract["implementation"]["transactions"]
    assert transaction["value"] == {"amount": 30000, "currency": "CNY"}
    assert transaction["payee"]["id"] == f"CN-USCI-{swift_agency.uscc}"
    tags = [tag for one in checks.judged(number) for tag in one["tag"]]
    assert tags.count("implementation") == 1
    assert tags.count("implementationUpdate") == 2


@pytest.mark.django_db
def test_a_contract_performed_to_the_end_is_terminated_and_its_row_says_what_was_paid(number, swift_agency):
    play.account(swift_agency.organisation)
    for n, amount in ((1, "30000.00"), (2, "60000.00")):
        payment = play.transfer(play.due(number, n), amount)
        actions.confirm_receipt(swift_agency.organisation, payment.pk, cast.yuan(amount))
    found = checks.compiled(number)
    assert found["contracts"][0]["status"] == "terminated"
    row = from_ocds(found)
    assert row.contracts[0].payments is not None
    assert row.contracts[0].payments.amount == 90000
    assert row.winners == (f"CN-USCI-{swift_agency.uscc}",)
    assert row.contracts[0].delivered_at is not None


# From here on without a database: the mapping alone.

FACTS = Facts("GS-2026-000001", "ocds-000000", "https://market.example", {"620100": "兰州市"})
START = datetime(2026, 11, 2, 1, tzinfo=UTC)
WINNER = {"label": "青松", "name": "迅达咨询有限公司", "uscc": "91620100MA0000001X"}
NOTICE: dict[str, Any] = {
    "title": "水土保持方案",
    "item": {"code": "GS-01", "name": "水土保持方案编制"},
    "buyer": {"name": "陇中供水有限公司", "uscc": "91620100MA0000002X", "kind": "enterprise"},
    "payer": {"name": "陇中供水有限公司", "uscc": "91620100MA0000002X"},
    "region": "620100",
    "scope": "编制方案",
    "deliverables": "报告书",
    "materials": "",
    "term_workdays": 20,
    "method": "live",
    "ceiling": "100000.00",
    "public_funds": False,
    "budget_line": "",
    "cited_law": "",
    "enrol_until": "2026-11-05T10:00:00.000Z",
    "selects_at": "2026-11-06T01:00:00.000Z",
    "attachments": [],
    "forerunner": None,
}
AWARD = {"winner": WINNER, "amount": "90000.00", "rule": "live", "standstill_until": "2026-11-10T10:00:00.000Z"}
DRAFTED = {"price": "90000.00"}
SIGNED = {
    "version": 1,
    "sha256": "0" * 64,
    "price": "90000.00",
    "milestones": [{"n": 1, "name": "报告书", "amount": "90000.00", "due": "2026-12-10T10:00:00.000Z"}],
}
MONEY = {"payment": 1, "payable": 1, "method": "stripe"}


def story(*said: tuple[str, dict[str, Any]], step: timedelta = timedelta(hours=1)) -> list[Line]:
    whole = (
        ("request.published", NOTICE),
        ("award.published", AWARD),
        ("contract.drafted", DRAFTED),
        ("contract.signed", SIGNED),
        *said,
    )
    return [Line(n, START + step * n, kind, data) for n, (kind, data) in enumerate(whole, 1)]


def told(*said: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    found = list(releases(FACTS, story(*said)))
    assert compiled(found) == checks.merged(found)
    return found


def contract(found: list[dict[str, Any]]) -> dict[str, Any]:
    one: dict[str, Any] = compiled(found)["contracts"][0]
    return one


def test_a_refund_goes_from_the_agency_to_the_payer() -> None:
    found = told(
        ("payment.paid", {**MONEY, "amount": "90000.00"}), ("payment.refunded", {**MONEY, "amount": "5000.50"})
    )
    paid, back = contract(found)["implementation"]["transactions"]
    assert back["payer"] == paid["payee"] == {"id": f"CN-USCI-{WINNER['uscc']}", "name": WINNER["name"]}
    assert back["value"]["amount"] == 5000.5
    payments = from_ocds(compiled(found)).contracts[0].payments
    assert payments is not None
    assert str(payments.amount) == "84999.5"


@pytest.mark.parametrize(
    ("kind", "data", "left"),
    [
        ("payment.refund_failed", {"amount": "5000.00"}, 95000),
        ("payment.disputed", {"amount": "5000.00", "won": False}, 85000),
        ("payment.disputed", {"amount": "5000.00", "won": True}, 95000),
    ],
)
def test_money_that_comes_and_goes_again(kind: str, data: dict[str, Any], left: int) -> None:
    found = told(("payment.paid", {**MONEY, "amount": "90000.00"}), (kind, {**MONEY, **data}))
    payments = from_ocds(compiled(found)).contracts[0].payments
    assert payments is not None
    assert payments.amount == left


def test_a_contract_that_is_owed_again_is_active_again() -> None:
    found = told(("contract.completed", {}), ("contract.reopened", {"because": "refund"}))
    assert contract(found)["status"] == "active"


def test_an_unsigned_contract_falls_with_its_award() -> None:
    lines = [
        one
        for one in story(("award.declined", {"label": "青松", "reason": "人员不足"}))
        if one.kind != "contract.signed"
    ]
    assert contract(list(releases(FACTS, lines)))["status"] == "cancelled"


def test_a_returned_delivery_keeps_its_milestone_scheduled_and_a_later_one_meets_it() -> None:
    file = {"sha256": "a" * 64, "size": 3, "confidential": "含涉密坐标"}
    made = {"milestone": 1, "version": 1, "files": [file], "late": False, "acceptance_due": "2026-12-01T00:00:00.000Z"}
    returned = told(("delivery.made", made), ("acceptance.decided", {"milestone": 1, "verdict": "returned"}))
    assert contract(returned)["milestones"][0]["status"] == "scheduled"
    assert "dateMet" not in contract(returned)["milestones"][0]
    found = told(
        ("delivery.made", made),
        ("acceptance.decided", {"milestone": 1, "verdict": "returned"}),
        ("delivery.made", {**made, "version": 2}),
        ("acceptance.decided", {"milestone": 1, "verdict": "accepted"}),
    )
    milestone = contract(found)["milestones"][0]
    assert (milestone["status"], milestone["dateMet"]) == ("met", found[-2]["date"])
    document = contract(found)["implementation"]["documents"][0]
    assert (document["title"], "url" in document) == ("不公开文件", False)


def test_entries_of_one_moment_keep_their_order_for_whoever_sorts_by_date() -> None:
    found = list(releases(FACTS, story(("contract.completed", {}), step=timedelta(0))))
    dates = [one["date"] for one in found]
    assert dates == sorted(set(dates))
    assert dates[0].endswith(".000000Z")
    assert dates[-1].endswith(f".{len(dates) - 1:06d}Z")
    assert compiled(found) == checks.merged(found)


def test_what_changes_no_procurement_yields_no_release() -> None:
    assert "offer.sealed" not in RULES
    assert len(told(("proxy.set", {"label": "青松", "commitment": "00"}), ("acceptance.reminded", {}))) == 4


def test_every_rule_is_of_a_kind_that_some_package_writes() -> None:
    from bidding.entries import Kind as Bidding
    from contracts.entries import Kind as Contracts
    from marketplace.entries import Kind as Marketplace

    assert set(RULES) <= {str(kind) for kinds in (Bidding, Contracts, Marketplace) for kind in kinds}
