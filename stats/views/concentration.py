"""`/stats/concentration/`: how concentrated each item's market is in each city (P20.2), as a page and to take away."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.clock import database_now
from stats import asked
from stats.exports import downloaded
from stats.forms import ChosenForm
from stats.models import Day
from stats.queries import markets as queries
from stats.rules.concentration import HIGH_FROM, MODERATE_FROM
from stats.rules.periods import Span, last_day, period
from stats.sections import concentration as made
from stats.sections.names import read_names

_PAGE = 50


@require_safe
@cache_control(max_age=30)
def concentration(request: HttpRequest) -> HttpResponse:
    """Items in the whole province, cities, and each item in each city."""
    now, names = database_now(), read_names()
    form = ChosenForm(request.GET, names)
    chosen = form.chosen(now)
    year = period(Span.YEAR, now)
    page = Paginator(queries.markets(chosen.item, chosen.region), _PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "sections": [
            made.by_item(queries.markets_of_items()),
            made.by_city(queries.markets_of_regions()),
            made.by_both(page.object_list),
        ],
        "page": page,
        "day": Day.objects.first(),
        "year": year,
        "until": last_day(year, now),
        "moderate": MODERATE_FROM,
        "high": HIGH_FROM,
    }
    return render(request, "stats/concentration.html", context)


@require_safe
@cache_control(max_age=30)
def concentration_export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One of the page's tables, whole. Raises Http404."""
    now = database_now()
    tables = asked.concentrations(request.GET, now)
    if key not in tables:
        raise Http404(key)
    table = tables[key]
    return downloaded(table.section, kind, table.period, table.at, now)
