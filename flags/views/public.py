"""What everybody may know: the rules, how often each was right, and the flags that were confirmed."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from flags.evidence_page import formula_of, page_of
from flags.models import Flag
from flags.names import known, subject_of
from flags.queries import flags as queries
from flags.rules import RULES
from flags.rulesets import CURRENT, flag_rules
from flags.views.networks import network_page

PAGE_SIZE = 20


@require_safe
@cache_control(max_age=60)
def flag_list(request: HttpRequest) -> HttpResponse:
    """Every rule with its formula, law and precision; and what was confirmed."""
    page = Paginator(queries.confirmed(), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = known(shown)
    context = {
        "tallies": [(one, formula_of(one.rule, CURRENT)) for one in queries.tallies()],
        "page_obj": page,
        "rows": [(one, RULES[one.rule], subject_of(one, names)) for one in shown],
        "life": flag_rules().life,
    }
    return render(request, "flags/flag_list.html", context)


@require_safe
@never_cache
def flag_page(request: HttpRequest, number: str) -> HttpResponse:
    """One confirmed flag; any other is as if it were not there."""
    if not queries.is_public(number):
        raise Http404(number)
    flag = get_object_or_404(Flag.objects.select_related("exit_case"), number=number)
    return render(request, "flags/flag_page.html", {"page": page_of(flag), "flag": flag})


@require_safe
@cache_control(max_age=300)
def public_network(request: HttpRequest) -> HttpResponse:
    """Who bids with whom, from published awards alone."""
    return network_page(request, flagged=False)
