"""Documents as PDF: a page says which it wants, a job sets it, and the page's own door hands it out.

A document is known by everything that decides its bytes (`typeset.fingerprint`), so the same one is made once, whoever
asks. It is not public by itself: there is no door here. A package's own view checks who asks, then calls `response`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse

from django_tasks_db.models import DBTaskResult

from core import jobs, typeset
from core.clock import database_now, from_rfc3339
from core.models import MOST_ATTEMPTS, Rendering
from core.views import attachment

# A job that is not waiting in the queue and has not answered for so long has lost its worker.
LOST_AFTER = timedelta(seconds=30)
# What could not be made may have failed for a reason that has passed, a full disk for one.
ANOTHER_CHANCE_AFTER = timedelta(hours=1)
_WORKER_LOST = "the worker stopped while it made this"


@transaction.atomic
def wanted(template: str, data: Mapping[str, Any]) -> Rendering:
    """The rendering of `templates/pdf/<template>.typ` with `data`, asked for if nobody has yet. Part of larger verbs.

    `data` is plain JSON with `language` and `generated_at` (RFC 3339), which dates the document: take the moment of the
    thing documented, never now, or every look at the page makes another document. Raises LookupError for an unknown
    template.
    """
    from_rfc3339(data["generated_at"])
    key, now = typeset.fingerprint(template, data), database_now()
    asked = {"template": template, "data": dict(data), "requested_at": now, "touched_at": now}
    rendering, new = Rendering.objects.get_or_create(key=key, defaults=asked)
    if new or _start_again(rendering, dict(data), now):
        jobs.render.enqueue(key)
    return rendering


def sweep(now: datetime) -> int:
    """Put back into the queue what lost its worker or failed, at most five attempts; returns how many."""
    stale = Rendering.objects.filter(data__isnull=False, touched_at__lt=now - LOST_AFTER)
    stale.filter(attempts__gte=MOST_ATTEMPTS).update(data=None, error=_WORKER_LOST)
    queued = _queued()
    with transaction.atomic():
        lost = stale.filter(attempts__lt=MOST_ATTEMPTS).select_for_update(skip_locked=True).order_by("pk")
        keys = [rendering.key for rendering in lost if rendering.key not in queued]
        Rendering.objects.filter(key__in=keys).update(touched_at=now)
        for key in keys:
            jobs.render.enqueue(key)
    return len(keys)


def response(rendering: Rendering, filename: str) -> HttpResponse:
    """The PDF to be saved under `filename`, for views that have checked who asks; 404 while there is none."""
    stored = rendering.file
    if stored is None or not stored.path.exists():
        raise Http404
    answer = attachment(stored, filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _start_again(rendering: Rendering, data: dict[str, Any], now: datetime) -> bool:
    """Whether this old request is to be made anew: its file is gone, or it was given up long enough ago."""
    old = Rendering.objects.filter(pk=rendering.pk, data__isnull=True, touched_at=rendering.touched_at)
    gone = rendering.file is not None and not rendering.file.path.exists()
    given_up = rendering.file is None and rendering.data is None and now - rendering.touched_at > ANOTHER_CHANCE_AFTER
    if not (gone or given_up):
        return False
    if not old.update(data=data, file=None, attempts=0, error="", touched_at=now):
        return False
    rendering.refresh_from_db()
    return True


def _queued() -> set[str]:
    """The keys whose job still waits for a worker: however long the queue, they are not asked for twice."""
    waiting = DBTaskResult.objects.ready().filter(task_path=jobs.render.module_path)
    return {job.args_kwargs["args"][0] for job in waiting}
