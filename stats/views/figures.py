"""`/stats/`: the figures of P14.2, as a page and to take away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.clock import database_now
from stats import asked
from stats.exports import downloaded
from stats.forms import ChosenForm
from stats.queries.report import Report, report
from stats.rules.periods import last_day
from stats.sections import Names, all_sections
from stats.sections.names import read_names


@require_safe
@cache_control(max_age=30)
def figures(request: HttpRequest) -> HttpResponse:
    """All figures of what was chosen, each with definition, formula, chart and table."""
    now, names = database_now(), read_names()
    form = ChosenForm(request.GET, names)
    found = report(form.chosen(now))
    context = {
        "form": form,
        "found": found,
        "sections": all_sections(found, names),
        "summary": _summary(found, names),
        "until": last_day(found.chosen.period, now),
        "left_out": found.day.stock["left_out"] if found.day else 0,
    }
    return render(request, "stats/figures.html", context)


@require_safe
@cache_control(max_age=30)
def figure_export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One figure's table, of what the page shows under the same query string. Raises Http404."""
    now = database_now()
    tables = asked.figures(request.GET, now)
    if key not in tables:
        raise Http404(key)
    table = tables[key]
    return downloaded(table.section, kind, table.period, table.at, now)


def _summary(found: Report, names: Names) -> str:
    """`兰州市、水土保持方案编制的 120 个公告、98 次中选`."""
    chosen = found.chosen
    said = [names.region(chosen.region)] if chosen.region else [_("全省")]
    said += [names.item(chosen.item)] if chosen.item else [_("全部事项")]
    return _("%(what)s：%(published)s 个公告，%(awards)s 次中选，%(failed)s 次流标") % {
        "what": _("、").join(said),
        "published": f"{found.total.published:,}",
        "awards": f"{found.total.awards.count:,}",
        "failed": f"{found.total.failed:,}",
    }
