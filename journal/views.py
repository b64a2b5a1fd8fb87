"""The log's doors, for everybody and from anywhere: the newest checkpoint, the keys, and proofs."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core.errors import Refused
from journal.models import Entry
from journal.openness import is_public
from journal.sealing import queries
from journal.sealing.actions import newest_checkpoint

_FRESH = 5  # seconds that a proxy or browser may keep an answer
_LONGEST_NUMBER = 18
_NAME = re.compile("[A-Z0-9-]{1,40}")


def _open_to_all(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers that pages of other origins may read, and a refusal as JSON with 409."""

    @require_safe
    @wraps(view)
    def door(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
            response.headers["Cache-Control"] = f"public, max-age={_FRESH}"
        except Refused as refused:
            response = JsonResponse(refused.as_wire(), status=409)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return door


@_open_to_all
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint as C2SP writes it; 404 before the first."""
    newest = newest_checkpoint()
    if newest is None:
        raise Http404
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8")


@_open_to_all
def keys(_request: HttpRequest) -> HttpResponse:
    """Every key that signs, signed or will sign."""
    return _json(queries.keys_on_wire())


@_open_to_all
def inclusion(request: HttpRequest) -> HttpResponse:
    """`?case=&seq=`: the proof that one entry of a public case file is under the newest checkpoint."""
    case, seq = request.GET.get("case", ""), _number(request, "seq")
    known = _NAME.fullmatch(case) is not None and is_public(case)
    entry = Entry.objects.filter(case__name=case, seq=seq).first() if known else None
    if entry is None:
        raise Http404
    seal = queries.Seal.newest()
    if seal is None:
        raise queries.NotSealedYet
    return _json({"case": case, "seq": seq, **seal.of_entry(entry)})


@_open_to_all
def consistency(request: HttpRequest) -> HttpResponse:
    """`?from=&to=`: the proof that the log of `to` leaves begins with that of `from`."""
    first, second = _number(request, "from"), _number(request, "to")
    return _json({"from": first, "to": second, "hashes": queries.consistency(first, second)})


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    if not (given.isascii() and given.isdecimal() and len(given) <= _LONGEST_NUMBER):
        raise Http404
    return int(given)


def _json(data: dict[str, Any]) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
