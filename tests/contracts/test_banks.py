"""Layouts as Chinese banks export them, hostile ones among them, and what a cell may say."""

import io
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from contracts.rules import cells
from contracts.rules.statement import (
    Line,
    Statement,
    StatementEmpty,
    StatementHeaderMissing,
    StatementUnreadable,
    Why,
    read,
)
from core.money import shown, wire

BOTH_SIDES = """中国某某银行 企业账户明细,,,,,,,,
账号：,6200 0000 0000 0000,,户名：,甘肃某评价有限公司,,,,
起止日期：,20261101-20261130,,,,,,,
账号,交易时间,借方发生额/元(支取),贷方发生额/元(收入),余额,对方户名,对方账号,摘要,备注
="6200",20261103 09:12:44,0.00,"128,500.00","900,000.00",兰州市某局（本级）,="6217001",转账,ZF-2345 6789
="6200",20261104 10:00:00,88.00,0.00,"899,912.00",某供应商,="6217002",手续费,
合计,,88.00,"128,500.00",,,,,
"""
BILINGUAL = (
    "交易类型[ Transaction Type ]\t付款人名称[ Payer's Name ]\t收款人名称[ Payee's Name ]\t交易日期[ Transaction Date ]"
    "\t交易金额[ Trade Amount ]\t交易流水号[ Transaction reference number ]\t用途[ Purpose ]\t交易附言[ Remark ]\r\n"
    "来账\t某建设有限公司\t甘肃某评价有限公司\t20261105\t3,000.00\t4710001\t服务费\t\r\n"
    "往账\t甘肃某评价有限公司\t某供应商\t20261106\t-55.10\t4710002\t\t货款\r\n"
)
FLAGGED = """﻿"记账日期";"借贷标志";"发生额（元）";"对方单位";"对方账号";"摘要";"凭证号"
"2026年11月7日";"贷";"￥１，０００．５０";"某某（集团）公司";"001";"附言 ａｂｃ";"00000000"
"2026.11.08";"借";"20";"甲";"002";"";"00000000"
"2026-11-09";"冲";"30";"乙";"003";"";"00000000"
"2026-11-10";"";"40";"丙";"004";"";"00000000"
"""
ENGLISH = (
    "Statement of account\n\nBooking Date,Money Out,Money In,Counterparty,Details\n2026-11-11,,12.30,Acme Ltd,inv 7\n"
)


def said(found: Statement) -> list[tuple[int, date, int, str, str, str]]:
    return [(one.row, one.booked_on, one.amount, one.payer_name, one.payer_account, one.remark) for one in found.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_layout_with_a_column_for_each_side(encoding: str) -> None:
    found = read(BOTH_SIDES.encode(encoding), "明细.csv")
    assert (
        said(found)
        == [
            (5, date(2026, 11, 3), 12_850_000, "兰州市某局（本级）", "6217001", "转账 / ZF-2345 6789"),
        ]
        or said(found)[0][5] == "ZF-2345 6789 / 转账"
    )
    assert [(one.row, one.why) for one in found.skipped] == [(6, Why.DEBIT), (7, Why.DATE)]


def test_a_bilingual_layout_with_signed_amounts() -> None:
    found = read(BILINGUAL.encode("gb18030"), "a.csv")
    assert said(found) == [(2, date(2026, 11, 5), 300_000, "某建设有限公司", "", "服务费")]
    assert [(one.row, one.why) for one in found.skipped] == [(3, Why.DEBIT)]


def test_a_flagged_layout_whose_unknown_flags_are_told_and_not_guessed() -> None:
    found = read(FLAGGED.encode(), "a.csv")
    assert said(found) == [(2, date(2026, 11, 7), 100_050, "某某（集团）公司", "001", "附言 ａｂｃ")]
    assert [(one.row, one.why) for one in found.skipped] == [(3, Why.DEBIT), (4, Why.DIRECTION), (5, Why.DIRECTION)]


def test_an_english_layout() -> None:
    assert said(read(ENGLISH.encode(), "a.csv")) == [(4, date(2026, 11, 11), 1230, "Acme Ltd", "", "inv 7")]


def test_the_same_table_as_csv_and_as_spreadsheet_has_the_same_lines() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "账户明细")
        sheet.write_row(2, 0, ["交易时间", "收入金额", "对方户名", "附言", "流水号"])
        sheet.write_row(3, 0, [datetime(2026, 11, 3, 9, 30), 1234.1, "甲公司", "一", ""])  # noqa: DTZ001
        sheet.write_row(4, 0, ["2026-11-04", 7, "乙公司", "二", 77])
    text = "交易时间,收入金额,对方户名,附言,流水号\n2026-11-03,1234.10,甲公司,一,\n2026-11-04,7.00,乙公司,二,77\n"
    sheet_lines, csv_lines = (read(one, "a").lines for one in (out.getvalue(), text.encode()))
    assert [one.row for one in sheet_lines] == [4, 5]
    assert [one.fingerprint for one in sheet_lines] == [one.fingerprint for one in csv_lines]


def test_formulas_stay_text() -> None:
    found = read("日期,收入,附言\n2026-11-03,1,\"=cmd|'/c calc'!A1\"\n2026-11-03,=1+1,x\n".encode(), "a.csv")
    assert [one.remark for one in found.lines] == ["=cmd|'/c calc'!A1"]
    assert [(one.why, one.text) for one in found.skipped] == [(Why.AMOUNT, "=1+1")]


def test_a_file_of_debits_alone_says_what_was_in_it() -> None:
    with pytest.raises(StatementEmpty) as refused:
        read("日期,支出,收入\n2026-11-03,1,0\n2026-11-03,1,--\n昨天,,5\n".encode(), "a.csv")
    assert refused.value.facts == {"debits": 2, "unreadable": 1}
    assert "2" in refused.value.remedy


@pytest.mark.parametrize(
    ("heading", "missing"), [("收入,附言", "交易日期"), ("交易日期,支出", "收入金额"), ("甲,乙", "交易日期、收入金额")]
)
def test_what_is_missing_is_named(heading: str, missing: str) -> None:
    with pytest.raises(StatementHeaderMissing) as refused:
        read(f"{heading}\n1,2\n".encode(), "a.csv")
    assert refused.value.facts["missing"] == missing


@pytest.mark.parametrize(
    "content",
    [b"," * 3_000_000, b"\xa1\xa1" * 400 + b"\x01", b'"' * 3_000_000, "日期,收入".encode("utf-16")],
    ids=["delimiters", "controls", "quotes", "utf-16"],
)
def test_hostile_text_is_refused(content: bytes) -> None:
    with pytest.raises((StatementUnreadable, StatementHeaderMissing)):
        read(content, "a.csv")


def test_delimiters_in_the_title_do_not_mislead() -> None:
    found = read("说明：1,2,3,4,5,6,7,8,9,10,11,12\n日期;收入;附言\n2026-11-03;1,000.50;a, b\n".encode(), "a.csv")
    assert [(one.amount, one.remark) for one in found.lines] == [(100_050, "a, b")]


def lines(*rows: str) -> tuple[Line, ...]:
    return read("\n".join(["日期,收入,付款人,附言,凭证号", *rows]).encode(), "a.csv").lines


def test_overlapping_files_have_the_same_lines_and_equal_ones_stay_two() -> None:
    monday, twice, tuesday = "2026-11-02,5,甲,a,0", "2026-11-03,5,甲,a,", "2026-11-04,5,甲,a,--"
    first = {one.fingerprint for one in lines(monday, twice, twice)}
    second = {one.fingerprint for one in lines(twice, twice, tuesday)}
    assert (len(first), len(second), len(first & second)) == (3, 3, 2)


def test_a_voucher_number_that_begins_anew_does_not_hide_another_line() -> None:
    found = lines("2026-11-02,5,甲,a,17", "2026-12-02,5,甲,a,17", "2026-12-02,6,甲,a,17", "2026-12-02,6,乙,a,17")
    assert len({one.fingerprint for one in found}) == 4


def test_the_same_bank_number_is_the_same_line_whatever_the_remark_became() -> None:
    [first], [again] = lines("2026-11-02,5,甲,a,N17"), lines("2026-11-02,5.00,甲,a（已核）,N17")
    assert first.fingerprint == again.fingerprint


@pytest.mark.parametrize(
    "said", ["1234,56", "1,23", "1.234", "1.234,56", "0x10", "1e3", "٣", "(5)", "5-", "nan", "", "１２.３４５"]
)
def test_what_may_be_another_amount_is_none(said: str) -> None:
    assert cells.fen(said) is None


@pytest.mark.parametrize(
    ("cell", "amount"), [(0.29, 29), (1e3, 100_000), (0.1 + 0.2, None), (1e-7, None), (1e300, None), (True, None)]
)
def test_numbers_are_taken_by_their_shortest_decimal(cell: object, amount: int | None) -> None:
    assert cells.fen(cell) == amount


@given(st.integers(-(10**14), 10**14))
def test_an_amount_comes_through_in_every_writing(amount: int) -> None:
    sign = "-" if amount < 0 else ""
    for written in (wire(amount), f"{sign}￥{shown(abs(amount)).removeprefix('¥')}", wire(amount) + " 元"):
        assert cells.fen(written) == amount
        assert cells.fen("".join(chr(ord(c) + 0xFEE0) if c in "0123456789.,-" else c for c in written)) == amount


@given(st.integers(1, 10**12).map(lambda fen: fen / 100))
def test_a_number_of_at_most_two_decimals_is_exact(number: float) -> None:
    assert cells.fen(number) == round(number * 100)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["", " 23:59:59", "T00:00:00", "\n08:00"]))
def test_a_day_comes_through_in_every_writing(day: date, time: str) -> None:
    y, m, d = day.year, day.month, day.day
    for written in (f"{y}-{m}-{d}", f"{y}/{m:02}/{d:02}", f"{y}.{m}.{d}", f"{y}{m:02}{d:02}", f"{y}年{m}月{d}日"):
        assert cells.day(written + time) == day


@pytest.mark.parametrize(
    "said", ["2026-13-01", "20260230", "11/03/2026", "46000", "20261103123", "2026", "明天", "2026-11-031"]
)
def test_what_is_no_day_is_none(said: str) -> None:
    assert cells.day(said) is None
