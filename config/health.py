"""Is the process alive, and can it serve? For supervisors and load balancers; never cached, never redirected."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.clock import database_now
from journal.sealing.queries import waiting_since


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and holds our tables, else 503. Tells how long entries wait to be sealed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('journal_entry') IS NOT NULL")
            row = cursor.fetchone()
            told = f"ready\n{_waiting()}\n" if row and row[0] else ""
    except DatabaseError:
        told = ""
    if told:
        return HttpResponse(told, content_type="text/plain")
    return HttpResponse("the database is not ready\n", content_type="text/plain", status=503)


def _waiting() -> str:
    since = waiting_since()
    if since is None:
        return "every entry is sealed"
    return f"the oldest entry not yet sealed is {(database_now() - since).total_seconds():.0f} s old"
