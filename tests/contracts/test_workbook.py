"""Spreadsheets that would eat the machine are weighed before they are opened."""

import io
import random
import zipfile

import pytest
import xlsxwriter

from contracts.rules.statement import StatementTooLarge, StatementUnreadable, read
from contracts.rules.workbook import NoWorkbook, TooHeavy, rows

ROWS = 200
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book(cells: dict[tuple[int, int], object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for (row, column), value in cells.items():
            sheet.write(row, column, value)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", method) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return out.getvalue()


def with_sheet(data: str, before: str = "") -> bytes:
    sheet = f"{before}<worksheet {NAMESPACE}><sheetData>{data}</sheetData></worksheet>"
    return with_part(book({(0, 0): "a"}), SHEET, sheet.encode())


def outcome(content: bytes) -> type[BaseException] | None:
    """How reading ended; the reader's own panics are no Exceptions."""
    try:
        rows(content, ROWS)
    except BaseException as error:
        return type(error)
    return None


def test_rows_are_counted_from_the_top_of_the_sheet() -> None:
    assert rows(book({(2, 1): "b", (3, 0): 1.5}), ROWS) == [["", ""], ["", ""], ["", "b"], [1.5, ""]]


def test_two_cells_in_opposite_corners_are_refused_not_laid_out() -> None:
    with pytest.raises(StatementTooLarge):
        read(book({(0, 0): "日期", (1_048_575, 16_383): "x"}), "a.xlsx")


@pytest.mark.parametrize(
    "data",
    [
        "<row r='1'><c r='XFD1'/></row>",
        "<row r='1048576'><c/></row>",
        pytest.param(f"<row>{'<c/>' * 101}</row>", id="columns"),
        pytest.param("<row><c/></row>" * 201, id="rows"),
        '<row r="1"><c r = "&#88;FD1"/></row>',
        "<row><c r='CV1'/><c/></row>",
        "<row r='1'><c r='A1048576'/></row>",
        pytest.param("<x/>" * 4_000_001, id="elements"),
    ],
)
def test_far_cells_are_found_however_they_are_written(data: str) -> None:
    with pytest.raises(TooHeavy):
        rows(with_sheet(data), ROWS)


def test_one_long_text_in_very_many_cells_is_refused() -> None:
    one = book(dict.fromkeys(((row, column) for row in range(100) for column in range(30)), "长" * 30_000))
    with pytest.raises(TooHeavy):
        rows(one, ROWS)


def test_a_document_type_is_refused_with_all_its_entities() -> None:
    with pytest.raises(NoWorkbook):
        rows(with_sheet("<row><c t='str'><v>&b;</v></c></row>", '<!DOCTYPE x [<!ENTITY b "boo">]>'), ROWS)


def test_what_is_not_well_formed_is_refused() -> None:
    for sheet in (b"", b"<worksheet>", b"\x00\x01", "<工作表>".encode("utf-16")):
        with pytest.raises(NoWorkbook):
            rows(with_part(book({(0, 0): "a"}), SHEET, sheet), ROWS)


def test_a_size_that_the_archive_lies_about_is_not_believed() -> None:
    """The size in the directory is one byte; what is behind it unpacks to more, and must never reach the reader."""
    content = bytearray(with_part(book({(0, 0): "a"}), SHEET, b"<worksheet>" + b" " * 1_000_000))
    at = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    content[at + 24 : at + 28] = (1).to_bytes(4, "little")
    with pytest.raises(NoWorkbook):
        rows(bytes(content), ROWS)


def test_a_compression_other_than_that_of_spreadsheets_is_refused() -> None:
    with pytest.raises(NoWorkbook):
        rows(with_part(book({(0, 0): "a"}), SHEET, b"<worksheet/>", zipfile.ZIP_LZMA), ROWS)


def test_an_archive_without_a_sheet_and_one_of_many_parts_are_refused() -> None:
    for names, refusal in (["a.txt"], NoWorkbook), ([f"{n}.xml" for n in range(300)], TooHeavy):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            for name in names:
                packed.writestr(name, "<a/>")
        with pytest.raises(refusal):
            rows(out.getvalue(), ROWS)


def test_damaged_workbooks_are_refused_or_read_and_nothing_else() -> None:
    dice = random.Random(20)
    whole = book({(row, column): f"{row}{column}" if row % 2 else row for row in range(5) for column in range(4)})
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            content[dice.randrange(4, len(content))] = dice.randrange(256)
        assert outcome(bytes(content)) in (None, NoWorkbook, TooHeavy)


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_damaged_parts_are_refused_or_read_and_nothing_else(name: str) -> None:
    dice = random.Random(name)
    whole = book({(row, column): f"{row}{column}" if row % 2 else row for row in range(5) for column in range(4)})
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        part = packed.read(name)
    for _ in range(150):
        changed = bytearray(part)
        changed[dice.randrange(len(changed))] = dice.choice(b'0123456789<>"/abcrst- ')
        assert outcome(with_part(whole, name, bytes(changed))) in (None, NoWorkbook, TooHeavy)


def test_a_workbook_with_a_password_is_refused() -> None:
    with pytest.raises(StatementUnreadable):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xlsx")
