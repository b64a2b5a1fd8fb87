"""Remittance codes: what their check character finds, and how they are found again in what banks make of a remark."""

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rules.remittance import ALPHABET, PREFIX, Found, Known, find_codes, is_code, nearest, new_code

dice = random.Random(3)
CODE, OTHER = new_code(dice.choice), new_code(dice.choice)
seeds = st.integers(0, 2**32)
codes = seeds.map(lambda seed: new_code(random.Random(seed).choice))
# What no code begins in, and what does not lengthen one.
words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="ZzＺｚFfＦｆ"), max_size=12).filter(
    lambda text: not set(unicodedata.normalize("NFKC", text).upper()) & {"Z", "F"}
)


def test_the_alphabet_is_prime_and_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 29
    assert not set("01ILOUZ") & set(ALPHABET)


def test_the_scheme_finds_every_slip() -> None:
    """The proof: what a slip adds to the sum is a product of two numbers of which 29 divides neither."""
    weights = [*range(2, 9), -1]
    differences = range(1, 29)
    assert all(weight * difference % 29 for weight in weights for difference in differences)
    assert all((a - b) * difference % 29 for a, b in pairwise(weights) for difference in differences)


@given(codes)
def test_every_wrong_character_in_every_place_is_found(code: str) -> None:
    for place in range(len(code)):
        for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ付":
            wrong = code[:place] + other + code[place + 1 :]
            assert is_code(wrong) == (wrong == code)


@given(codes)
def test_every_swap_of_neighbours_is_found(code: str) -> None:
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert is_code(swapped) == (swapped == code)


@given(codes)
def test_a_missing_or_additional_character_makes_no_code(code: str) -> None:
    assert not any(is_code(code[:place] + code[place + 1 :]) for place in range(len(code)))
    assert not any(is_code(code[:place] + "2" + code[place:]) for place in range(len(code) + 1))
    assert not is_code("")


@given(
    codes,
    words,
    st.sampled_from(["", " ", "付款", "，", "("]),
    st.sampled_from(["", "款", "。", " 第1期", "0", "ABC", "-01"]),
)
def test_a_code_is_found_in_any_text(code: str, before: str, left: str, right: str) -> None:
    assert [one.code for one in find_codes(before + left + code + right) if one.right] == [code]


@given(
    codes, st.lists(st.sampled_from(["", " ", "-", "\u3000", "\n", "－", "—", "\u200b", "_"]), min_size=10, max_size=10)
)
def test_a_code_is_found_with_anything_between_its_characters(code: str, between: list[str]) -> None:
    spread = "".join(character + gap for character, gap in zip(code, between, strict=True))
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in spread)
    for written in (spread, spread.lower(), wide, wide.lower()):
        assert find_codes(f"服务费{written}款") == [Found(code, True, code)]


def test_several_codes_are_found_in_order_and_once() -> None:
    found = find_codes(f"{CODE}、{OTHER.lower()}，{CODE}")
    assert [one.code for one in found] == [CODE, OTHER]
    assert [one.code for one in find_codes(CODE + OTHER)] == [CODE, OTHER]


@pytest.mark.parametrize("before", ["ZF", "zf ", "ZF-", "ZFZF", "ZF8"])
def test_a_prefix_written_twice_does_not_hide_the_code(before: str) -> None:
    assert [one.code for one in find_codes(before + CODE)] == [CODE]


@given(codes, st.integers(2, 9), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXY"))
def test_a_wrong_code_is_told_as_wrong_and_the_right_one_is_likely(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    [found] = find_codes(f"附言 {wrong} 谢谢")
    assert (found.code, found.right) == (wrong, wrong == code)
    assert code in Known([OTHER, code]).likely(found)


@given(codes, st.integers(6, 9))
def test_a_code_cut_short_is_told_as_wrong_and_the_right_one_is_likely(code: str, length: int) -> None:
    [found] = find_codes("服务费" + code[:length])
    assert (found.code, found.right) == (code[:length], False)
    assert Known([code]).likely(found) == [code]


@given(codes, st.integers(2, 9), st.sampled_from(ALPHABET))
def test_a_missing_or_additional_character_still_leads_to_the_code(code: str, place: int, more: str) -> None:
    for wrong in (code[:place] + code[place + 1 :], code[:place] + more + code[place:]):
        for found in find_codes(wrong + "款"):
            # One character too many behind its end leaves a code right.
            assert Known([code]).likely(found) == [code] or found.right


@pytest.mark.parametrize(
    "remark", ["", "服务费", "ZFB转账", "支付", "ZF", "ZF12", "Z F 3 4", "fz23456789", "ＺＦ，23456789"]
)
def test_plain_words_are_no_codes(remark: str) -> None:
    assert find_codes(remark) == []


@given(st.text(max_size=200))
def test_no_text_whatever_does_harm(remark: str) -> None:
    assert all(is_code(one.code) == one.right for one in find_codes(remark))


def test_nearest_knows_one_slip_and_no_more() -> None:
    code = "ZF23456789"
    near = ["ZF2345678A", "ZF32456789", "ZF2345678", "ZF234567899", "ZF23456798", "ZX23456789"]
    far = [code, "ZF2345AB89", "ZF23456", "ZF43256789", "ZF2345678999", ""]
    assert nearest(code, near + far) == sorted(near)


@given(codes, st.data())
def test_nearest_agrees_with_the_definition(code: str, data: st.DataObject) -> None:
    other = data.draw(
        st.text(ALPHABET, min_size=8, max_size=8).map(lambda body: PREFIX + body) | st.just(code[:-1] + "2")
    )
    places = [place for place in range(10) if code[place] != other[place]]
    swap = (
        len(places) == 2
        and places[1] - places[0] == 1
        and code[places[0]] + code[places[1]] == other[places[1]] + other[places[0]]
    )
    assert (nearest(code, [other]) == [other]) == (len(places) == 1 or swap)


def test_codes_are_as_good_as_never_drawn_twice() -> None:
    drawn = {new_code(random.Random(seed).choice) for seed in range(2000)}
    assert len(drawn) == 2000
    assert all(is_code(code) for code in drawn)
