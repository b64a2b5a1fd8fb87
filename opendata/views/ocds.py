"""A request as OCDS: its releases, its record."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from marketplace.queries import request_in_public
from opendata import queries


@require_safe
def releases_json(request: HttpRequest, number: str) -> HttpResponse:
    """All releases of a request in public, as a release package."""
    return package(queries.releases_of_request(request_in_public(number)))


@require_safe
def record_json(request: HttpRequest, number: str) -> HttpResponse:
    """What holds now and how it came about, as a record package."""
    return package(queries.record_of_request(request_in_public(number)))


def package(said: dict[str, Any]) -> HttpResponse:
    """Open to scripts of other sites: there is nothing in it that depends on who asks."""
    response = HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
