"""Plain files for machines."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.clock import database_now, rfc3339

# Whatever is behind a sign-in or acts; everything public is open.
_CLOSED = ("/desk/", "/regulate/", "/regulator/", "/operate/", "/accounts/", "/demo/", "/expert/", "/invitations/")
_GOOD_FOR = timedelta(days=180)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; no robot has business in workbenches."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return _text("\n".join(lines) + "\n")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness; 404 where nobody said."""
    contact = settings.ENV.security_contact
    if not contact:
        raise Http404
    expires = (database_now() + _GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {rfc3339(expires)}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return _text("\n".join(lines) + "\n")


def _text(content: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
