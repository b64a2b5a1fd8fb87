"""What is found in PDF and DOCX: words drawn by any common writer, properties, and nothing that costs too much."""

import io
import time
import zipfile
import zlib
from pathlib import Path

import pytest
import typst

from core import pdf_text
from core.legible import DOCX, PDF, Hidden, TooMuch, authors, squeezed, words

NAME = "甘肃陇源生态咨询有限公司"


def packed(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


def pdf(*bodies: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj%sendobj\n" % (n, body) for n, body in enumerate(bodies, 1))


def stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%s /Filter /FlateDecode>>\nstream\n%s\nendstream " % (head, zlib.compress(content))


def test_a_typeset_pdf_gives_text_and_properties_away(tmp_path: Path):
    source = tmp_path / "plan.typ"
    source.write_text(f'#set document(author: "王工")\n= 方案\n本方案由{NAME}编制，代码 91620100MA7DEM000D。')
    fonts = Path(typst.__file__).parent.parent / "pylopdf_fonts_zh_cn"
    found = words(typst.compile(str(source), font_paths=[str(one) for one in fonts.rglob("*") if one.is_dir()]), PDF)
    for word in (NAME, "91620100MA7DEM000D", "王工"):
        assert squeezed(word) in found


def test_a_name_over_several_runs_of_a_docx_is_one_name():
    runs = "".join(f"<w:r><w:t>{char}</w:t></w:r>" for char in NAME)
    assert NAME in words(packed(word__document_xml=f"<w:p>{runs}</w:p>"), DOCX)


@pytest.mark.parametrize("part", ["docProps__core_xml", "docProps__app_xml", "word__header1_xml", "word__comments_xml"])
def test_properties_headers_and_comments_are_read(part):
    assert NAME in words(packed(**{"word__document_xml": "<w:p/>", part: f"<a>{NAME}</a>"}), DOCX)


def test_attributes_are_read_too():
    assert NAME in words(packed(word__document_xml=f'<w:ins w:author="{NAME}"/>'), DOCX)


def test_glyphs_in_two_fonts_are_read_in_the_order_drawn():
    first = stream(b"begincmap 1 beginbfchar <01> <7518> endbfchar endcmap")
    second = stream(b"begincmap 1 beginbfrange <01> <02> <8083> endbfrange endcmap")
    content = stream(b"BT /F1 9 Tf <01> Tj /F2 9 Tf [<01> -20 <01>] TJ ET")
    made = pdf(
        b"<</Font <</F1 2 0 R /F2 3 0 R>>>>",
        b"<</ToUnicode 4 0 R>>",
        b"<</ToUnicode 5 0 R>>",
        first,
        second,
        content,
    )
    assert "甘肃肃" in words(made, PDF)


def test_text_that_says_itself_is_taken_once():
    content = stream(b"BT /Span<</ActualText <FEFF65B9>>> BDC /F1 9 Tf <01> Tj EMC (X) Tj ET")
    assert "方x" in words(pdf(content), PDF)


def test_objects_within_a_stream_of_objects_are_found():
    inner = b"2 0 3 22 <</ToUnicode 4 0 R >>   <</F1 2 0 R>>"
    made = pdf(
        stream(inner, b"/Type /ObjStm /N 2 /First 9"),
        b"",
        b"",
        stream(b"begincmap 1 beginbfchar <01> <7518> endbfchar endcmap"),
        stream(b"BT /F1 9 Tf <01> Tj ET"),
    )
    assert "甘" in words(made, PDF)


def test_properties_in_utf_16_and_escapes_are_read():
    said = NAME.encode("utf-16-be").hex().upper().encode()
    assert NAME in words(pdf(b"<</Author <FEFF%s>>>" % said), PDF)
    assert "longyuan(lz)" in words(pdf(rb"<</Author (Long\171uan \050LZ\051)>>"), PDF)


def test_authors_are_those_of_the_properties():
    said = NAME.encode("utf-16-be").hex().upper().encode()
    assert authors(pdf(b"<</Author <FEFF%s> /Title (A)>>" % said), PDF) == {NAME}
    xmp = b"<x:xmpmeta><dc:creator><rdf:Seq><rdf:li>Wang &amp; Li</rdf:li></rdf:Seq></dc:creator></x:xmpmeta>"
    assert authors(pdf(stream(xmp)), PDF) == {"Wang & Li"}
    core = f"<c><dc:creator>{NAME}</dc:creator><cp:lastModifiedBy>乙 &amp; 丙</cp:lastModifiedBy></c>"
    assert authors(packed(docProps__core_xml=core), DOCX) == {NAME, "乙 & 丙"}
    assert authors(packed(docProps__core_xml="<c><dc:creator/></c>"), DOCX) == set()
    assert authors(packed(word__document_xml="<w/>"), DOCX) == set()


def test_what_is_encrypted_or_no_such_file_is_hidden():
    for content, kind in ((b"%PDF-1.7 /Encrypt 1 0 R", PDF), (b"nothing", PDF), (b"PK\x03\x04nothing", DOCX)):
        for read in (words, authors):
            with pytest.raises(Hidden):
                read(content, kind)


def test_bombs_are_too_much(monkeypatch):
    monkeypatch.setattr(pdf_text, "MOST", 1_000_000)
    monkeypatch.setattr("core.legible.MOST", 1_000_000)
    with pytest.raises(TooMuch):
        words(pdf(*[stream(b" " * 400_000)] * 3), PDF)
    with pytest.raises(TooMuch):
        words(packed(word__document_xml=" " * 1_000_001), DOCX)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + b"1 0 obj stream\n" * 60_000,
        b"%PDF-1.7\n1 0 obj" + b"stream\n" * 100_000 + b"endobj",
        pdf(b"<" * 500_000, b"(" * 500_000, b"/F 1 " * 100_000),
        pdf(stream(b"begincmap " + b"beginbfchar " * 100_000), stream(b"Tj " + b"/ActualText <" * 50_000)),
    ],
)
def test_no_file_takes_long(content):
    began = time.monotonic()
    words(content, PDF)
    assert time.monotonic() - began < 5
