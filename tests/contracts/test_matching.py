"""Remittance codes, and which line of a statement pays what."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rules.matching import Match, Open, Verdict, match, same_name
from contracts.rules.remittance import ALPHABET, PREFIX, find_codes, is_code, nearest, new_code
from contracts.rules.statement import Line


def _one_after_the_other(characters: list[str]) -> Callable[[Sequence[str]], str]:
    left = iter(characters)
    return lambda _alphabet: next(left)


codes = st.lists(st.sampled_from(ALPHABET), min_size=7, max_size=7).map(lambda cs: new_code(_one_after_the_other(cs)))


@given(codes, st.integers(2, 9), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert is_code(wrong) == (wrong == code)


@given(codes, st.integers(2, 8))
def test_every_swap_of_neighbours_is_found(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_code(swapped) == (swapped == code)
    if swapped != code:
        assert nearest(swapped, [code]) == [code]


@pytest.mark.parametrize(
    "remark",
    ["{}", "服务费{}第1期", "{}款项", "附言：{}", "转账 {} 谢谢"],
)
@given(code=codes)
def test_a_code_is_found_as_banks_hand_it_on(remark: str, code: str) -> None:
    for written in (
        code,
        code.lower(),
        f"{code[:2]}-{code[2:6]} {code[6:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in code),
    ):
        assert [found.code for found in find_codes(remark.format(written))] == [code]


def test_codes_have_no_look_alikes() -> None:
    code = new_code(random.Random(1).choice)
    assert code.startswith(PREFIX)
    assert not set("01IOZ") & set(ALPHABET)


CODE, OTHER = (new_code(random.Random(n).choice) for n in (1, 2))


def line(amount: int, remark: str, payer: str = "甲公司", mark: str = "") -> Line:
    return Line(1, date(2026, 11, 20), amount, payer, "", remark, "", mark or f"{amount}{remark}{payer}")


def payables(**fields: object) -> list[Open]:
    values = {"code": CODE, "contract_number": "GS-1", "open_amount": 1000, "payer_name": "甲公司", "government": False}
    return [Open(**(values | fields)), Open(OTHER, "GS-2", 500, "乙局", True)]  # type: ignore[arg-type]


def one(given_line: Line, **fields: object) -> Match:
    [found] = match([given_line], payables(**fields), set())
    return found


@pytest.mark.parametrize(
    ("amount", "verdict", "takes", "over"),
    [(1000, Verdict.EXACT, 1000, 0), (400, Verdict.PARTIAL, 400, 0), (1300, Verdict.OVER, 1000, 300)],
)
def test_a_right_code_settles_what_is_open(amount: int, verdict: Verdict, takes: int, over: int) -> None:
    found = one(line(amount, CODE))
    assert (found.verdict, found.takes, found.over) == (verdict, takes, over)


def test_two_lines_on_one_payable_count_one_after_the_other() -> None:
    found = match([line(700, CODE, mark="a"), line(700, CODE, mark="b")], payables(), set())
    assert [(f.verdict, f.takes, f.over) for f in found] == [(Verdict.PARTIAL, 700, 0), (Verdict.OVER, 300, 400)]


def test_a_slip_in_the_code_waits_with_the_right_one_suggested() -> None:
    slip = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")
    found = one(line(1000, slip, payer="没见过的公司"))
    assert found.verdict is Verdict.UNKNOWN_CODE
    assert [suggestion.code for suggestion in found.suggestions] == [CODE]


def test_without_a_code_payer_and_amount_suggest() -> None:
    found = one(line(1000, "服务费"))
    assert (found.verdict, [s.code for s in found.suggestions]) == (Verdict.NO_CODE, [CODE])


@pytest.mark.clause("P20.7")
def test_another_payer_settles_nothing() -> None:
    found = one(line(500, OTHER, payer="某建设单位"))
    assert (found.verdict, found.takes, found.over) == (Verdict.OTHER_PAYER, 0, 500)


def test_what_was_taken_in_is_seen_and_twice_in_a_file_too() -> None:
    again = line(1000, CODE)
    assert [f.verdict for f in match([again, again], payables(), set())] == [Verdict.EXACT, Verdict.SEEN]
    assert match([again], payables(), {again.fingerprint})[0].verdict is Verdict.SEEN


def test_names_are_the_same_whatever_the_width_of_brackets_and_blanks() -> None:
    assert same_name("甲（集团） 有限公司", "甲(集团)有限公司")
    assert not same_name("甲公司", "甲公司分公司")


@given(st.lists(st.tuples(st.integers(1, 3000), st.sampled_from([CODE, OTHER, "", "ZF99999999"])), max_size=12))
def test_no_fen_is_settled_twice_or_lost(given_lines: list[tuple[int, str]]) -> None:
    lines = [line(amount, remark, payer="", mark=str(n)) for n, (amount, remark) in enumerate(given_lines)]
    found = match(lines, payables(), set())
    for one_match in found:
        if one_match.code and one_match.verdict in (Verdict.EXACT, Verdict.PARTIAL, Verdict.OVER):
            assert one_match.takes + one_match.over == one_match.line.amount
    for code, owed in ((CODE, 1000), (OTHER, 500)):
        assert sum(f.takes for f in found if f.code == code) <= owed


def test_a_line_without_a_payer_may_be_whatever_has_its_amount() -> None:
    assert [s.code for s in one(line(500, "服务费", payer="")).suggestions] == [OTHER]
    assert one(line(501, "服务费", payer="")).suggestions == ()


def test_what_is_paid_is_no_longer_suggested_and_more_for_it_is_all_over() -> None:
    found = match([line(1000, CODE, mark="a"), line(9, CODE, mark="b"), line(9, "款", mark="c")], payables(), set())
    assert [(f.verdict, f.takes, f.over) for f in found[:2]] == [(Verdict.EXACT, 1000, 0), (Verdict.OVER, 0, 9)]
    assert (found[2].verdict, found[2].suggestions) == (Verdict.NO_CODE, ())


def test_the_same_payer_and_amount_come_before_the_same_payer() -> None:
    more = [Open(new_code(random.Random(n).choice), "GS-3", n * 100, "甲公司", False) for n in range(3, 20)]
    [found] = match([line(700, "服务费")], payables() + more, set())
    assert len(found.suggestions) == 5
    assert found.suggestions[0].open_amount == 700
    assert {suggestion.payer_name for suggestion in found.suggestions} == {"甲公司"}


def test_a_right_code_counts_beside_a_wrong_one_and_two_right_ones_settle_the_first() -> None:
    assert one(line(1000, f"ZF99999999 {CODE}")).verdict is Verdict.EXACT
    found = one(line(1500, f"{CODE}、{OTHER}"))
    assert (found.verdict, found.code, found.over, [s.code for s in found.suggestions]) == (
        Verdict.OVER, CODE, 500, [OTHER],
    )  # fmt: skip


def test_a_code_cut_short_leads_to_the_whole_one() -> None:
    found = one(line(3, f"服务费{CODE[:7]}", payer="没见过的公司"))
    assert (found.verdict, [s.code for s in found.suggestions]) == (Verdict.UNKNOWN_CODE, [CODE])


@pytest.mark.clause("P20.7")
@pytest.mark.parametrize(
    ("payer", "verdict"),
    [("乙局", Verdict.EXACT), (" 乙 局", Verdict.EXACT), ("乙局（下属）", Verdict.OTHER_PAYER), ("", Verdict.NO_PAYER), ("\u3000", Verdict.NO_PAYER)],
)  # fmt: skip
def test_public_money_counts_only_from_the_department_by_name(payer: str, verdict: Verdict) -> None:
    found = one(line(500, OTHER, payer=payer))
    assert (found.verdict, found.takes + found.over) == (verdict, 500)
    assert (found.takes > 0) == (verdict is Verdict.EXACT)


def test_an_enterprise_without_a_name_on_the_statement_is_trusted_and_another_name_is_not() -> None:
    assert one(line(1000, CODE, payer="")).verdict is Verdict.EXACT
    assert one(line(1000, CODE, payer="甲公司分公司")).verdict is Verdict.OTHER_PAYER


@pytest.mark.parametrize(
    "name", ["甲【集团】有限公司", "甲［集团］有限公司", "甲〔集团〕\u200b有限公司", "甲(集团)有限公司\u3000"]
)
def test_brackets_of_every_kind_are_the_same(name: str) -> None:
    assert same_name(name, "甲（集团）有限公司")


names = st.sampled_from(["甲公司", "甲 公司", "乙局", "丙", ""])
remarks = st.sampled_from([CODE, OTHER.lower(), f"{OTHER} {CODE}", CODE[:6], "服务费"])


@given(st.lists(st.tuples(st.integers(1, 1500), remarks, names, st.integers(0, 8)), max_size=14))
def test_sums_are_conserved_and_public_money_is_the_departments(
    given_lines: list[tuple[int, str, str, int]],
) -> None:
    lines = [line(amount, remark, payer, str(mark)) for amount, remark, payer, mark in given_lines]
    found = match(lines, payables(), {"0"})
    assert [f.line for f in found] == lines
    for f in found:
        settled = f.verdict in (Verdict.EXACT, Verdict.PARTIAL, Verdict.OVER)
        assert f.takes + f.over == f.line.amount if settled else f.takes == 0
        assert f.code != OTHER or not settled or same_name(f.line.payer_name, "乙局")
    for code, owed in ((CODE, 1000), (OTHER, 500)):
        assert sum(f.takes for f in found if f.code == code) <= owed
    counted = [f.line.fingerprint for f in found if f.verdict is not Verdict.SEEN]
    assert len(set(counted)) == len(counted)
    assert "0" not in counted


@given(st.lists(st.tuples(st.integers(1, 1500), remarks, names), max_size=8))
def test_a_second_import_of_a_file_takes_nothing(given_lines: list[tuple[int, str, str]]) -> None:
    lines = [line(amount, remark, payer, str(n)) for n, (amount, remark, payer) in enumerate(given_lines)]
    again = match(lines, payables(), {one_line.fingerprint for one_line in lines})
    assert all(f.verdict is Verdict.SEEN and not f.takes and not f.over for f in again)


def test_a_long_file_of_slips_among_many_payables_is_no_burden() -> None:
    """Compared one with one, these would be four million comparisons of text."""
    many = [Open(new_code(random.Random(n).choice), "GS-3", 100, f"公司{n}", False) for n in range(2000)]
    slips = [line(100, f"{one_open.code[:-1]}Z", payer="没见过的公司", mark=one_open.code) for one_open in many]
    began = time.process_time()
    found = match(slips, many, set())
    assert time.process_time() - began < 2
    assert [f.suggestions[0].code[:9] for f in found] == [one_open.code[:9] for one_open in many]
