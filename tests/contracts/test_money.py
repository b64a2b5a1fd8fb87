"""Invoice, bank transfer, what arrives and what does not: the ledger follows, to the fen."""

import uuid
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction

import pytest

from accounts.models import Organisation
from agencies.models import Agency
from contracts import actions
from contracts.clockwork import do_due_duties
from contracts.models import Contract, ContractStatus, Movement, Payable, Posting
from contracts.queries import payment_record
from contracts.rules.payment import (
    AmountNotPayable,
    InvoicedAlready,
    InvoiceNumberWrong,
    NothingDue,
    NothingToReturn,
    NotInvoicedYet,
    NotThePayee,
    NotThePayer,
    PaymentStep,
)
from contracts.rules.plan import PersonalInPublicText
from core.clock import BEIJING, database_now
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.contracts import play


def test_it_is_due_thirty_days_after_the_invoice(number: str) -> None:
    play.deliver(number)
    play.accept(number)
    agency, payable = play.contract(number).agency, Payable.objects.get()
    with pytest.raises(NotInvoicedYet):
        play.transfer(payable, "90000.00")
    with pytest.raises(InvoiceNumberWrong):
        actions.invoice(agency, payable.pk, "123")
    done = actions.invoice(agency, payable.pk, "26622000000012345678")
    assert done.due_at is not None
    today = database_now().astimezone(BEIJING).date()
    assert done.due_at.astimezone(BEIJING).date() == today + timedelta(days=30)
    with pytest.raises(InvoicedAlready):
        actions.invoice(agency, payable.pk, "26622000000012345678")


def test_announced_then_confirmed_completes_contract_and_request(number: str, payable: Payable) -> None:
    payment = play.transfer(payable, "90000.00")
    assert play.sums(number) == {"agreed": -9_000_000, "pending": 9_000_000}
    actions.confirm_receipt(play.contract(number).agency, payment.pk, 9_000_000)
    assert play.sums(number) == {"agreed": -9_000_000, "paid": 9_000_000, "payer": -9_000_000, "payee": 9_000_000}
    assert play.contract(number).status == ContractStatus.COMPLETED
    assert Request.objects.get(number=number).status == RequestStatus.COMPLETED
    assert play.kinds(number)[-3:] == ["payment.started", "payment.paid", "contract.completed"]


def test_the_same_press_is_the_same_payment(number: str, payable: Payable) -> None:
    key = uuid.uuid4()
    first = play.transfer(payable, "40000.00", key=key)
    assert play.transfer(payable, "40000.00", key=key) == first
    assert play.sums(number)["pending"] == 4_000_000


def test_paying_in_parts(number: str, payable: Payable) -> None:
    agency = play.contract(number).agency
    for part in ("40000.00", "50000.00"):
        actions.confirm_receipt(agency, play.transfer(payable, part).pk, cast.yuan(part))
    assert play.contract(number).status == ContractStatus.COMPLETED
    with pytest.raises(NothingDue):
        play.transfer(payable, "1.00")


def test_less_than_announced_leaves_the_rest_due(number: str, payable: Payable) -> None:
    payment = play.transfer(payable, "90000.00")
    actions.confirm_receipt(play.contract(number).agency, payment.pk, 8_999_000)
    assert play.owed(payable) == 1_000
    with pytest.raises(PaymentStep):
        actions.confirm_receipt(play.contract(number).agency, payment.pk, 1_000)


def test_too_much_waits_in_suspense_and_keeps_the_contract_open_until_it_went_back(
    number: str, payable: Payable
) -> None:
    agency = play.contract(number).agency
    actions.confirm_receipt(agency, play.transfer(payable, "90500.00").pk, 9_050_000)
    assert play.sums(number)["suspense"] == 50_000
    assert play.contract(number).status == ContractStatus.SIGNED
    with pytest.raises(NothingToReturn):
        actions.return_suspense(agency, number, 50_001, "多付")
    actions.return_suspense(agency, number, 50_000, "多付")
    assert play.contract(number).status == ContractStatus.COMPLETED
    assert play.said(number, "payment.returned") == [{"amount": "500.00"}]


def test_too_much_for_one_can_settle_another(awarded: str) -> None:
    play.signed_in(awarded, ("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    first, second = play.due(awarded, 1), play.due(awarded, 2)
    agency = play.contract(awarded).agency
    actions.confirm_receipt(agency, play.transfer(first, "35000.00").pk, 3_500_000)
    actions.allocate_suspense(agency, second.pk, 500_000)
    assert play.owed(second) == 5_500_000
    actions.confirm_receipt(agency, play.transfer(second, "55000.00").pk, 5_500_000)
    assert play.contract(awarded).status == ContractStatus.COMPLETED


def test_what_did_not_arrive_is_due_again(number: str, payable: Payable) -> None:
    payment = play.transfer(payable, "90000.00")
    with pytest.raises(PersonalInPublicText):
        actions.deny_receipt(play.contract(number).agency, payment.pk, "账户 6222 0227 0300 1234 567 无此入账")
    actions.deny_receipt(play.contract(number).agency, payment.pk, "账户无此入账")
    assert play.sums(number) == {"agreed": -9_000_000, "due": 9_000_000}
    assert play.said(number, "payment.failed")[0]["reason"] == "not_received"


def test_only_the_payee_says_what_arrived(number: str, payable: Payable, waterworks: Organisation) -> None:
    payment = play.transfer(payable, "90000.00")
    with pytest.raises(NotThePayee):
        actions.confirm_receipt(waterworks, payment.pk, 9_000_000)
    with pytest.raises(AmountNotPayable):
        actions.confirm_receipt(play.contract(number).agency, payment.pk, 0)


@pytest.mark.clause("P20.7", "I2")
def test_nobody_pays_for_the_payer_and_the_attempt_is_on_record(
    public_number: str, waterworks: Organisation, steady_agency: Agency
) -> None:
    payable = play.due(public_number)
    for stranger in (waterworks, steady_agency.organisation):
        user = play.user_of(stranger) if stranger.memberships.exists() else play.user_of(steady_agency.organisation)
        with pytest.raises(NotThePayer):
            actions.announce_transfer(user, stranger, payable.pk, uuid.uuid4(), 100, date(2026, 11, 23))
    assert [one["by"]["name"] for one in play.said(public_number, "payer.refused")] == [
        waterworks.name,
        steady_agency.organisation.name,
    ]
    assert play.sums(public_number) == {"agreed": -9_000_000, "due": 9_000_000}


@pytest.mark.clause("P20.7", "I2")
def test_payer_and_budget_line_cannot_be_changed_by_any_sql(public_number: str, waterworks: Organisation) -> None:
    for model, where in ((Request, {"number": public_number}), (Contract, {"award__request__number": public_number})):
        found = model.objects.filter(pk=model.objects.get(**where).pk)
        for change in ({"payer": waterworks}, {"budget_line": "其他"}):
            with pytest.raises(IntegrityError, match="payer"), transaction.atomic():
                found.update(**change)


def test_not_paid_in_time_is_a_fact_about_the_buyer(number: str, payable: Payable, waterworks: Organisation) -> None:
    Payable.objects.update(due_at=database_now() - timedelta(seconds=1))
    assert do_due_duties() == 1
    assert do_due_duties() == 0
    assert play.said(number, "payment.overdue")[0]["amount"] == "90000.00"
    assert payment_record(waterworks) == {"in_time": 0, "late": 0, "overdue": 1}
    actions.confirm_receipt(play.contract(number).agency, play.transfer(payable, "90000.00").pk, 9_000_000)
    assert payment_record(waterworks) == {"in_time": 0, "late": 1, "overdue": 0}


def test_the_ledger_cannot_be_edited_emptied_or_unbalanced(number: str, payable: Payable) -> None:
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing of the fixtures is still pending
    posting, movement = Posting.objects.first(), Movement.objects.first()
    assert posting is not None
    assert movement is not None
    for table in ("contracts_posting", "contracts_movement"):
        for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                connection.cursor().execute(sql)
    for postings, why in (
        ({"due": 100}, "ledger_unbalanced"),
        ({"due": -100, "payee": 100}, "ledger_unbalanced"),
        ({"pending": -1, "due": 1}, "ledger_overdrawn"),
        ({"due": -9_000_001, "undue": 9_000_001}, "ledger_overdrawn"),
        ({"due": -1, "paid": 1}, "ledger_unbalanced"),
    ):
        with pytest.raises(IntegrityError, match=why):
            write_by_hand(payable, postings)


@transaction.atomic
def write_by_hand(payable: Payable, postings: dict[str, int]) -> None:
    """A movement past the actions, as a mistake or an intruder would write it."""
    wrong = Movement.objects.create(contract=payable.contract, kind="started", payable=payable, at=database_now())
    Posting.objects.bulk_create([Posting(movement=wrong, account=a, amount=n) for a, n in postings.items()])


def test_no_contract_is_completed_with_money_or_deliverables_open(number: str) -> None:
    Contract.objects.update(status=ContractStatus.COMPLETED, completed_at=database_now())
    with pytest.raises(IntegrityError, match="completed_with"):
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
