"""The page of the co-bidding network, for officers and for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.clock import database_now
from flags.forms import market_form
from flags.network import drawn, network

_ROWS = 50


def network_page(request: HttpRequest, *, flagged: bool) -> HttpResponse:
    """A market's network by `?item=` and `?region=`; an unknown one of either is all of them."""
    form = market_form(request.GET)
    found = network(*form.market, database_now(), flagged=flagged)
    context = {
        "form": form,
        "network": found,
        "picture": drawn(found),
        "rows": found.rows()[:_ROWS],
        "flagged": flagged,
    }
    return render(request, "flags/network.html", context)
