"""Where a press came from, read from its request; the browser is known by a cookie of its own, sent to bidders' doors alone."""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bidding.rules.traces import Origin, network_of
from core.http import client_address

DEVICE_COOKIE = "device"
_WELL_FORMED = re.compile(r"[\w-]{16,64}", re.ASCII)
_A_YEAR = 365 * 24 * 3600


def origin_of(request: HttpRequest) -> Origin:
    """The network of its address, and the browser's name for itself if it has one."""
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    return Origin(network_of(client_address(request)), device if _WELL_FORMED.fullmatch(device) else "")


def remembers_device(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door of bidders: a browser that comes for the first time is given a random name."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = _WELL_FORMED.fullmatch(request.COOKIES.get(DEVICE_COOKIE, ""))
        if not known:
            request.COOKIES[DEVICE_COOKIE] = secrets.token_urlsafe(24)
        answer = view(request, *args, **kwargs)
        if not known:
            answer.set_cookie(
                DEVICE_COOKIE,
                request.COOKIES[DEVICE_COOKIE],
                max_age=_A_YEAR,
                path="/r/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return answer

    return door
