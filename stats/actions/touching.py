"""What has been said in the log, and so which cells are to be summed anew."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from bidding.entries import Kind as Selection
from journal.models import Entry
from marketplace.entries import Kind as Notice
from stats.actions import sums
from stats.models import Stale
from stats.rules.periods import month_of

_TELLING = frozenset(
    {
        Notice.PUBLISHED,
        Notice.CHANGED,
        Notice.CANCELLED,
        Selection.FAILED,
        Selection.SELECTION_FAILED,
        Selection.AWARD,
        Selection.AWARD_DECLINED,
        Selection.AWARD_VOIDED,
        Selection.BARRED,
    }
)


def mark_touched(entries: Sequence[Entry]) -> None:
    """Note the cells that these entries may change, within the caller's transaction. Most entries change none."""
    telling = [entry for entry in entries if entry.kind in _TELLING]
    if not telling:
        return
    with connection.cursor() as cursor:
        columns: dict[str, Any] = {"cases": [e.case_id for e in telling], "moments": [e.at for e in telling]}
        cursor.execute(sums.TOUCHED, columns)
    _mark_left([entry for entry in telling if entry.kind == Notice.CHANGED])


def _mark_left(changes: Sequence[Entry]) -> None:
    """A request that moved to another city leaves the cell where its notice was counted."""
    for entry in changes:
        left = [change["old"] for change in entry.data["changes"] if change["field"] == "region"]
        request = getattr(entry.case, "request", None)
        if left and request is not None and request.published_at is not None:
            Stale.objects.get_or_create(
                month=month_of(request.published_at), item_id=request.item_id, region_id=left[0]
            )
