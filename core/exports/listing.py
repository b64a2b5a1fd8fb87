"""A public list: one description, and the doors that it has beside its page."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

import django_filters
from django_ratelimit.core import get_usage

from core import calendars
from core.clock import database_now
from core.error_pages import too_many
from core.errors import Refused, Text
from core.exports.columns import Column, Entry, M
from core.exports.feeds import atom_of
from core.exports.streams import TYPES, exported, streamed
from core.exports.tables import chunks
from core.http import client_address

F = TypeVar("F", bound=django_filters.FilterSet)
RATE = "30/m"


class BadQuery(Refused):
    """A query string that the list's page would call wrong. Facts: errors, as the page says them."""

    code = "E_QUERY"
    message = _("筛选条件有误：%(errors)s")
    fix = _("请在列表页更正筛选条件后再下载。")


@dataclass(frozen=True)
class Listing(Generic[M]):
    """A list as `<name>.csv`, `.xlsx`, `.json`, `.atom` and, where its rows have open dates, `.ics`.

    `page` names the list's page; `rows` gives what that page shows for the same request, of all its pages, in its order, and
    raises BadQuery (see `valid`). `entries` gives one entry a row, for a page of rows at once. `dates` gives a row's open
    deadlines, each a date in people's own calendars; `dated` leaves out rows that have none, so that a calendar of a few
    does not read a million.
    """

    name: str
    page: str
    title: Text
    rows: Callable[[HttpRequest], QuerySet[M]]
    columns: Sequence[Column[M]]
    entries: Callable[[list[M]], Iterable[Entry]]
    dates: Callable[[M], Iterable[calendars.Date]] | None = None
    dated: Callable[[QuerySet[M]], QuerySet[M]] = lambda rows: rows


def valid(found: F) -> F:
    """The FilterSet, if its page would not complain; raises BadQuery."""
    if not found.is_valid():
        fields = found.form.fields
        said = [
            f"{fields[name].label if name in fields else ''} {error}".strip()
            for name, errors in found.form.errors.items()
            for error in errors
        ]
        raise BadQuery(errors=" ".join(said))
    return found


def paths(listing: Listing[Any]) -> list[URLPattern]:
    """The doors of a list beside its page, named `<page>_csv` and so on."""
    kinds = [kind for kind in TYPES if kind != "ics" or listing.dates is not None]
    return [path(f"{listing.name}.{kind}", _door(listing, kind), name=f"{listing.page}_{kind}") for kind in kinds]


def _door(listing: Listing[Any], kind: str) -> Callable[[HttpRequest], HttpResponseBase]:
    @require_safe
    def door(request: HttpRequest) -> HttpResponseBase:
        usage = get_usage(
            request,
            group=f"exports.{listing.name}",
            key=lambda _group, asked: client_address(asked),
            rate=RATE,
            increment=True,
        )
        if usage is not None and usage["should_limit"]:
            return too_many(request, usage["time_left"])
        try:
            rows = listing.rows(request)
        except BadQuery as refused:
            if kind == "json":
                return JsonResponse(refused.as_wire(), status=400)
            return render(request, "errors/refused.html", {"refused": refused}, status=400)
        return _answer(request, listing, kind, rows)

    return door


def _answer(request: HttpRequest, listing: Listing[M], kind: str, rows: QuerySet[M]) -> HttpResponseBase:
    match kind:
        case "csv" | "xlsx" | "json":
            return exported(request, kind, rows, listing.columns, name=listing.name)
        case "atom":
            return _feed(request, listing, rows)
        case _:
            now = database_now()
            events = calendars.pieces(str(listing.title), _dates(listing, rows), now)
            return streamed(request, "ics", events, name=listing.name, now=now)


def _dates(listing: Listing[M], rows: QuerySet[M]) -> Iterator[calendars.Date]:
    assert listing.dates is not None
    for chunk in chunks(listing.dated(rows)):
        for row in chunk:
            yield from listing.dates(row)


def _feed(request: HttpRequest, listing: Listing[M], rows: QuerySet[M]) -> HttpResponseBase:
    """One page of the feed; who holds it already, hears that nothing has changed."""
    body = atom_of(
        rows,
        listing.entries,
        name=listing.name,
        title=str(listing.title),
        path=request.path,
        page=reverse(listing.page),
        query=request.GET,
    ).encode()
    response = HttpResponse(body, content_type=TYPES["atom"])
    response.headers["ETag"] = etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    held = get_conditional_response(request, etag=etag, response=response)
    return response if held is None else held
