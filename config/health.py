"""Is the process alive, and can it serve? For supervisors and load balancers; never cached, never redirected."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and holds our tables, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('journal_entry') IS NOT NULL")
            row = cursor.fetchone()
    except DatabaseError:
        row = None
    if row and row[0]:
        return HttpResponse("ready\n", content_type="text/plain")
    return HttpResponse("the database is not ready\n", content_type="text/plain", status=503)
