"""Work done outside of any request, by the job worker."""

import logging

from django.db import transaction
from django.db.models import F

from django_tasks import task

from core import files, typeset
from core.clock import database_now
from core.models import MOST_ATTEMPTS, Rendering

log = logging.getLogger(__name__)

_LONGEST_ERROR = 2000


@task()
def render(key: str) -> None:
    """Set the document of that key and keep it; doing it twice does it once. What goes wrong stays on the row."""
    rendering = _take(key)
    if rendering is None or rendering.data is None:
        return
    try:
        made = typeset.pdf(rendering.template, rendering.data)
        _finish(rendering, made)
    except Exception as trouble:
        # Whatever it was, the row says so and the sweeper tries again.
        log.exception("a document could not be made: %s", rendering)
        _give_back(rendering, trouble)


def _take(key: str) -> Rendering | None:
    """The row if there is still something to do. The attempt is counted first: one that kills its worker counts too."""
    unmade = Rendering.objects.filter(key=key, file=None, data__isnull=False, attempts__lt=MOST_ATTEMPTS)
    if not unmade.update(attempts=F("attempts") + 1, touched_at=database_now()):
        return None
    return Rendering.objects.get(key=key)


def _finish(rendering: Rendering, made: bytes) -> None:
    with transaction.atomic():
        file = files.keep(made)
        Rendering.objects.filter(pk=rendering.pk).update(file=file, data=None, error="")


def _give_back(rendering: Rendering, trouble: Exception) -> None:
    error = f"{type(trouble).__name__}: {trouble}"[:_LONGEST_ERROR]
    unmade = Rendering.objects.filter(pk=rendering.pk, file=None)
    if rendering.attempts >= MOST_ATTEMPTS:
        unmade.update(error=error, data=None)
    else:
        unmade.update(error=error)
