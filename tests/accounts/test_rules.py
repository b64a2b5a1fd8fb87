"""The code that names an organisation, and why it fails (R2, UX §1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as standard

from accounts import rules

GOOD = "91620100MA7DEM000D"


def test_a_code_that_passes_comes_back_in_its_normal_form():
    assert rules.read_uscc(" 9162 0100-ma7dem000d ") == GOOD


@pytest.mark.parametrize(("text", "length"), [("", 0), ("9162", 4), (GOOD + "1", 19)])
def test_a_wrong_length_is_told(text, length):
    with pytest.raises(rules.UsccLength) as refused:
        rules.read_uscc(text)
    assert refused.value.facts == {"length": length}
    assert str(length) in refused.value.text


@pytest.mark.parametrize("letter", list("IOZSV"))
def test_each_letter_that_the_standard_leaves_out_is_named(letter):
    with pytest.raises(rules.UsccLetters) as refused:
        rules.read_uscc(GOOD[:-2] + letter + "D")
    assert refused.value.facts == {"letters": letter}


def test_characters_of_no_alphabet_are_named_too():
    with pytest.raises(rules.UsccLetters) as refused:
        rules.read_uscc(GOOD[:-2] + "码D")
    assert refused.value.facts == {"letters": "码"}


def test_letters_where_the_region_stands_are_refused():
    with pytest.raises(rules.UsccRegion) as refused:
        rules.read_uscc("916A" + GOOD[4:])
    assert refused.value.facts == {"given": "916A0100"}


def test_a_wrong_check_digit_tells_the_right_one():
    with pytest.raises(rules.UsccCheckDigit) as refused:
        rules.read_uscc(GOOD[:-1] + "0")
    assert refused.value.facts == {"expected": "D", "given": "0"}
    assert "校验位应为 D" in refused.value.text
    assert refused.value.basis == ("P19.1", "R2")


@given(
    st.text("0123456789", min_size=8, max_size=8), st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9)
)
def test_every_code_with_the_right_check_digit_passes_and_every_other_last_place_fails(authority, body):
    code = authority + body
    right = standard.calc_check_digit(code)
    assert rules.read_uscc(code + right) == code + right
    for wrong in set("0123456789ABCDEFGHJKLMNPQRTUWXY") - {right}:
        with pytest.raises(rules.UsccCheckDigit):
            rules.read_uscc(code + wrong)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_reason_and_a_remedy(text):
    try:
        told = rules.read_uscc(text)
    except rules.UsccInvalid as refused:
        told = f"{refused.text} {refused.remedy}"
    assert standard.is_valid(told) or "统一社会信用代码" in told
