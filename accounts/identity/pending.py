"""An identity that was vouched for in this browser and belongs to no account yet."""

import time

from django.http import HttpRequest

from accounts.identity.rules import Identity, IdentityForgotten

_KEY = "identity_pending"
_SECONDS = 15 * 60


def keep(request: HttpRequest, identity: Identity) -> None:
    """Remember it for a quarter of an hour, in the session alone."""
    request.session[_KEY] = {"identity": identity.as_dict(), "at": time.time()}


def found(request: HttpRequest) -> Identity:
    """The one that waits; raises IdentityForgotten."""
    kept = request.session.get(_KEY)
    if not kept or time.time() - kept["at"] > _SECONDS:
        raise IdentityForgotten
    return Identity(**kept["identity"])


def since(request: HttpRequest) -> float:
    """When it came, in seconds since the epoch; raises IdentityForgotten."""
    found(request)
    return float(request.session[_KEY]["at"])


def drop(request: HttpRequest) -> None:
    """It is settled."""
    request.session.pop(_KEY, None)
