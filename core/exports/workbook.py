"""Rows as an XLSX workbook: written row by row to a file of its own, then read out; a full sheet is followed by another."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from xlsxwriter import Workbook

from core.clock import BEIJING
from core.exports.columns import Column, T, Value, in_words
from core.exports.tables import chunks

# What a sheet holds, the heading among it, and what a cell holds.
SHEET_ROWS = 1_048_576
_CELL_CHARACTERS = 32_767
_PIECE = 65_536
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def xlsx_of(rows: Iterable[T], columns: Sequence[Column[T]], title: str) -> Iterator[bytes]:
    """The whole workbook in pieces. What is text is stored as text, so nothing in it is ever worked out."""
    with TemporaryFile() as file:
        with Workbook(file, _OPTIONS) as book:
            sheets = _Sheets(book, columns, title)
            for chunk in chunks(rows):
                for row in chunk:
                    sheets.write([column.value(row) for column in columns])
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


class _Sheets:
    """The sheets of one book, one after the other."""

    def __init__(self, book: Any, columns: Sequence[Column[Any]], title: str) -> None:
        self.book, self.columns, self.title = book, columns, title
        self.heading = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.count = 0
        self._begin()

    def write(self, values: Sequence[Value]) -> None:
        """One row below the last."""
        if self.line == SHEET_ROWS:
            self._begin()
        for place, value in enumerate(values):
            self._cell(place, value)
        self.line += 1

    def _begin(self) -> None:
        self.count += 1
        # Names of sheets are short and do without a few marks; the list's own name is.
        self.sheet = self.book.add_worksheet(self.title if self.count == 1 else f"{self.title} {self.count}")
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, len(self.columns) - 1, 18)
        for place, column in enumerate(self.columns):
            self.sheet.write_string(0, place, str(column.label), self.heading)
        self.line = 1

    def _cell(self, place: int, value: Value) -> None:
        match value:
            case bool():
                self._text(place, in_words(value))
            case int() | Decimal():
                self.sheet.write_number(self.line, place, value)
            case datetime():
                local = value.astimezone(BEIJING).replace(tzinfo=None)
                self.sheet.write_datetime(self.line, place, local, self.minute)
            case date():
                self.sheet.write_datetime(self.line, place, value, self.day)
            case _:
                self._text(place, in_words(value))

    def _text(self, place: int, text: str) -> None:
        if text:
            self.sheet.write_string(self.line, place, text[:_CELL_CHARACTERS])
