"""What a list says of a row: a column in tables, an entry in feeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.clock import BEIJING, rfc3339
from core.errors import Text

# A row of any kind; a row of the database.
T = TypeVar("T")
M = TypeVar("M", bound=Model)
Value = str | int | bool | Decimal | date | datetime | Promise | Sequence[str] | None

# What spreadsheets begin a formula with, in both widths; tab and line ends hide the next character from a look.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_HIDING = ("\t", "\r", "\n")


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column: its key in JSON, its heading in tables, and what a row says there. What JSON says otherwise, `plain` says."""

    key: str
    label: Text
    value: Callable[[T], Value]
    plain: Callable[[T], Value] | None = None


@dataclass(frozen=True)
class Entry:
    """A row in a feed. `key` names it for good within its list; `path` is its page; `at` is when it last became news."""

    key: str
    title: str
    at: datetime
    path: str
    text: str


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet works out: what could begin a formula is put behind an apostrophe."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_HIDING) else text


def in_words(value: Value) -> str:
    """As a table for people says it: numbers as they are, times Beijing's."""
    match value:
        case None:
            return ""
        case bool():
            return _("是") if value else _("否")
        case datetime():
            return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case int() | Decimal() | str() | Promise():
            return str(value)
        case _:
            return _("、").join(value)


def plain(value: Value) -> str | int | bool | list[str] | None:
    """As JSON says it: times RFC 3339, decimals as text."""
    match value:
        case None | bool() | int():
            return value
        case datetime():
            return rfc3339(value)
        case date():
            return value.isoformat()
        case str() | Promise() | Decimal():
            return str(value)
        case _:
            return list(value)
