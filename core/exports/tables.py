"""Rows as CSV and as JSON, piece by piece.

CSV is UTF-8 with a mark (BOM), so that spreadsheets read Chinese; its headings are in the reader's language, and text that
a spreadsheet would work out as a formula is made harmless. JSON is `{"format": "exits/1", "at", "rows": [{key: value}]}` with
keys that never change: times RFC 3339, decimals and money as text.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from core.clock import rfc3339
from core.exports.columns import Column, T, Value, harmless, in_words, plain

CHUNK = 500
_BOM = "\ufeff"


def chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows, a few hundred at a time; those of a query from a cursor of the server, all as they were at the first.

    Such a cursor is declared WITH HOLD outside a transaction: no transaction stays open while a slow client reads.
    """
    found: Iterator[T] = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def csv_of(rows: Iterable[T], columns: Sequence[Column[T]]) -> Iterator[str]:
    """The heading, then the rows."""
    yield _BOM + _line(harmless(str(column.label)) for column in columns)
    for chunk in chunks(rows):
        yield "".join(_line(_cell(column.value(row)) for column in columns) for row in chunk)


def json_of(rows: Iterable[T], columns: Sequence[Column[T]], name: str, now: datetime) -> Iterator[str]:
    """One object with all rows."""
    yield f'{{"format": "{name}/1", "at": "{rfc3339(now)}", "rows": ['
    between = ""
    for chunk in chunks(rows):
        said = [{column.key: plain((column.plain or column.value)(row)) for column in columns} for row in chunk]
        yield between + ",\n".join(json.dumps(one, ensure_ascii=False) for one in said)
        between = ",\n"
    yield "]}\n"


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(value: Value) -> str:
    """A number is no formula, whatever it begins with."""
    text = in_words(value)
    return text if isinstance(value, int | Decimal) else harmless(text)
