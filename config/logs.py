"""Log lines: JSON in production, readable in the demo; each names the request it belongs to.

The id comes back in the header `X-Request-Id`. Neither query strings nor addresses of people are written.
"""

import logging
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

import structlog

HEADER = "X-Request-Id"
_PROBES = ("/healthz", "/readyz")
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

log = logging.getLogger("market.request")


class RequestLogMiddleware:
    """Gives each request an id and writes one line about it. Stands first, so that every line below carries the id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=mark):
            response = self.get_response(request)
            if request.path not in _PROBES:
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                log.info("%s %s %s %s ms", request.method, request.path, response.status_code, milliseconds)
        response[HEADER] = mark
        return response


def configuration(*, readable: bool) -> dict[str, Any]:
    """Django's LOGGING: `readable` and quiet for a terminal, or every line as JSON."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if readable:
        # Traces without the values of variables: a price or a share may be among them.
        plain = structlog.dev.plain_traceback
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *([] if readable else [structlog.processors.format_exc_info]),
                    renderer,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING" if readable else "INFO"},
        "loggers": {
            # The request's own line says it already; an unhandled error still comes with its trace.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
