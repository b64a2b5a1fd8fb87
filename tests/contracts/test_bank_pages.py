"""The payee's pages: account, statements, and the queue; and a department's budget lines."""

import io
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import pytest
import xlsxwriter
from cryptography.fernet import Fernet, InvalidToken

from accounts.models import Notice
from agencies.models import Agency
from contracts import actions
from contracts.models import BankLine, BudgetLine, LineRuling, Payable, PayeeAccount
from tests import cast
from tests.contracts import play
from tests.contracts.browse import Doors

QUEUE, IMPORT = "/desk/bank/", "/desk/bank/import/"
BUYER = "陇中供水有限公司"


@pytest.fixture
def doors(client: Client, swift_agency: Agency) -> Doors:
    """Signed in as the payee."""
    return Doors(client).acting_as(swift_agency.organisation)


def statement(*lines: tuple[str, str, str]) -> SimpleUploadedFile:
    """`(amount, payer, remark)`, … as a bank exports them."""
    rows = [
        "交易日期,收入金额,对方户名,附言",
        *(f"2026-11-23,{amount},{payer},{text}" for amount, payer, text in lines),
    ]
    return SimpleUploadedFile("流水.csv", "\n".join(rows).encode())


def workbook(*lines: tuple[str, str, str]) -> SimpleUploadedFile:
    """The same as XLSX."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["交易日期", "收入金额", "对方户名", "附言"])
        for row, (amount, payer, text) in enumerate(lines, 1):
            sheet.write_row(row, 0, ["2026-11-23", float(amount), payer, text])
    return SimpleUploadedFile("流水.xlsx", out.getvalue())


def key_of(shown: str) -> str:
    return shown.partition('name="key" value="')[2].partition('"')[0]


@pytest.mark.parametrize("exported", [statement, workbook])
def test_a_statement_is_shown_first_and_taken_in_on_the_second_press(
    doors: Doors, payable: Payable, exported: Callable[..., SimpleUploadedFile]
) -> None:
    lines = (("90000.00", BUYER, f"服务费 {payable.code}"), ("12.00", "路人甲", "利息"))
    status, shown = doors.send(IMPORT, file=exported(*lines))
    assert (status, "与应付款一致" in shown, "没有附言码" in shown) == (200, True, True)
    assert not BankLine.objects.exists()
    assert play.owed(payable) == cast.yuan("90000")
    status, shown = doors.send(IMPORT, key=key_of(shown))
    assert (status, "已入账 1 笔，待核对 1 笔，此前已导入 0 笔" in shown) == (200, True)
    assert play.owed(payable) == 0
    assert "路人甲" in shown


def test_the_same_statement_again_takes_nothing_in(doors: Doors, payable: Payable) -> None:
    line = ("90000.00", BUYER, payable.code)
    doors.send(IMPORT, key=key_of(doors.send(IMPORT, file=statement(line))[1]))
    status, shown = doors.send(IMPORT, file=statement(line))
    assert (status, "此前已导入" in shown) == (200, True)
    assert "已入账 0 笔，待核对 0 笔，此前已导入 1 笔" in doors.send(IMPORT, key=key_of(shown))[1]
    assert BankLine.objects.count() == 1


def test_a_preview_is_its_organisations_own_and_does_not_last(
    doors: Doors, payable: Payable, swift_agency: Agency, third_agency: Agency
) -> None:
    key = key_of(doors.send(IMPORT, file=statement(("90000.00", BUYER, payable.code)))[1])
    doors.acting_as(third_agency.organisation)
    assert "预览已过期" in doors.send(IMPORT, key=key)[1]
    cache.clear()
    doors.acting_as(swift_agency.organisation)
    assert "预览已过期" in doors.send(IMPORT, key=key)[1]
    assert not BankLine.objects.exists()


def test_a_preview_outlasts_a_busy_quarter_of_an_hour(doors: Doors, payable: Payable) -> None:
    key = key_of(doors.send(IMPORT, file=statement(("90000.00", BUYER, payable.code)))[1])
    for client in range(700):
        cache.set(f"rl:{client}", 1, 60)
    assert "已入账 1 笔" in doors.send(IMPORT, key=key)[1]


def test_what_is_kept_of_a_preview_can_only_be_read_with_the_pages_key(doors: Doors, payable: Payable) -> None:
    with patch.object(cache, "set", wraps=cache.set) as kept:
        key = key_of(doors.send(IMPORT, file=statement(("90000.00", BUYER, payable.code)))[1])
    place, sealed = next(call.args[:2] for call in kept.call_args_list if "bank-import" in call.args[0])
    assert key not in place
    assert Fernet(key).decrypt(sealed)
    with pytest.raises(InvalidToken):
        Fernet(Fernet.generate_key()).decrypt(sealed)
    for wrong in (Fernet.generate_key().decode(), "no key at all"):
        assert "预览已过期" in doors.send(IMPORT, key=wrong)[1]


def test_what_is_no_statement_is_refused_in_words(doors: Doors) -> None:
    for upload, words in (
        (SimpleUploadedFile("x.csv", b"a,b\n1,2\n"), "没有找到表头"),
        (SimpleUploadedFile("x.xlsx", b"PK\x03\x04nonsense"), "无法读取该流水文件"),
    ):
        status, shown = doors.send(IMPORT, file=upload)
        assert (status, words in shown) == (400, True)
    assert doors.send(IMPORT)[0] == 400


@pytest.fixture
def waiting(doors: Doors, payable: Payable, swift_agency: Agency) -> BankLine:
    """A line whose code was mistyped."""
    wrong = payable.code[:-1] + ("2" if payable.code[-1] != "2" else "3")
    doors.send(IMPORT, key=key_of(doors.send(IMPORT, file=statement(("90000.00", BUYER, wrong)))[1]))
    return BankLine.objects.get(ruling=LineRuling.WAITING)


def test_a_mistyped_code_is_suggested_and_allocated(doors: Doors, waiting: BankLine, payable: Payable) -> None:
    shown = doors.client.get(QUEUE).content.decode()
    assert "附言码不存在" in shown
    assert f'value="{payable.pk}" selected' in shown
    address = f"{QUEUE}{waiting.pk}/"
    assert doors.send(address, payable="")[0] == 400
    assert doors.send(address, payable=str(payable.pk))[0] == 200
    assert play.owed(payable) == 0
    status, shown = doors.send(address, ruling="returned", note="")
    assert (status, "该笔流水已处理" in shown) == (400, True)


def test_a_line_that_pays_nothing_here_is_set_aside(doors: Doors, waiting: BankLine, third_agency: Agency) -> None:
    address = f"{QUEUE}{waiting.pk}/"
    assert doors.send(address, ruling="allocated", note="")[0] == 400
    doors.send(address, ruling="not_ours", note="房租")
    waiting.refresh_from_db()
    assert (waiting.ruling, waiting.note) == (LineRuling.NOT_OURS, "房租")
    assert doors.acting_as(third_agency.organisation).send(address, ruling="not_ours", note="")[0] == 404


def test_the_queue_shows_suspense_and_announced_transfers(doors: Doors, payable: Payable) -> None:
    payment = play.transfer(payable, "90000.00")
    assert payable.code in doors.client.get(QUEUE).content.decode()
    actions.confirm_receipt(payable.contract.agency, payment.pk, cast.yuan("91000"))
    assert "¥1,000.00" in doors.client.get(QUEUE).content.decode()


def test_the_account_is_the_agencys_own_and_kept_as_typed_when_wrong(doors: Doors, swift_agency: Agency) -> None:
    status, shown = doors.send("/desk/account/", bank="建设银行", number="12 34")
    assert (status, "银行账号为 8 至 32 位数字" in shown, 'value="12 34"' in shown) == (400, True, True)
    assert doors.send("/desk/account/", bank="建设银行", number="6217 0012 3456 7890")[0] == 200
    assert PayeeAccount.objects.get(organisation=swift_agency.organisation).number == "6217001234567890"


def test_an_account_of_another_kind_is_refused(doors: Doors, swift_agency: Agency) -> None:
    status, shown = doors.send("/desk/account/", bank="建设银行", number="6217001234567890", online="6217 0012")
    assert (status, "形如 acct_" in shown) == (400, True)
    assert not PayeeAccount.objects.exists()


def test_whoever_is_to_pay_hears_of_another_account(doors: Doors, payable: Payable) -> None:
    one = payable.contract
    doors.send("/desk/account/", bank="建设银行", number="6217001234567890")
    doors.send("/desk/account/", bank="建设银行 兰州分行", number="6217001234567890")
    assert not Notice.objects.filter(subject__contains="更换").exists()
    doors.send("/desk/account/", bank="工商银行", number="6222001234567890")
    told = Notice.objects.filter(subject__contains="更换").values_list("organisation", flat=True)
    assert set(told) == {one.agency_id, one.payer_id}


def test_others_than_agencies_have_no_such_pages(client: Client, river_officer: Any, regulator: Any) -> None:
    for user in (river_officer, regulator):
        client.force_login(user)
        for address in (QUEUE, "/desk/account/"):
            assert client.get(address).status_code == 404
    client.logout()
    assert client.get(QUEUE).status_code == 302


def test_a_department_states_its_budget_line(river_bureau: Any, river_officer: Any, doors: Doors) -> None:
    assert doors.send("/desk/budget/", name="2026 年水土保持专项", total="1000000")[0] == 404
    doors.acting_as(river_bureau)
    status, shown = doors.send("/desk/budget/", name="2026 年水土保持专项", total="一百万")
    assert (status, "2026 年水土保持专项" in shown) == (400, True)
    assert doors.send("/desk/budget/", name="2026 年水土保持专项", total="1000000")[0] == 200
    assert BudgetLine.objects.get().total == cast.yuan("1000000")
