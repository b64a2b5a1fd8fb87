"""Bank statements (CSV, XLSX) as lines of credit. Bytes in, plain values out; nothing of a file is ever executed.

Banks put titles above the table, name columns as they like, and write amounts and dates in many ways. What cannot be read
is told with its row; what is no credit is passed over.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import islice

from django.utils.translation import gettext_lazy as _

from contracts.rules import cells, headings, workbook
from core.errors import Refused

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 20_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;|"
_PROBED = 60
_CREDIT = re.compile(r"(贷|收|来账|转入|存入|入账).*|\+|cr?|credit|in")
_DEBIT = re.compile(r"(借|支|付|往账|转出|支取|出账).*|-|dr?|debit|out")
_NOTHING = ("", "-", "--", "—", "/")


class StatementUnreadable(Refused):
    """Neither a CSV nor an XLSX table."""

    code = "E_STATEMENT_UNREADABLE"
    field = "file"
    message = _("无法读取该流水文件，请上传网银导出的 CSV 或 XLSX")
    fix = _("在网银中重新导出，或另存为 XLSX")


class StatementHeaderMissing(Refused):
    """Date and amount have to be found by their headings."""

    code = "E_STATEMENT_HEADER"
    field = "file"
    message = _("没有找到表头：%(missing)s")
    fix = _("保留网银导出的表头行，例如 交易日期、收入金额、对方户名、附言")


class StatementTooLarge(Refused):
    """One file has a month or so of lines."""

    code = "E_STATEMENT_SIZE"
    field = "file"
    message = _("流水文件不能超过 5 MB 或 %(rows)s 行")
    fix = _("按较短的日期范围导出后分次导入")


class StatementEmpty(Refused):
    """There is no credit in it."""

    code = "E_STATEMENT_EMPTY"
    field = "file"
    message = _("文件中没有收入流水")
    fix = _("另有支出 %(debits)s 行，日期、金额或借贷标志无法识别 %(unreadable)s 行；请检查导出内容")


class Why(Enum):
    """Why a row is no line."""

    DEBIT = "debit"
    DATE = "date"
    AMOUNT = "amount"
    DIRECTION = "direction"


@dataclass(frozen=True)
class Line:
    """One credit; `amount` in fen, `row` as the file counts, `fingerprint` the same whenever this line is read again."""

    row: int
    booked_on: date
    amount: int
    payer_name: str
    payer_account: str
    remark: str
    reference: str
    fingerprint: str


@dataclass(frozen=True)
class Skipped:
    """A row that is no line, and why; `text` is what stood there."""

    row: int
    why: Why
    text: str = ""


@dataclass(frozen=True)
class Statement:
    """What a file says came in, in its order."""

    lines: tuple[Line, ...]
    skipped: tuple[Skipped, ...]


Cell = object
Row = Sequence[Cell]
# How many lines said the same so far.
Alike = Counter[tuple[object, ...]]


def read(content: bytes, name: str) -> Statement:
    """The credits of a statement, told from debits by column, by 借贷标志, or else by sign.

    Its bytes say what a file is, not `name`. Raises StatementUnreadable, StatementHeaderMissing, StatementTooLarge or
    StatementEmpty.
    """
    if len(content) > LARGEST:
        raise StatementTooLarge(rows=MOST_ROWS)
    table = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    start, columns = headings.find(table)
    if missing := headings.missing(columns):
        raise StatementHeaderMissing(missing="、".join(missing))
    lines: list[Line] = []
    skipped: list[Skipped] = []
    alike: Alike = Counter()
    for number, row in enumerate(table[start + 1 :], start + 2):
        found = _line(number, row, columns, alike)
        if isinstance(found, Line):
            lines.append(found)
        elif found:
            skipped.append(found)
    if not lines:
        debits = sum(one.why is Why.DEBIT for one in skipped)
        raise StatementEmpty(debits=debits, unreadable=len(skipped) - debits)
    return Statement(tuple(lines), tuple(skipped))


def _line(number: int, row: Row, columns: headings.Columns, alike: Alike) -> Line | Skipped | None:
    if not any(cells.text(cell) for cell in row):
        return None
    money = _cell(row, columns, "credit" if "credit" in columns else "amount")
    if why := _no_credit(money, row, columns):
        return Skipped(number, why, "" if why is Why.DEBIT else cells.text(money))
    amount = cells.fen(money)
    if amount is None:
        return Skipped(number, Why.AMOUNT, cells.text(money))
    if amount <= 0:
        return Skipped(number, Why.DEBIT)
    booked_on = cells.day(_cell(row, columns, "booked_on"))
    if booked_on is None:
        return Skipped(number, Why.DATE, cells.text(_cell(row, columns, "booked_on")))
    payer, account, reference = (
        cells.text(_cell(row, columns, name)) for name in ("payer_name", "payer_account", "reference")
    )
    remark = _remark(row, columns)
    said = _fingerprint(alike, reference, booked_on, amount, payer, remark)
    return Line(number, booked_on, amount, payer, account, remark, reference, said)


def _no_credit(money: Cell, row: Row, columns: headings.Columns) -> Why | None:
    """Why a row is none that came in, as far as it says so itself; one with a direction that nobody knows is not guessed."""
    if cells.text(money) in _NOTHING:
        return Why.DEBIT
    if "credit" in columns or "direction" not in columns:
        return None
    said = unicodedata.normalize("NFKC", cells.text(_cell(row, columns, "direction"))).lower()
    if _CREDIT.fullmatch(said):
        return None
    return Why.DEBIT if _DEBIT.fullmatch(said) else Why.DIRECTION


def _cell(row: Row, columns: headings.Columns, name: str) -> Cell:
    place = columns.get(name, (len(row),))[0]
    return row[place] if place < len(row) else ""


def _remark(row: Row, columns: headings.Columns) -> str:
    """All that was remarked: banks put the payer's words into 附言, 用途 or 摘要 as they please."""
    said = (cells.text(row[place]) for place in columns.get("remark", ()) if place < len(row))
    return " / ".join(dict.fromkeys(one for one in said if one))


def _fingerprint(alike: Alike, reference: str, booked_on: date, amount: int, payer: str, remark: str) -> str:
    """By the bank's own number, else by what the line says and which of equal lines it is.

    A number counts with its day, amount and payer, because 凭证号 begin anew and batches share one; zeros alone are none.
    """
    if re.search(r"[1-9A-Za-z]", reference):
        said: tuple[object, ...] = ("number", booked_on, amount, _plain(payer), _plain(reference))
    else:
        said = ("words", booked_on, amount, _plain(payer), _plain(remark))
        alike[said] += 1
        said += (alike[said],)
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _xlsx(content: bytes) -> list[Row]:
    try:
        return workbook.rows(content, MOST_ROWS)
    except workbook.TooHeavy as error:
        raise StatementTooLarge(rows=MOST_ROWS) from error
    except workbook.NoWorkbook as error:
        raise StatementUnreadable() from error


def _csv(content: bytes) -> list[Row]:
    """Its rows, parted by whatever makes the most of a heading."""
    text = _decoded(content)
    delimiter = max(_DELIMITERS, key=lambda one: _columns_found(text, one))
    try:
        rows = list(islice(_parted(text, delimiter), MOST_ROWS + 1))
    except csv.Error as error:
        raise StatementUnreadable() from error
    if len(rows) > MOST_ROWS:
        raise StatementTooLarge(rows=MOST_ROWS)
    return rows


def _columns_found(text: str, delimiter: str) -> int:
    try:
        return len(headings.find(list(islice(_parted(text, delimiter), _PROBED)))[1])
    except csv.Error:
        return -1


def _parted(text: str, delimiter: str) -> Iterator[Row]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return (row[: workbook.MOST_COLUMNS] for row in rows)


def _decoded(content: bytes) -> str:
    """GB18030 takes almost any bytes for Chinese; control characters tell that it was no text."""
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding).removeprefix("\ufeff").rstrip("\x1a")
        except UnicodeDecodeError:
            continue
        if re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text):
            break
        return text
    raise StatementUnreadable()
