"""A contract's data as the PDF template takes it."""

import re
import zlib
from typing import Any

BUYER, AGENCY = "兰州新区生态环境局", "甘肃绿源环境评价有限公司"
ARTICLES = {
    "第一条 当事人": ["甲方（采购人）：兰州新区生态环境局，统一社会信用代码 11620000MB15G0036K。"],
    "第二条 合同价款": ["合同价款为人民币 100,150.00 元。", "乙方不得以任何名义另行收费。"],
}


def contract(**changes: Any) -> dict[str, Any]:
    """A signed contract with two instalments and an annex; `changes` replace its parts."""
    return {
        "title": "中介服务合同",
        "number": "GS-2026-000123",
        "language": "zh",
        "generated_at": "2026-11-23T07:40:01.000Z",
        "parties": [
            {"role": "甲方（采购人）", "name": BUYER, "uscc": "11620000MB15G0036K", "address": "中川镇纬一路 1 号"},
            {"role": "乙方（中介服务机构）", "name": AGENCY, "uscc": "91620100MA74ABCD1X", "address": ""},
        ],
        "body": [{"heading": heading, "paragraphs": said} for heading, said in ARTICLES.items()],
        "milestones": [milestone(1, "报告书初稿"), milestone(2, "报批稿")],
        "price": "100,150.00 元",
        "price_words": "壹拾万零壹佰伍拾元整",
        "annex": {"heading": "附件 收款账户", "rows": [["开户银行", "工商银行兰州分行"], ["账号", "2703000109200123"]]},
        "sha256": "9f86d081884c7d65" * 4,
        "confirmations": [
            {"side": "甲方", "name": BUYER, "at": "2026-11-23 14:02:13（北京时间）"},
            {"side": "乙方", "name": AGENCY, "at": None},
        ],
        "qr_svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><rect width="1" height="1"/></svg>',
        "verify_url": "https://market.example.cn/requests/GS-2026-000123/contract/",
        "stamp_note": "双方电子确认后成立，无须另行盖章。",
    } | changes


def milestone(number: int, name: str) -> dict[str, Any]:
    """One instalment of half the price."""
    return {
        "n": number,
        "name": name,
        "amount": "50,075.00 元",
        "amount_words": "伍万零柒拾伍元整",
        "due": "签订次日起 20 个工作日",
    }


def copied(pdf: bytes) -> set[str]:
    """Every character that can be copied out of the document, from its fonts' ToUnicode tables."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    tables = [text for text in map(inflated, streams) if b"beginbfchar" in text]
    pairs = [pair for text in tables for pair in re.findall(rb"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>", text)]
    return {character for pair in pairs for character in bytes.fromhex(pair.decode()).decode("utf-16-be")}


def inflated(stream: bytes) -> bytes:
    """What a compressed stream holds; any other as it is."""
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def words(pdf: bytes) -> str:
    """What a reader copies out of the document, in the order it was set, without any white space."""
    objects = {int(number): body for number, body in re.findall(rb"(\d+) 0 obj\s(.*?)endobj", pdf, re.DOTALL)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    return "".join("".join(map(_page, [objects] * len(pages), pages)).split())


# The inside of a literal string: escapes, and parentheses that balance. Codes beyond ASCII stand in hexadecimal.
_PLAIN = rb"(?:\\.|[^\\()])*"
_ONCE = rb"(?:\\.|[^\\()]|\(" + _PLAIN + rb"\))*"
_TWICE = rb"(?:\\.|[^\\()]|\(" + _ONCE + rb"\))*"
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\((" + _TWICE + rb")\)|<([0-9A-Fa-f]+)>", re.DOTALL)


def _page(objects: dict[int, bytes], page: bytes) -> str:
    fonts = dict(re.findall(rb"/(f\d+) (\d+) 0 R", objects[_named(page, b"Resources")]))
    glyphs = {name: _glyphs(_stream(objects[_named(objects[int(at)], b"ToUnicode")])) for name, at in fonts.items()}
    said, font = [], b""
    texts = re.findall(rb"^BT(.*?)^ET", _stream(objects[_named(page, b"Contents")]), re.DOTALL | re.MULTILINE)
    for chosen, literal, hexed in _SHOWN.findall(b"".join(texts)):
        font = chosen or font
        codes = b"" if chosen else bytes.fromhex(hexed.decode()) if hexed else _unescaped(literal)
        said += [glyphs[font][codes[at : at + 2]] for at in range(0, len(codes), 2)]
    return "".join(said)


def _named(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found, key
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL)
    assert found
    return inflated(found[1])


def _glyphs(table: bytes) -> dict[bytes, str]:
    pairs = re.findall(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table.partition(b"beginbfchar")[2])
    return {bytes.fromhex(code.decode()): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs}


def _unescaped(string: bytes) -> bytes:
    """A literal string of PDF: octal and one-letter escapes."""
    letters = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def meant(escape: re.Match[bytes]) -> bytes:
        said = escape[1]
        return bytes([int(said, 8)]) if said.isdigit() else letters.get(said, said)

    return re.sub(rb"\\([0-7]{1,3}|.)", meant, string, flags=re.DOTALL)
