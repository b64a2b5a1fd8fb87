"""Pieces of a file, sent one by one to either kind of server."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override

from asgiref.sync import sync_to_async

from core.clock import BEIJING, database_now
from core.exports.columns import Column, T
from core.exports.tables import csv_of, json_of
from core.exports.workbook import xlsx_of

Kind = Literal["csv", "xlsx", "json"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "atom": "application/atom+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def exported(
    request: HttpRequest, kind: Kind, rows: Iterable[T], columns: Sequence[Column[T]], *, name: str
) -> HttpResponseBase:
    """All rows as a download `<name>-<day>.<kind>`; never more than a few hundred of them are in memory at once."""
    now = database_now()
    pieces: Iterator[str] | Iterator[bytes]
    match kind:
        case "csv":
            pieces = csv_of(rows, columns)
        case "xlsx":
            pieces = xlsx_of(rows, columns, name)
        case "json":
            pieces = json_of(rows, columns, name, now)
    return streamed(request, kind, pieces, name=name, now=now)


def streamed(
    request: HttpRequest, kind: str, pieces: Iterator[str] | Iterator[bytes], *, name: str, now: datetime
) -> HttpResponseBase:
    """The pieces as a download of that kind; who asks for the head alone, is not made to wait for the body."""
    if request.method == "HEAD":
        return named(HttpResponse(content_type=TYPES[kind]), kind, name, now)
    chunks = _in_language(pieces, get_language())
    # Each kind of server takes only its own kind of iterator without emptying it first.
    body = _in_turn(chunks) if isinstance(request, ASGIRequest) else chunks
    return named(StreamingHttpResponse(body, content_type=TYPES[kind]), kind, name, now)


def named(response: HttpResponseBase, kind: str, name: str, now: datetime) -> HttpResponseBase:
    """The response with the file's name, which says the day."""
    file_name = f"{name}-{now.astimezone(BEIJING):%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or ""
    return response


def _in_language(pieces: Iterator[str] | Iterator[bytes], language: str | None) -> Iterator[bytes]:
    """Each piece is made in the language of the request, which is over when a stream is read."""
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece.encode() if isinstance(piece, str) else piece


async def _in_turn(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same for an asynchronous server: each piece is made in the request's own thread, with its connection."""
    following = sync_to_async(lambda: next(pieces, None))
    while (piece := await following()) is not None:
        yield piece
