"""Lists to take away: the rows of a queryset as CSV or JSON, streamed, from one description of the columns.

    return exported(request, "csv", found.qs, COLUMNS, name="exits")

CSV is UTF-8 with a mark (BOM), so that spreadsheets read Chinese; its headings are in the reader's language, and text that
a spreadsheet would work out as a formula is made harmless. JSON is `{"format": "exits/1", "at", "rows": [{key: value}]}` with
keys that never change: times RFC 3339, decimals and money as text.
"""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Generic, Literal, TypeVar

from django.core.handlers.asgi import ASGIRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from asgiref.sync import sync_to_async

from core.clock import BEIJING, database_now, rfc3339
from core.errors import Text

M = TypeVar("M", bound=Model)
Value = str | int | bool | Decimal | date | datetime | Promise | Sequence[str] | None
Kind = Literal["csv", "json"]

_CHUNK = 500
_BOM = "\ufeff"
# What spreadsheets begin a formula with, in both widths; tab and line ends hide the next character from a look.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_HIDING = ("\t", "\r", "\n")


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column: its key in JSON, its heading in CSV, and what a row says there. What JSON says otherwise, `plain` says."""

    key: str
    label: Text
    value: Callable[[M], Value]
    plain: Callable[[M], Value] | None = None


def exported(
    request: HttpRequest, kind: Kind, rows: QuerySet[M], columns: Sequence[Column[M]], *, name: str
) -> StreamingHttpResponse:
    """All rows as a download `<name>-<day>.<kind>`; never more than a few hundred of them are in memory at once."""
    now = database_now()
    body = _csv(rows, columns) if kind == "csv" else _json(rows, columns, name, now)
    chunks = _in_language(body, get_language())
    # Each kind of server takes only its own kind of iterator without emptying it first.
    streamed = _in_turn(chunks) if isinstance(request, ASGIRequest) else chunks
    response = StreamingHttpResponse(streamed, content_type=_TYPES[kind])
    file_name = f"{name}-{now.astimezone(BEIJING):%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or ""
    return response


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet works out: what could begin a formula is put behind an apostrophe."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_HIDING) else text


_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def _csv(rows: QuerySet[M], columns: Sequence[Column[M]]) -> Iterator[str]:
    yield _BOM + _line(harmless(str(column.label)) for column in columns)
    for chunk in _chunks(rows):
        yield "".join(_line(_cell(column.value(row)) for column in columns) for row in chunk)


def _json(rows: QuerySet[M], columns: Sequence[Column[M]], name: str, now: datetime) -> Iterator[str]:
    yield f'{{"format": "{name}/1", "at": "{rfc3339(now)}", "rows": ['
    between = ""
    for chunk in _chunks(rows):
        said = [{column.key: _plain((column.plain or column.value)(row)) for column in columns} for row in chunk]
        yield between + ",\n".join(json.dumps(one, ensure_ascii=False) for one in said)
        between = ",\n"
    yield "]}\n"


def _chunks(rows: QuerySet[M]) -> Iterator[list[M]]:
    found = rows.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(found, _CHUNK)):
        yield chunk


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(value: Value) -> str:
    """Numbers stay numbers, times are Beijing's."""
    match value:
        case None:
            return ""
        case bool():
            return _("是") if value else _("否")
        case int() | Decimal():
            return str(value)
        case datetime():
            return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case str() | Promise():
            return harmless(str(value))
        case _:
            return harmless(_("、").join(value))


def _plain(value: Value) -> str | int | bool | list[str] | None:
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


def _in_language(chunks: Iterator[str], language: str | None) -> Iterator[bytes]:
    """Each chunk is made in the language of the request, which is over when a stream is read."""
    while True:
        with override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk.encode()


async def _in_turn(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same for an asynchronous server: each chunk is read in the request's own thread, with its connection."""
    following = sync_to_async(lambda: next(chunks, None))
    while (chunk := await following()) is not None:
        yield chunk
