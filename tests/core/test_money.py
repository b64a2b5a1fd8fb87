"""Money: fen in code, strings on the wire, words on contracts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money

amounts = st.integers(0, 10**15 - 1)


@pytest.mark.parametrize(
    ("fen", "shown", "words"),
    [
        (0, "¥0.00", "零元整"),
        (5, "¥0.05", "伍分"),
        (10, "¥0.10", "壹角整"),
        (105, "¥1.05", "壹元零伍分"),
        (1600, "¥16.00", "壹拾陆元整"),
        (100150_00, "¥100,150.00", "壹拾万零壹佰伍拾元整"),
        (128500_00, "¥128,500.00", "壹拾贰万捌仟伍佰元整"),
        (1000500_00, "¥1,000,500.00", "壹佰万零伍佰元整"),
        (100000000_05, "¥100,000,000.05", "壹亿元零伍分"),
        (10001000_10, "¥10,001,000.10", "壹仟万壹仟元壹角整"),
        (100010000_00, "¥100,010,000.00", "壹亿零壹万元整"),
        (1409_50, "¥1,409.50", "壹仟肆佰零玖元伍角整"),
        (6007_14, "¥6,007.14", "陆仟零柒元壹角肆分"),
        (325_04, "¥325.04", "叁佰贰拾伍元零肆分"),
    ],
)
def test_an_amount_as_pages_and_contracts_show_it(fen, shown, words):
    assert money.shown(fen) == shown
    assert money.in_words(fen) == words


@pytest.mark.parametrize(
    ("text", "fen"),
    [("100150.00", 10015000), ("100150", 10015000), ("¥100,150.5", 10015050), ("0.01", 1), (" 1，000 ", 100000)],
)
def test_an_amount_as_people_type_it(text, fen):
    assert money.parse(text) == fen


@pytest.mark.parametrize(
    "text", ["", "abc", "-1", "1.234", "1e5", "NaN", "Infinity", ".5", "01", "1.", "１００", "99999999999999.00", "1 0"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="not an amount"):
        money.parse(text)


@given(amounts)
def test_the_wire_form_reads_back(fen):
    assert money.parse(money.wire(fen)) == fen
    assert money.parse(money.shown(fen)) == fen


@given(amounts)
def test_words_differ_where_amounts_do_and_hold_no_double_zero(fen):
    words = money.in_words(fen)
    assert "零零" not in words
    assert words.endswith(("整", "分"))
    assert words != money.in_words(fen + 1)
