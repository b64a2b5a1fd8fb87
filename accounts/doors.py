"""What stands before a signed-in door: signed out leads to the sign-in, "not yours" looks like "not there"."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from allauth.mfa.utils import is_mfa_enabled
from django_ratelimit.core import get_usage

from accounts.models import Kind, Membership, Organisation, User
from accounts.queries import membership_of
from core.error_pages import too_many
from core.http import client_address

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who acts for an organisation; the doors below fill in which."""

    user: User
    membership: Membership
    organisation: Organisation


class Acting(Protocol):
    """Who presses, and for whom: by a page (DeskRequest) or by a program."""

    @property
    def user(self) -> User: ...

    @property
    def organisation(self) -> Organisation: ...


class OperatorRequest(HttpRequest):
    """A request of the platform's operator."""

    user: User


DeskView = Callable[Concatenate[DeskRequest, P], HttpResponse]
OperatorView = Callable[Concatenate[OperatorRequest, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def member_required(view: DeskView[P]) -> View[P]:
    """A door for whoever acts for an organisation."""
    return _acting_as(view, *Kind)


def buyer_required(view: DeskView[P]) -> View[P]:
    """A door for enterprises and departments."""
    return _acting_as(view, Kind.ENTERPRISE, Kind.DEPARTMENT)


def agency_required(view: DeskView[P]) -> View[P]:
    """A door for agencies; `request.organisation.agency` is theirs."""
    return _acting_as(view, Kind.AGENCY)


def regulator_required(view: DeskView[P]) -> View[P]:
    """A door for regulators."""
    return _acting_as(view, Kind.REGULATOR)


def officer_required(view: DeskView[P]) -> View[P]:
    """A door for regulators who sign in with a second factor; without one it leads to where it is set up (R8).

    The invented officers of a demo have none.
    """
    return second_factor_for_officers(_acting_as(view, Kind.REGULATOR))


def second_factor_for_officers(view: View[P]) -> View[P]:
    """A door that others may use as well: a regulator passes it with a second factor only."""

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        membership = membership_of(request.user) if request.user.is_authenticated else None
        officer = membership is not None and membership.organisation.kind == Kind.REGULATOR
        if officer and not settings.DEMO_MODE and not is_mfa_enabled(request.user):
            messages.warning(request, _("办理监管事项须先启用两步验证"))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return door


def operator_required(view: OperatorView[P]) -> View[P]:
    """A door for the platform's operators."""

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise Http404
        return view(cast("OperatorRequest", request), *args, **kwargs)

    return door


def limited(rate: str) -> Callable[[View[P]], View[P]]:
    """At most `rate` (such as `30/m`) posts per client address; beyond it a page that says when to come back, 429."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            group = f"{view.__module__}.{view.__qualname__}"
            usage = get_usage(
                request,
                group=group,
                key=lambda _group, asked: client_address(asked),
                rate=rate,
                method="POST",
                increment=True,
            )
            if usage is not None and usage["should_limit"]:
                return too_many(request, usage["time_left"])
            return view(request, *args, **kwargs)

        return door

    return guard


def _acting_as(view: DeskView[P], *kinds: Kind) -> View[P]:
    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        membership = membership_of(request.user)
        if membership is None or membership.organisation.kind not in kinds:
            raise Http404
        desk = cast("DeskRequest", request)
        desk.membership = membership
        desk.organisation = membership.organisation
        return view(desk, *args, **kwargs)

    return door
