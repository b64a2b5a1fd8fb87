"""Bank statements as lines of credit, from whatever a bank exports."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from contracts.rules.statement import (
    LARGEST,
    Statement,
    StatementEmpty,
    StatementHeaderMissing,
    StatementTooLarge,
    StatementUnreadable,
    Why,
    read,
)
from core.money import wire

FIRST = """账户明细查询,,,,,
账号：1234567890123456,,,,,
交易日期,交易时间,借方发生额,贷方发生额,对方户名,附言
2026-11-20,10:02:11,,"90,000.00",陇中供水有限公司,ZF23456789 服务费
2026-11-20,11:20:00,500.00,,某银行,手续费
2026-11-21,09:00:00,,300.50,"岷县水务局,财务股",
"""
SECOND = "记账日期\t交易金额\t借贷标志\t对方名称\t摘要\t流水号\n20261120\t100.00\t贷\t甲公司\t货款\tA1\n20261120\t50\t借\t乙公司\t\tA2\n"
THIRD = "日期;收入(元);付款人名称;用途\n2026年11月20日;￥１，２００．５０元;丙公司;附言ＺＦ\n2026/11/21;12.345;丁公司;x\n昨天;1;戊公司;y\n"


def csv(text: str, encoding: str = "utf-8") -> Statement:
    return read(text.encode(encoding), "流水.csv")


def xlsx(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_titles_above_the_table_debits_and_quoted_names(encoding: str) -> None:
    found = csv(FIRST, encoding)
    assert [(one.row, one.amount, one.payer_name, one.booked_on) for one in found.lines] == [
        (4, 9_000_000, "陇中供水有限公司", date(2026, 11, 20)),
        (6, 30_050, "岷县水务局,财务股", date(2026, 11, 21)),
    ]
    assert [(one.row, one.why) for one in found.skipped] == [(5, Why.DEBIT)]


def test_one_amount_column_with_its_direction() -> None:
    found = csv(SECOND)
    assert [(one.amount, one.reference, one.remark) for one in found.lines] == [(10_000, "A1", "货款")]
    assert [one.why for one in found.skipped] == [Why.DEBIT]


def test_full_width_figures_and_what_cannot_be_read_is_told_with_its_row() -> None:
    found = csv(THIRD)
    assert [one.amount for one in found.lines] == [120_050]
    assert [(one.row, one.why, one.text) for one in found.skipped] == [(3, Why.AMOUNT, "12.345"), (4, Why.DATE, "昨天")]


def test_spreadsheets_with_dates_as_dates_and_amounts_as_numbers() -> None:
    rows: list[list[object]] = [
        ["交易日期", "贷方发生额", "对方户名", "附言", "对方账号"],
        [date(2026, 11, 20), 0.29, "甲公司", "=1+1", 12345678],
        ["2026-11-21", "1,000.10", "乙公司", "", ""],
    ]
    found = read(xlsx(rows), "a.xlsx")
    assert [(one.amount, one.booked_on) for one in found.lines] == [
        (29, date(2026, 11, 20)),
        (100_010, date(2026, 11, 21)),
    ]
    assert found.lines[0].payer_account == "12345678"


def test_the_same_line_is_the_same_again_and_equal_lines_of_a_day_are_two() -> None:
    twice = "日期,收入,付款人,附言\n2026-11-20,5,甲,a\n2026-11-20,5,甲,a\n"
    first, second = csv(twice).lines
    assert first.fingerprint != second.fingerprint
    longer = csv("题头,,,\n" + twice + "2026-11-21,7,甲,b\n").lines
    assert {first.fingerprint, second.fingerprint} < {one.fingerprint for one in longer}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"\x7fELF\x00\x01binary", StatementUnreadable),
        (b"PK\x03\x04 no real archive", StatementUnreadable),
        (b"\xff\xfe\xfa\xfb\xff", StatementUnreadable),
        ("姓名,年龄\n张三,3\n".encode(), StatementHeaderMissing),
        ("日期,对方户名\n2026-11-20,甲\n".encode(), StatementHeaderMissing),
        ("日期,收入\n2026-11-20,\n".encode(), StatementEmpty),
        (b"", StatementHeaderMissing),
        (b"a" * (LARGEST + 1), StatementTooLarge),
        (b"date,amount\n" + b"2026-11-20,1\n" * 20_001, StatementTooLarge),
        (b'date,amount\n"' + b"x" * 1_000_000 + b'",1\n', StatementUnreadable),
    ],
)
def test_what_is_no_statement_is_refused_in_words(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(content, "x.csv")


def test_a_packed_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    with pytest.raises(StatementTooLarge):
        read(out.getvalue(), "bomb.xlsx")


def test_the_missing_column_is_named() -> None:
    with pytest.raises(StatementHeaderMissing) as refused:
        csv("日期,对方户名\n2026-11-20,甲\n")
    assert refused.value.facts["missing"] == "收入金额"


@given(st.binary(max_size=400))
def test_no_bytes_whatever_do_more_than_be_refused(content: bytes) -> None:
    try:
        found = read(content, "x.csv")
    except (StatementUnreadable, StatementHeaderMissing, StatementEmpty):
        return
    assert all(line.amount > 0 for line in found.lines)


@given(st.lists(st.integers(1, 10**11), min_size=1, max_size=8))
def test_amounts_come_through_to_the_fen(amounts: list[int]) -> None:
    text = "日期,收入\n" + "".join(f'2026-11-20,"{wire(amount)}"\n' for amount in amounts)
    assert [line.amount for line in csv(text).lines] == amounts
