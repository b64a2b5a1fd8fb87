"""Lists of dishonest parties (失信名单, CSV or XLSX) as rows, and which agencies they name. Pure; nothing of a file is executed.

Only a code that is exactly an agency's matches. A like name or a code with one wrong place is shown to an officer and
does nothing.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import islice

from django.utils.translation import gettext_lazy as _

from stdnum.cn import uscc as standard

from contracts.rules import cells, workbook
from core.errors import Refused

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 20_000
_WITHIN = 40
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;|"
# What lists call the columns; compared without blanks and what stands in brackets.
_NAMES = {
    "uscc": "统一社会信用代码 社会信用代码 信用代码 统一信用代码 组织机构代码统一社会信用代码 uscc creditcode unifiedsocialcreditcode",
    "name": "名称 企业名称 单位名称 机构名称 主体名称 当事人名称 失信主体名称 被执行人名称 法人名称 name company companyname entity",
    "reason": "列入原因 列入事由 失信行为 事由 原因 失信事实 违法事实 认定事由 reason cause facts",
}
_COLUMN_OF = {name: column for column, names in _NAMES.items() for name in names.split()}
_LABELS = {"uscc": "统一社会信用代码", "name": "名称"}


class ListUnreadable(Refused):
    """Neither a CSV nor an XLSX table."""

    code = "E_LIST_UNREADABLE"
    basis = ("P22.3",)
    field = "file"
    message = _("无法读取该名单文件，请上传 CSV 或 XLSX")
    fix = _("用表格软件打开后另存为 XLSX")


class ListHeaderMissing(Refused):
    """Name and code are found by their headings, in any order."""

    code = "E_LIST_HEADER"
    basis = ("P22.3",)
    field = "file"
    message = _("没有找到表头：%(missing)s")
    fix = _("保留表头行，例如 名称、统一社会信用代码、列入原因")


class ListTooLarge(Refused):
    """One file has one edition of one list."""

    code = "E_LIST_SIZE"
    basis = ("P22.3",)
    field = "file"
    message = _("名单文件不能超过 5 MB 或 %(rows)s 行")
    fix = _("只保留本省的行后重新上传")


class ListEmpty(Refused):
    """An empty edition would end every flag: that is done one by one, by correction."""

    code = "E_LIST_EMPTY"
    basis = ("P22.3",)
    field = "file"
    message = _("文件中没有一行可以读取")
    fix = _("无法读取 %(bad)s 行；请检查统一社会信用代码一列")


class ListOutdated(Refused):
    """A newer edition of this list was taken in before."""

    code = "E_LIST_OUTDATED"
    basis = ("P22.3",)
    field = "published_on"
    message = _("该名单已导入过更新的一期（%(newest)s）")
    fix = _("核对公布日期；旧的一期不必再导入")


class ListPreviewExpired(Refused):
    """What was shown lies there no more, or was shown to somebody else."""

    code = "E_LIST_EXPIRED"
    basis = ("P22.3",)
    message = _("预览已过期，请重新上传。")


class Why(Enum):
    """Why a row is not taken in."""

    NO_NAME = "no_name"
    NO_CODE = "no_code"
    BAD_CODE = "bad_code"
    TWICE = "twice"


class Likeness(Enum):
    """How a row resembles an agency that it does not match."""

    NAME = "name"
    CODE = "code"


@dataclass(frozen=True)
class Listing:
    """Which list, whose, of which day, and where it was published."""

    name: str
    authority: str
    published_on: date
    source: str


@dataclass(frozen=True)
class Row:
    """One organisation; `row` as the file counts."""

    row: int
    name: str
    uscc: str
    reason: str


@dataclass(frozen=True)
class BadRow:
    """A row that is not taken in, and why."""

    row: int
    why: Why
    name: str
    uscc: str


@dataclass(frozen=True)
class Table:
    """What a file says, in its order."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]


@dataclass(frozen=True)
class Near:
    """A row that resembles an agency: to be looked at by a person."""

    row: int
    name: str
    uscc: str
    like: Likeness
    agency: str


def read(content: bytes) -> Table:
    """The rows of a list. Raises ListUnreadable, ListHeaderMissing, ListTooLarge or ListEmpty."""
    if len(content) > LARGEST:
        raise ListTooLarge(rows=MOST_ROWS)
    table = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    start, columns = _heading(table)
    if missing := [label for column, label in _LABELS.items() if column not in columns]:
        raise ListHeaderMissing(missing="、".join(missing))
    rows: dict[str, Row] = {}
    bad: list[BadRow] = []
    for number, cell_row in enumerate(table[start + 1 :], start + 2):
        found = _row(number, cell_row, columns, rows)
        if isinstance(found, Row):
            rows[found.uscc] = found
        elif found is not None:
            bad.append(found)
    if not rows:
        raise ListEmpty(bad=len(bad))
    return Table(tuple(rows.values()), tuple(bad))


def near_misses(table: Table, agencies: Mapping[str, str]) -> list[Near]:
    """Rows that match no agency but resemble one; `agencies` are names by USCC."""
    by_name = {normal_name(name): uscc for uscc, name in agencies.items()}
    by_pattern = {pattern: uscc for uscc in agencies for pattern in _patterns(uscc)}
    found = []
    rows: list[Row | BadRow] = [*table.rows, *(one for one in table.bad if one.why is not Why.TWICE)]
    for row in rows:
        if row.uscc in agencies:
            continue
        if row.name and (known := by_name.get(normal_name(row.name))):
            found.append(Near(row.row, row.name, row.uscc, Likeness.NAME, known))
        elif known := next((by_pattern[one] for one in _patterns(row.uscc) if one in by_pattern), ""):
            found.append(Near(row.row, row.name, row.uscc, Likeness.CODE, known))
    return sorted(found, key=lambda near: near.row)


def normal_name(name: str) -> str:
    """A name as it is compared: one width, one kind of brackets, no blanks and dots."""
    return re.sub(r"[\s·•.,，。]", "", unicodedata.normalize("NFKC", name)).casefold()


def _patterns(uscc: str) -> Iterable[str]:
    """The code with each of its 18 places left open in turn."""
    return (f"{uscc[:n]}?{uscc[n + 1 :]}" for n in range(18)) if len(uscc) == 18 else ()


def _row(
    number: int, row: Sequence[object], columns: Mapping[str, int], rows: Mapping[str, Row]
) -> Row | BadRow | None:
    said = {column: cells.text(row[place]) if place < len(row) else "" for column, place in columns.items()}
    name = said["name"][:200]
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", said["uscc"])).upper()[:18]
    if not any(said.values()):
        return None
    if not code:
        return BadRow(number, Why.NO_CODE, name, code)
    if not standard.is_valid(code):
        return BadRow(number, Why.BAD_CODE, name, code)
    if not name:
        return BadRow(number, Why.NO_NAME, name, code)
    if code in rows:
        return BadRow(number, Why.TWICE, name, code)
    return Row(number, name, code, said.get("reason", "")[:500])


def _heading(table: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    best: dict[str, int] = {}
    for number, row in enumerate(table[:_WITHIN]):
        columns = _columns(row)
        if not _LABELS.keys() - columns.keys():
            return number, columns
        best = max(best, columns, key=len)
    return -1, best


def _columns(row: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        plain = unicodedata.normalize("NFKC", cells.text(cell)).lower()
        heading = re.sub(r"\([^()]*\)|[\W_]", "", plain)
        if column := _COLUMN_OF.get(heading):
            found.setdefault(column, place)
    return found


def _xlsx(content: bytes) -> list[Sequence[object]]:
    try:
        return workbook.rows(content, MOST_ROWS)
    except workbook.TooHeavy as error:
        raise ListTooLarge(rows=MOST_ROWS) from error
    except workbook.NoWorkbook as error:
        raise ListUnreadable() from error


def _csv(content: bytes) -> list[Sequence[object]]:
    text = _decoded(content)
    try:
        tables = [_parted(text, delimiter) for delimiter in _DELIMITERS]
    except csv.Error as error:
        raise ListUnreadable() from error
    rows = max(tables, key=lambda table: len(_heading(table)[1]))
    if len(rows) > MOST_ROWS:
        raise ListTooLarge(rows=MOST_ROWS)
    return rows


def _parted(text: str, delimiter: str) -> list[Sequence[object]]:
    parted = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [row[: workbook.MOST_COLUMNS] for row in islice(parted, MOST_ROWS + 1)]


def _decoded(content: bytes) -> str:
    """GB18030 takes almost any bytes for Chinese; control characters tell that it was no text."""
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in text[:10_000]):
            return text
    raise ListUnreadable()
