"""The PDF itself: tagged, the same for the same content, and not to be upset by anything that people write."""

import re
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
import pytest

from core import typeset
from core.glyphs import code_points, printable
from tests.core.papers import contract, copied, inflated, milestone


def saying(*paragraphs: str, **changes) -> bytes:
    return typeset.pdf("contract", contract(body=[{"heading": "第一条", "paragraphs": list(paragraphs)}], **changes))


def test_the_same_content_gives_the_same_bytes():
    assert typeset.pdf("contract", contract()) == typeset.pdf("contract", contract())


def test_it_is_tagged_as_pdf_ua_with_language_title_and_the_date_of_what_it_documents():
    made = typeset.pdf("contract", contract())
    plain = b"".join(map(inflated, re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL))) + made
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"pdfuaid:part", b"/Lang", b"/DisplayDocTitle true"):
        assert mark in plain, mark
    assert b"2026-11-23T07:40:01" in plain


def test_what_the_contract_says_can_be_copied_out_of_it():
    can = copied(typeset.pdf("contract", contract()))
    for text in ("兰州新区生态环境局", "91620100MA74ABCD1X", "壹拾万零壹佰伍拾元整", "9f86d081884c7d65", "尚未确认"):
        assert set(text) <= can, text


def test_the_english_version_is_in_english_and_says_that_the_chinese_prevails():
    made = typeset.pdf("contract", contract(language="en", title="Contract for intermediary services"))
    assert set("Englishversionforreading") <= copied(made)
    assert not set("尚未确认") <= copied(made)


@pytest.mark.parametrize(
    "text",
    [
        "#panic()",
        '#{ sys.inputs } "quoted" \\ \\u{1F4A9} $x^2$ [a] *b* _c_ `d` <e> @f = g',
        "</script> & %PDF- ' OR 1=1 --",
        "https://example.org/" + "very/long/" * 40,
        "字" * 5000,
        "b" * 5000,
        "An English sentence of a foreign agency, naïve façade. " * 90,
        "Ωμεγα Ёлка ｱｲｳ ①②③ ㎡ ± ℃ ½ ¥",
        "",
        "   ",
    ],
)
def test_whatever_people_write_is_text(text):
    assert set(text.replace(" ", "")) <= copied(saying(text)) | set("ﬁﬂ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("准时😀", "准时〔U+1F600〕"),
        ("έ", "〔U+03AD〕"),
        ("مرحبا"[:1], "〔U+0645〕"),
        ("\ue000\ufffd", "〔U+E000〕〔U+FFFD〕"),
        ("a\x07b\ufeffc\u202ed\u200de\ufe0f", "abcde"),
        ("两行\n文字\t列", "两行\n文字\t列"),
        ("plain", "plain"),
    ],
)
def test_what_no_font_has_is_written_as_its_code_point_and_what_is_invisible_is_dropped(text, shown):
    assert printable(text) == shown
    assert set(shown) - set("\n\t") <= copied(saying(text))


@pytest.mark.slow
def test_no_character_of_the_whole_of_unicode_stops_a_document():
    every = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    assert {type(printable(character)) for character in every} == {str}
    sample = every[::101] + every[:0x3000]
    assert saying("".join(sample)).startswith(b"%PDF-")


def test_long_names_and_forty_instalments_fit():
    stages = [milestone(number, "监测" * 40 + "x" * 80) for number in range(1, 41)]
    party = {"role": "甲方（采购人）", "name": "很长的名称" * 40, "uscc": "X" * 18, "address": "w" * 300}
    data = contract(milestones=stages, parties=[party, party])
    assert typeset.pdf("contract", data).startswith(b"%PDF-")
    assert len(typeset.pages("contract", data, ppi=20)) > 5


@pytest.mark.parametrize(
    "changes",
    [{"annex": None}, {"qr_svg": None}, {"milestones": []}, {"confirmations": []}, {"stamp_note": ""}, {"body": []}],
)
def test_parts_that_a_contract_has_not_are_left_out(changes):
    assert typeset.pdf("contract", contract(**changes)) != typeset.pdf("contract", contract())


def test_every_thing_that_decides_the_bytes_decides_the_key(tmp_path, monkeypatch):
    monkeypatch.setattr(typeset, "FOLDER", tmp_path)
    (tmp_path / "_page.typ").write_text("one")
    (tmp_path / "paper.typ").write_text('#import "_page.typ": *')
    keys = [typeset.fingerprint("paper", {"a": 1}), typeset.fingerprint("paper", {"a": 2})]
    (tmp_path / "_page.typ").write_text("two")
    keys.append(typeset.fingerprint("paper", {"a": 1}))
    (tmp_path / "paper.typ").write_text('#import "_page.typ": *\n')
    keys.append(typeset.fingerprint("paper", {"a": 1}))
    assert len(set(keys)) == 4
    assert keys[-1] == typeset.fingerprint("paper", {"a": 1})


def test_the_order_of_the_names_in_the_data_does_not_matter():
    data = contract()
    assert typeset.fingerprint("contract", data) == typeset.fingerprint("contract", dict(reversed(data.items())))


def test_the_fonts_have_the_characters_that_contracts_are_written_in():
    covered = set(code_points(Path(fonts.serif_path()).read_bytes()))
    assert set(map(ord, "壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整（）《》，。：；、￥¥—…·")) <= covered
    assert ord("😀") not in covered
