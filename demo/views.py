"""The demo's doors: take a role with one click, read the mails that were not sent. They exist in demo mode only."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from demo import queries, roles

_STAYS_AT = ("/r/", "/live/", "/items/", "/requests/")


@require_POST
def take_role(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as the person behind a role; whoever looks at a request stays there, others go to their desk."""
    person = roles.person_behind(role)
    if person is None:
        raise Http404(role)
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    came_from = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return redirect(came_from if safe and came_from.startswith(_STAYS_AT) else "desk")


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    return render(request, "demo/outbox.html", {"mails": queries.newest_mails()})
