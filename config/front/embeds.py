"""Small pages that other sites may frame: what is live, one award, one agency's credit. Nothing of the reader is in them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from csp.decorators import csp_replace

from agencies.queries import agency_by
from bidding.queries import awards_newest_first, running_now

View = Callable[..., HttpResponse]
_SHOWN = 5


def framed(view: View) -> View:
    """Any site may frame it; it is kept for a minute, and says nothing that depends on who looks."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=60"
        # The language may be the reader's choice, where the address names none.
        patch_vary_headers(response, ["Cookie"])
        return response

    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(require_safe(door)))  # type: ignore[return-value]


@framed
def live(request: HttpRequest) -> HttpResponse:
    """The auctions with the most bids now, by label and price as everybody sees them."""
    return render(request, "front/embed_live.html", {"requests": running_now()[:_SHOWN]})


@framed
def award(request: HttpRequest, number: str) -> HttpResponse:
    """The award of a request that has one."""
    found = get_object_or_404(awards_newest_first(), request__number=number)
    return render(request, "front/embed_award.html", {"award": found})


@framed
def credit(request: HttpRequest, uscc: str) -> HttpResponse:
    """An agency's grade and score, with the way to how they come about."""
    return render(request, "front/embed_credit.html", {"agency": agency_by(uscc)})


@require_safe
def snippets(request: HttpRequest) -> HttpResponse:
    """What to paste into another site, in the reader's language. `?award=` and `?agency=` name what to show there."""
    doors = [(_("正在竞价"), "live", reverse("embed_live"), 320)]
    if number := request.GET.get("award"):
        award = get_object_or_404(awards_newest_first(), request__number=number)
        doors.insert(
            0, (pgettext("one", "中选公告"), "award", reverse("embed_award", args=[award.request.number]), 220)
        )
    if uscc := request.GET.get("agency"):
        doors.insert(0, (_("信用评分"), "agency", reverse("embed_credit", args=[agency_by(uscc).uscc]), 200))
    chosen = "" if get_language() == settings.LANGUAGE_CODE else f"?lang={get_language()}"
    return render(request, "front/embed.html", {"doors": doors, "site": settings.SITE_URL, "chosen": chosen})
