"""What stands in a cell of a bank statement: text, an amount, a day. Nothing in a cell is ever worked out."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from core.money import Fen
from core.text import clean

_LONGEST = 1000
_AMOUNT = re.compile(r"[+-]?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,2})?")
_DAY = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})日?(?![0-9])")
_PACKED_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{6})?(?![0-9])")


def text(cell: object) -> str:
    """A cell as text. Banks write `="123"`, or a tab or an apostrophe before figures, against spreadsheets' own ideas."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    said = clean(str(cell)[: 2 * _LONGEST])
    if said.startswith('="') and said.endswith('"') and len(said) > 2:
        said = said[2:-1]
    return " ".join(said.removeprefix("'").split())[:_LONGEST]


def fen(cell: object) -> Fen | None:
    """`"1,234.50"`, `"￥1234.5"` in any width, or a number, in fen; None for what is no amount, or finer than a fen.

    A float is taken by its shortest decimal. A comma parts thousands only where it can: `1234,56` is no amount.
    """
    plain = re.sub(r"[\s¥￥元]|CNY|RMB|人民币", "", unicodedata.normalize("NFKC", text(cell)), flags=re.IGNORECASE)
    if not _AMOUNT.fullmatch(plain):
        return None
    return Fen(int(Decimal(plain.replace(",", "")) * 100))


def day(cell: object) -> date | None:
    """A date cell, or `2026-11-20`, `2026/11/20`, `20261120`, `2026年11月20日` with or without a time behind; else None."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = unicodedata.normalize("NFKC", text(cell))
    if found := _DAY.match(said):
        return _date(found[1], found[3], found[5])
    if found := _PACKED_DAY.match(said):
        return _date(found[1], found[2], found[3])
    return None


def _date(year: str, month: str, of_month: str) -> date | None:
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None
