"""The page of open data, its files, its feed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from asgiref.sync import sync_to_async

from core.clock import database_now, rfc3339
from core.exports import Entry
from core.exports.feeds import atom_of
from core.http import repr_digest
from journal.models import Entry as Written
from marketplace.timeline import label_of
from opendata import queries
from opendata.models import BulkFile

_PIECE = 64 * 1024


@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence, in which formats, and every file with its hash."""
    files = list(queries.files())
    days = [one for one in files if one.of_a_day]
    context = {
        "files": [one for one in files if not one.of_a_day],
        "days": days,
        "newest_change": queries.newest_credit_change(),
    }
    return render(request, "opendata/data.html", context)


@require_safe
def data_index(request: HttpRequest) -> HttpResponse:
    """`{"format", "at", "files", "checkpoint"}`: every file with its size and SHA-256, and the log's newest signed checkpoint."""
    files = [
        {
            "name": one.name,
            "kind": one.kind,
            "period": one.period,
            "rows": one.rows,
            "size": one.size,
            "sha256": one.sha256,
            "made_at": rfc3339(one.made_at) if one.made_at else None,
            "url": f"{settings.SITE_URL}{reverse('data_file', args=[one.name])}",
        }
        for one in queries.files()
    ]
    said = {"format": "data-index/1", "at": rfc3339(database_now()), "files": files, "checkpoint": queries.checkpoint()}
    response = JsonResponse(said)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A bulk file, piece by piece, unless the receiver has it already; its hash in the headers as on the page."""
    file = queries.file_named(name)
    if not file.path.exists():
        raise Http404(name)
    if held := get_conditional_response(request, etag=_headers(file)["ETag"]):
        return held
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
    return {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=file.name) or "attachment",
        "Content-Length": str(file.size),
        "ETag": f'"{file.sha256}"',
        "Repr-Digest": repr_digest(bytes.fromhex(file.sha256)),
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
