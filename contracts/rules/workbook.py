"""An XLSX file as rows of its first sheet, weighed before it is opened.

The reader lays a sheet out from A1 to its last cell: two cells in opposite corners of a file of five kilobytes would need
hundreds of gigabytes, and end the process. So each part is unpacked within a budget, its cells and texts are counted by a
parser that holds none of them, and the reader gets exactly the parts that were counted.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

MOST_COLUMNS = 100
_MOST_UNPACKED = 50 * 1024 * 1024
_MOST_PARTS = 200
_MOST_ELEMENTS = 4_000_000
# Characters that the cells may come to if each had the longest of the shared texts.
_MOST_TEXT = 64 * 1024 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class NoWorkbook(ValueError):
    """Not an XLSX file, or not a well-formed one."""


class TooHeavy(ValueError):
    """Larger unpacked than any bank statement."""


def rows(content: bytes, most_rows: int) -> list[Sequence[object]]:
    """The cells of the first sheet from A1 on. Raises NoWorkbook or TooHeavy."""
    try:
        parts = _unpacked(content)
        scale = _Scale(most_rows)
        for part in parts.values():
            scale.weigh(part)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts))).get_sheet_by_index(0)
        return list(sheet.to_python(skip_empty_area=False))
    except TooHeavy:
        raise
    except (CalamineError, expat.ExpatError, zipfile.BadZipFile, zlib.error) as error:
        raise NoWorkbook() from error
    except (IndexError, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise NoWorkbook() from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The XML parts, within the budget whatever sizes the archive claims."""
    parts: dict[str, bytes] = {}
    left = _MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        named = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
        if len(named) > _MOST_PARTS:
            raise TooHeavy()
        for info in named:
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise NoWorkbook()
            with archive.open(info) as part:
                parts[info.filename] = part.read(left + 1)
            left -= len(parts[info.filename])
            if left < 0:
                raise TooHeavy()
    return parts


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


class _Scale:
    """Counts what the reader would have to hold: rows, columns, and the text of the cells."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._cells_of_text = self._longest = self._current = 0
        self._row = self._column = self._elements = 0
        self._shared = False

    def weigh(self, part: bytes) -> None:
        """Count one part. Raises TooHeavy; a part with a document type is none of a spreadsheet's (ValueError)."""
        self._row = self._column = self._current = 0
        self._shared = False
        parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._starts
        parser.CharacterDataHandler = self._says
        parser.buffer_text = True
        parser.Parse(part, True)

    def _refuse(self, *_declaration: Any) -> None:
        raise NoWorkbook()

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self._row = max(self._row + 1, int(attributes.get("r", 0)))
            self._column = 0
        elif name == "c":
            self._cell(attributes)
        elif name == "si":
            self._current, self._shared = 0, True
        self._elements += 1
        if self._row > self._most_rows or self._column > MOST_COLUMNS or self._elements > _MOST_ELEMENTS:
            raise TooHeavy()

    def _cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        place = _REFERENCE.fullmatch(attributes.get("r", "A1"))
        if place is None:
            raise NoWorkbook()
        column = 0
        for letter in place[1]:
            column = column * 26 + ord(letter) - 64
        self._column, self._row = max(self._column, column), max(self._row, int(place[2]))
        self._cells_of_text += attributes.get("t") == "s"
        self._judge_text()

    def _says(self, text: str) -> None:
        if self._shared:
            self._current += len(text)
            self._longest = max(self._longest, self._current)
            self._judge_text()

    def _judge_text(self) -> None:
        if self._cells_of_text * self._longest > _MOST_TEXT:
            raise TooHeavy()
