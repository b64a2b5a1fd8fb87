"""The page of the co-bidding network, for officers and for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.clock import database_now
from core.models import Region
from flags.forms import MarketForm
from flags.network import drawn, network
from marketplace.models import ItemStatus, ServiceItem

_ROWS = 50


def network_page(request: HttpRequest, *, flagged: bool) -> HttpResponse:
    """A market's network by `?item=` and `?region=`; an unknown one of either is all of them."""
    items = [(one.pk, one.name) for one in ServiceItem.objects.filter(status=ItemStatus.PUBLISHED).order_by("pk")]
    regions = [(one.pk, one.name) for one in Region.objects.filter(request__isnull=False).distinct().order_by("pk")]
    form = MarketForm(request.GET or None, items=items, regions=regions)
    chosen = form.cleaned_data if form.is_valid() else {"item": "", "region": ""}
    found = network(chosen["item"], chosen["region"], database_now(), flagged=flagged)
    context = {
        "form": form,
        "network": found,
        "picture": drawn(found),
        "rows": found.rows()[:_ROWS],
        "flagged": flagged,
    }
    return render(request, "flags/network.html", context)
