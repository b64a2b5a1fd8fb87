"""The page of open data, its files, its feed."""

import base64
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from asgiref.sync import sync_to_async

from core.exports import Entry
from core.exports.feeds import atom_of
from journal.models import Entry as Written
from marketplace.timeline import label_of
from opendata import queries
from opendata.models import BulkFile

_PIECE = 64 * 1024


@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence, in which formats, and every file with its hash."""
    context = {"files": queries.files(), "newest_change": queries.newest_credit_change()}
    return render(request, "opendata/data.html", context)


@require_safe
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A bulk file, piece by piece; its hash in the headers as on the page."""
    file = queries.file_named(name)
    if not file.path.exists():
        raise Http404(name)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type="application/gzip")
    else:
        pieces = _pieces(file.path)
        # Each kind of server takes only its own kind of iterator without emptying it first.
        body = _in_turn(pieces) if isinstance(request, ASGIRequest) else pieces
        response = StreamingHttpResponse(body, content_type="application/gzip")
    for header, value in _headers(file).items():
        response.headers[header] = value
    return response


@require_safe
def releases_feed(request: HttpRequest) -> HttpResponse:
    """The newest releases of all requests as an Atom feed; each leads to its request's package."""
    text = atom_of(
        queries.newest(),
        lambda rows: [_entry(one) for one in rows],
        name="releases",
        title=_("OCDS 发布"),
        path=request.path,
        page="/data/",
        query=request.GET,
    )
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def _entry(one: Written) -> Entry:
    number = one.case.name
    kind = label_of(one.kind)
    return Entry(f"{number}-{one.seq}", f"{number} {kind}", one.at, f"/r/{number}/ocds/releases.json", kind)


def _headers(file: BulkFile) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    return {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=file.name) or "attachment",
        "Content-Length": str(file.size),
        "ETag": f'"{file.sha256}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
    }


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(_PIECE):
            yield piece


async def _in_turn(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(lambda: next(pieces, None))
    while (piece := await following()) is not None:
        yield piece
