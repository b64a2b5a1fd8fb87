"""Import of a bank statement and the reconciliation queue: nothing twice, nothing lost, nobody pays for the department."""

from datetime import date

from django.db import connection

import pytest

from contracts import actions
from contracts.models import BankLine, ContractStatus, LineRuling, Payable
from contracts.rules.matching import Verdict
from contracts.rules.payment import LineRuled, NothingToReturn, PayerOnStatementDiffers
from contracts.rules.statement import Line
from tests.committed import at_once
from tests.contracts import play


def line(amount: int, remark: str, payer: str = "陇中供水有限公司", mark: str = "a") -> Line:
    return Line(2, date(2026, 11, 23), amount, payer, "6222", remark, "", mark * 64)


def bring(number: str, *lines: Line) -> dict[Verdict, int]:
    agency = play.contract(number).agency
    return dict(actions.import_lines(play.user_of(agency), agency, lines))


def test_a_preview_writes_nothing(number: str, payable: Payable) -> None:
    [found] = actions.preview(play.contract(number).agency, [line(9_000_000, payable.code)])
    assert (found.verdict, found.takes) == (Verdict.EXACT, 9_000_000)
    assert not BankLine.objects.exists()
    assert play.owed(payable) == 9_000_000


def test_the_right_code_settles_and_the_same_file_again_does_nothing(number: str, payable: Payable) -> None:
    paid = line(9_000_000, f"服务费 {payable.code}")
    assert bring(number, paid) == {Verdict.EXACT: 1}
    assert play.contract(number).status == ContractStatus.COMPLETED
    assert bring(number, paid) == {Verdict.SEEN: 1}
    assert play.sums(number)["paid"] == 9_000_000


def test_a_line_is_the_transfer_that_was_announced(number: str, payable: Payable) -> None:
    play.transfer(payable, "40000.00")
    bring(number, line(4_000_000, payable.code))
    assert play.sums(number) == {
        "agreed": -9_000_000,
        "due": 5_000_000,
        "paid": 4_000_000,
        "payer": -4_000_000,
        "payee": 4_000_000,
    }
    assert payable.payments.count() == 1


def test_parts_and_too_much(number: str, payable: Payable) -> None:
    found = bring(number, line(8_000_000, payable.code, mark="a"), line(1_500_000, payable.code, mark="b"))
    assert found == {Verdict.PARTIAL: 1, Verdict.OVER: 1}
    assert play.sums(number)["suspense"] == 500_000


def test_a_wrong_code_waits_and_is_allocated_by_hand_once(number: str, payable: Payable) -> None:
    assert bring(number, line(9_000_000, payable.code[:-2] + "22")) == {Verdict.UNKNOWN_CODE: 1}
    waiting = BankLine.objects.get()
    agency = play.contract(number).agency
    actions.allocate_line(play.user_of(agency), agency, waiting.pk, payable.pk)
    assert play.contract(number).status == ContractStatus.COMPLETED
    with pytest.raises(LineRuled):
        actions.allocate_line(play.user_of(agency), agency, waiting.pk, payable.pk)


def test_what_is_not_ours_is_put_aside(number: str, payable: Payable) -> None:
    bring(number, line(123, "房租"))
    agency, waiting = play.contract(number).agency, BankLine.objects.get()
    actions.dismiss_line(play.user_of(agency), agency, waiting.pk, LineRuling.NOT_OURS, "房租")
    with pytest.raises(LineRuled):
        actions.dismiss_line(play.user_of(agency), agency, waiting.pk, LineRuling.NOT_OURS, "房租")


@pytest.mark.clause("P20.7", "I2")
def test_an_applicants_money_for_a_department_settles_nothing_and_goes_back(public_number: str) -> None:
    payable = play.due(public_number)
    bring(public_number, line(9_000_000, payable.code, payer="某建设单位"))
    assert play.sums(public_number) == {
        "agreed": -9_000_000,
        "due": 9_000_000,
        "payer": -9_000_000,
        "suspense": 9_000_000,
    }
    assert play.said(public_number, "payment.suspense") == [{"amount": "90000.00", "because": "other_payer"}]
    assert play.said(public_number, "payer.refused")[0]["attempt"] == "transfer"
    agency = play.contract(public_number).agency
    with pytest.raises(NothingToReturn):
        actions.allocate_suspense(agency, payable.pk, 9_000_000)
    actions.return_suspense(agency, public_number, 9_000_000, "非付款单位付款")
    assert play.sums(public_number) == {"agreed": -9_000_000, "due": 9_000_000}


@pytest.mark.clause("P20.7", "I2")
def test_nor_by_hand_and_the_attempt_is_on_record(public_number: str) -> None:
    payable = play.due(public_number)
    bring(public_number, line(9_000_000, "服务费", payer="某建设单位"))
    agency, waiting = play.contract(public_number).agency, BankLine.objects.get()
    with pytest.raises(PayerOnStatementDiffers):
        actions.allocate_line(play.user_of(agency), agency, waiting.pk, payable.pk)
    assert len(play.said(public_number, "payer.refused")) == 1
    assert BankLine.objects.get().ruling == LineRuling.WAITING


def test_no_bank_detail_enters_the_case_file(number: str, payable: Payable) -> None:
    bring(number, line(9_000_001, payable.code, payer="陇中供水有限公司"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(body, 'UTF8') FROM journal_entry")
        said = " ".join(body for (body,) in cursor.fetchall())
    assert payable.code not in said
    assert "6222" not in said


def test_two_imports_at_once_settle_once(transactional_db: None) -> None:
    from tests.contracts.stage import fill

    scene = fill(government=False)
    payable = Payable.objects.get(pk=scene["payable"])
    agency = play.contract(scene["number"]).agency
    user, lines = play.user_of(agency), [line(100_000, payable.code), line(77, "其他", mark="c")]
    results = at_once(*[lambda: dict(actions.import_lines(user, agency, lines))] * 4)
    assert sorted(result[Verdict.SEEN] for result in results if Verdict.SEEN in result) == [2, 2, 2], results
    assert play.sums(scene["number"])["paid"] == 100_000
