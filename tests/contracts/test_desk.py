"""The desk says what to do next, with its date, to whoever has to do it (UX §2.5, §2.13)."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from icalendar import Calendar

from accounts.models import Organisation, User
from accounts.tasks import calendar_token, tasks_of
from agencies.models import Agency
from contracts import actions
from contracts.clockwork import do_due_duties
from contracts.models import Contract, Delivery, Milestone, Payable
from core.clock import database_now
from marketplace.models import ServiceItem
from tests import cast
from tests.contracts import play

# An agency's desk with all that selections may ask of it, session and notices included; a buyer's takes fewer.
MOST_QUERIES = 38


def asked(organisation: Organisation) -> list[str]:
    return [task.what for task in tasks_of(organisation, database_now())]


def test_each_step_stands_on_the_desk_of_whoever_has_to_take_it(awarded: str) -> None:
    actions.draft_contract(awarded)
    one = play.contract(awarded)
    assert asked(one.buyer) == asked(one.agency) == ["确认合同文本"]
    play.sign(awarded)
    assert (asked(one.buyer), asked(one.agency)) == ([], ["交付第 1 期"])
    play.deliver(awarded)
    assert (asked(one.buyer), asked(one.agency)) == (["验收第 1 期"], [])
    play.accept(awarded)
    assert (asked(one.buyer), asked(one.agency)) == ([], ["登记第 1 期发票", "登记收款账户"])
    payable = play.invoiced(awarded)
    actions.set_account(play.user_of(one.agency), one.agency, "建设银行", "62001234567890")
    assert (asked(one.buyer), asked(one.agency)) == (["支付第 1 期款项"], [])
    payment = play.transfer(payable, "90000.00")
    assert (asked(one.buyer), asked(one.agency)) == ([], ["核对到账"])
    actions.confirm_receipt(one.agency, payment.pk, 9_000_000)
    assert asked(one.buyer) == asked(one.agency) == []


def test_a_part_that_was_announced_leaves_the_rest_to_pay(payable: Payable, number: str) -> None:
    one = play.contract(number)
    payment = play.transfer(payable, "40000.00")
    assert asked(one.buyer) == ["支付第 1 期款项"]
    play.transfer(payable, "50000.00")
    assert asked(one.buyer) == []
    actions.deny_receipt(one.agency, payment.pk, "没有到账")
    assert asked(one.buyer) == ["支付第 1 期款项"]


def test_a_dropped_milestone_needs_no_more_time(awarded: str) -> None:
    play.signed_in(awarded, ("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    one = play.contract(awarded)
    actions.ask_for_time(one.agency, awarded, 2, 5, "汛期")
    assert asked(one.buyer) == ["答复第 2 期的延期申请"]
    version = actions.propose_change(
        play.user_of(one.agency), one.agency, awarded, play.stages(("初稿", "30000.00", 10)), "范围缩小"
    )
    actions.confirm(play.user_of(one.buyer), one.buyer, awarded, version.sha256)
    assert asked(one.buyer) == []


def test_a_contract_late_to_sign_stands_on_the_regulators_desk(awarded: str, regulator: User) -> None:
    body = regulator.memberships.get().organisation
    actions.draft_contract(awarded)
    assert asked(body) == []
    Contract.objects.update(sign_due_at=database_now())
    assert asked(body) == ["合同逾期未签订"]


def test_a_change_and_more_time_ask_the_other_side(number: str) -> None:
    one = play.contract(number)
    actions.propose_change(play.user_of(one.buyer), one.buyer, number, play.stages(("成果", "80000.00", 20)), "缩减")
    assert "答复变更" in asked(one.agency)
    actions.ask_for_time(one.agency, number, 1, 5, "汛期")
    assert asked(one.buyer) == ["答复第 1 期的延期申请"]


def test_silence_puts_it_on_the_regulators_desk(number: str, regulator: User) -> None:
    body = regulator.memberships.get().organisation
    play.deliver(number)
    for expected in ([], [], ["采购人逾期未验收，作出决定：第 1 期"]):
        assert asked(body) == expected
        Delivery.objects.filter(due_at__isnull=False).update(due_at=database_now())
        do_due_duties()


def test_the_nearest_date_comes_first_and_what_is_overdue_is_marked(
    client: Client, awarded: str, waterworks_user: User
) -> None:
    play.signed_in(awarded, ("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    agency = play.contract(awarded).agency
    Milestone.objects.filter(n=2).update(due_at=database_now() - timedelta(days=1))
    assert asked(agency) == ["交付第 2 期", "交付第 1 期"]
    client.force_login(play.user_of(agency))
    page = client.get(reverse("desk")).content.decode()
    assert page.index("交付第 2 期") < page.index("已逾期") < page.index("交付第 1 期")


@pytest.mark.clause("P20.7")
def test_a_department_sees_what_is_left_of_its_budget_line(
    client: Client, public_number: str, river_bureau: Organisation, river_officer: User
) -> None:
    line = play.contract(public_number).budget_line
    client.force_login(river_officer)
    client.post(reverse("budget_line"), {"name": line, "total": "200000"})
    payable = play.due(public_number)
    actions.confirm_receipt(play.contract(public_number).agency, play.transfer(payable, "40000.00").pk, 4_000_000)
    page = client.get(reverse("desk")).content.decode()
    row = page[page.index('data-testid="budget-line"') :]
    for amount in ("¥200,000.00", "¥90,000.00", "¥40,000.00", "¥110,000.00"):
        assert amount in row
    assert play.said("P", "budget.line_set")[0]["total"] == "200000.00"


def test_a_buyers_record_of_paying_stands_on_its_requests(client: Client, number: str, payable: Payable) -> None:
    Payable.objects.update(due_at=database_now() - timedelta(seconds=1))
    do_due_duties()
    page = client.get(reverse("request_page", args=[number])).content.decode()
    assert "逾期未付 1 笔" in page


def test_thirty_contracts_cost_no_more_queries_than_two(
    client: Client, waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency
) -> None:
    def queries(user: User) -> int:
        client.force_login(user)
        client.get(reverse("desk"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("desk")).status_code == 200
        return len(seen)

    user = play.user_of(swift_agency.organisation)
    counts = []
    for many in (2, 28):
        for _ in range(many):
            number = play.quick_award(waterworks, waterworks_user, item, swift_agency, cast.yuan("1000.00"))
            play.sign(number)
            play.deliver(number)
        counts.append((queries(user), queries(waterworks_user)))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= MOST_QUERIES


@pytest.mark.parametrize(
    ("who", "first"), [("waterworks_user", "request_new"), ("swift", "desk_services"), ("regulator", "live_list")]
)
def test_whoever_has_nothing_to_do_is_offered_three_things(
    client: Client, request: pytest.FixtureRequest, swift_agency: Agency, who: str, first: str
) -> None:
    user = play.user_of(swift_agency.organisation) if who == "swift" else request.getfixturevalue(who)
    client.force_login(user)
    page = client.get(reverse("desk")).content.decode()
    offered = page[page.index('data-testid="first-actions"') :].split("</p>")[0]
    assert (offered.count("<a "), reverse(first) in offered) == (3, True)


def test_days_left_are_told_in_words(client: Client, number: str) -> None:
    Milestone.objects.update(due_at=database_now() + timedelta(days=9, hours=1))
    client.force_login(play.user_of(play.contract(number).agency))
    assert "还有 9 天" in client.get(reverse("desk")).content.decode()


def test_the_desks_dates_can_be_followed_in_a_calendar_without_signing_in(client: Client, number: str) -> None:
    agency = play.contract(number).agency
    address = reverse("desk_calendar", args=[calendar_token(agency)])
    [event] = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert event["summary"] == "交付第 1 期"
    assert event["dtstart"].dt == Milestone.objects.get().due_at.replace(microsecond=0)
    assert client.get(reverse("desk_calendar", args=["1:forged:token"])).status_code == 404
