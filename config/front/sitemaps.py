"""The sitemap: an index, and parts that each hold a range of keys, so that any number of rows needs the same memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.models import Agency
from bidding.models import Award
from marketplace.models import ItemStatus, ServiceItem
from marketplace.queries import requests_in_public

# Keys in one part; a sitemap may hold 50,000 addresses.
RANGE = 20_000
_AT_ONCE = 2_000
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PAGES = (
    "home",
    "request_list",
    "live_list",
    "award_list",
    "agency_list",
    "item_list",
    "cancelled_items",
    "exit_list",
    "policy_page",
    "verify",
    "help",
)


@dataclass(frozen=True)
class Kind:
    """Pages of one kind: the rows that have one, which column names them, and what their addresses look like."""

    rows: Callable[[], QuerySet[Any]]
    column: str
    page: str


KINDS = {
    "requests": Kind(lambda: requests_in_public().select_related(None), "number", "request_page"),
    "awards": Kind(Award.objects.all, "request__number", "award_page"),
    "agencies": Kind(Agency.objects.all, "organisation__uscc", "agency_page"),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which parts there are: one question per kind, whatever the number of rows."""
    parts = [("pages", 0)]
    for name, kind in KINDS.items():
        last = kind.rows().order_by().aggregate(last=Max("pk"))["last"]
        parts += [(name, number) for number in range(last // RANGE + 1)] if last else []
    lines = (f"<sitemap><loc>{_full(reverse('sitemap_part', args=part))}</loc></sitemap>" for part in parts)
    return _xml(iter([_HEAD, f"<sitemapindex {_NAMESPACE}>", *lines, "</sitemapindex>\n"]))


@require_safe
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The addresses of one range of keys, streamed."""
    if kind == "pages" and number == 0:
        return _xml(_urlset(_pages()))
    if kind not in KINDS:
        raise Http404
    return _xml(_urlset(_addresses(KINDS[kind], number)))


def _pages() -> Iterator[str]:
    yield from (reverse(name) for name in _PAGES)
    codes = ServiceItem.objects.filter(status__in=[ItemStatus.PUBLISHED, ItemStatus.CANCELLED])
    yield from (reverse("item_page", args=[code]) for code in codes.order_by("code").values_list("code", flat=True))


def _addresses(kind: Kind, number: int) -> Iterator[str]:
    rows = kind.rows().filter(pk__gte=number * RANGE, pk__lt=(number + 1) * RANGE).order_by("pk")
    before = None
    for name in rows.values_list(kind.column, flat=True).iterator(_AT_ONCE):
        if name != before:
            yield reverse(kind.page, args=[name])
        before = name


def _urlset(paths: Iterator[str]) -> Iterator[str]:
    yield f"{_HEAD}<urlset {_NAMESPACE}>"
    for path in paths:
        yield f"<url><loc>{_full(path)}</loc></url>"
    yield "</urlset>\n"


def _full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _xml(lines: Iterator[str]) -> HttpResponse:
    response = StreamingHttpResponse(lines, content_type="application/xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response  # type: ignore[return-value]
