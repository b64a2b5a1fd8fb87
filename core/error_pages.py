"""Pages for when something is wrong: what happened, what is safe, what next, and the number to quote."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from structlog.contextvars import get_contextvars


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: most often an old tab or blocked cookies; what was typed is still there."""
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without session, database or context processors: any of them may be what failed."""
    text = loader.get_template("errors/500.html").render({"number": get_contextvars().get("request", "")})
    return HttpResponse(text, status=500)
