"""Doors' shared manners over HTTP: refusals become form errors or 409 pages."""

import base64
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from structlog.contextvars import get_contextvars

from core.errors import Refused, sentence

# Set by the switch in the header: large type, large targets (关怀版).
CARE_COOKIE = "care"


def repr_digest(sha256: bytes) -> str:
    """The value of `Repr-Digest` (RFC 9530) for a representation with that hash."""
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"


class RefusedMiddleware:
    """Turns a `Refused` that no form caught into a page, or JSON where JSON was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if wants_json(request):
            return JsonResponse(exception.as_wire(), status=409)
        return render(request, "errors/refused.html", {"refused": exception}, status=409)


def wants_json(request: HttpRequest) -> bool:
    """Did the caller ask for JSON rather than a page?"""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def client_address(request: HttpRequest) -> str:
    """The client's address: from the one configured header behind a proxy, else from the connection."""
    header: str | None = settings.ENV.trusted_address_header
    given: Any = request.headers.get(header) if header else None
    return str(given or request.META.get("REMOTE_ADDR") or "unknown")


def refused_to_form(form: forms.BaseForm, refused: Refused) -> None:
    """Put a refusal where the reader looks: at its field if the form has it, else at the top."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, forms.ValidationError(_full_text(refused), code=refused.code))


def site(request: HttpRequest) -> dict[str, Any]:
    """What every template may ask of the site."""
    return {
        "demo_mode": settings.DEMO_MODE,
        "site_url": settings.SITE_URL,
        "care": request.COOKIES.get(CARE_COOKIE) == "1",
        "canonical": settings.SITE_URL + request.path,
        "request_id": get_contextvars().get("request", ""),
        "identity_service": settings.ENV.oidc_name if settings.ENV.oidc_issuer else "",
    }


def _full_text(refused: Refused) -> str:
    parts = [refused.text, sentence(refused.basis), refused.remedy]
    return "。".join(part.rstrip("。") for part in parts if part)
