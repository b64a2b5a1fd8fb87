"""Credit for other platforms (P22.2): changes after a number, as JSON or CSV."""

import csv
import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core.clock import database_now, rfc3339
from core.exports import harmless
from core.http import repr_digest
from opendata import queries
from opendata.models import CreditChange
from opendata.rules.credit import SinceUnfit, shared

FORMAT = "credit-changes/1"
_COLUMNS = ("seq", "op", "key", "at", "kind", "uscc", "content")


@require_safe
def credit_json(request: HttpRequest) -> HttpResponse:
    """`{"format", "at", "since", "newest", "next", "changes", "checkpoint"}`; `next` is null when there is nothing more for now.

    `checkpoint` is the log's newest signed one, which covers the entries that the changes stand for.
    """
    since = _since(request)
    if since is None:
        return _refused()
    found = queries.credit_changes(since)
    newest = queries.newest_credit_change()
    more = bool(found) and found[-1].seq < newest
    said = {
        "format": FORMAT,
        "at": rfc3339(database_now()),
        "since": since,
        "newest": newest,
        "next": f"{settings.SITE_URL}{request.path}?since={found[-1].seq}" if more else None,
        "changes": [_said(one) for one in found],
        "checkpoint": queries.checkpoint(),
    }
    return _open(HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/json"))


@require_safe
def credit_csv(request: HttpRequest) -> HttpResponse:
    """The same page of changes as a table; `content` is JSON in its cell. The number to ask for next is in a header."""
    since = _since(request)
    if since is None:
        return _refused()
    found = queries.credit_changes(since)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(response)
    writer.writerow(_COLUMNS)
    for one in found:
        said = _said(one)
        content = json.dumps(said["content"], ensure_ascii=False) if "content" in said else ""
        writer.writerow(
            [
                one.seq,
                said["op"],
                said["key"],
                said["at"],
                said.get("kind", ""),
                said.get("uscc", ""),
                harmless(content),
            ]
        )
    response.headers["X-Next-Since"] = str(found[-1].seq if found else since)
    response.headers["Content-Disposition"] = 'attachment; filename="credit.csv"'
    return _open(response)


def _since(request: HttpRequest) -> int | None:
    """The number given, 0 by default; None for what is no number."""
    given = request.GET.get("since", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


def _refused() -> HttpResponse:
    return JsonResponse(SinceUnfit().as_wire(), status=400)


def _said(one: CreditChange) -> dict[str, Any]:
    return shared(one.seq, one.key, one.kind, one.uscc, one.at, one.content, newest=one.newest)


def _open(response: HttpResponse) -> HttpResponse:
    """What may have to be taken back is not kept by anybody in between; its hash is in a header."""
    response.headers["Repr-Digest"] = repr_digest(hashlib.sha256(response.content).digest())
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
