"""How many calls per minute: by token, else by person, else by the client's address; counted where all processes see it."""

from django.conf import settings

from django_ratelimit.core import get_usage
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.models import Token
from core.http import client_address


class PerMinute(BaseThrottle):
    """Calls of all kinds; who has signed in may call more often."""

    def __init__(self) -> None:
        self.left = 0

    def allow_request(self, request: Request, view: object) -> bool:
        rate = settings.API_RATES["signed_in" if request.user.is_authenticated else "anybody"]
        usage = get_usage(request, group="api", key=lambda _group, _request: whose(request), rate=rate, increment=True)
        self.left = usage["time_left"] if usage else 0
        return not (usage and usage["should_limit"])

    def wait(self) -> float:
        return float(max(self.left, 1))


def judge_rate(request: Request, what: str, rate: str) -> None:
    """Raise Throttled where somebody has done `what` oftener than `rate`, such as `10/m`."""
    usage = get_usage(
        request, group=f"api.{what}", key=lambda _group, _request: whose(request), rate=rate, increment=True
    )
    if usage and usage["should_limit"]:
        raise Throttled(wait=max(usage["time_left"], 1))


def whose(request: Request) -> str:
    """To whose account a call goes."""
    if isinstance(request.auth, Token):
        return f"token:{request.auth.pk}"
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"address:{client_address(request)}"
