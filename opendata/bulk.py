"""The lines of bulk files, a slice at a time, so that memory does not grow with what there is."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from marketplace.models import Request
from opendata import queries
from opendata.models import BulkFile, BulkKind, CreditChange
from opendata.rules.credit import shared
from opendata.rules.merging import record
from opendata.rules.releases import date

SLICE = 100


def lines(file: BulkFile) -> Iterator[tuple[int, list[bytes]]]:
    """What comes after the file's cursor: up to a slice of `(cursor, lines)`; none means that all is there."""
    return _credit(file) if file.kind == BulkKind.CREDIT else _processes(file)


def _processes(file: BulkFile) -> Iterator[tuple[int, list[bytes]]]:
    """The requests whose case files grew in the period; of each, its releases or its record as it was at the period's end."""
    rows = Request.objects.filter(number__isnull=False, case_id__gt=file.cursor, case__last_at__gte=file.begins)
    for case, number in rows.order_by("case_id").values_list("case_id", "number")[:SLICE]:
        yield case, [_line(one) for one in _of_process(file, number or "")]


def _of_process(file: BulkFile, number: str) -> Iterator[dict[str, Any]]:
    begins, until = date(file.begins), date(file.until)
    if file.kind == BulkKind.RELEASES:
        yield from (one for one in queries.releases_of(number) if begins <= one["date"] < until)
        return
    found = [one for one in queries.releases_of(number) if one["date"] < until]
    if found and found[-1]["date"] >= begins:
        yield record(queries.facts_of(number), found, linked=True)


def _credit(file: BulkFile) -> Iterator[tuple[int, list[bytes]]]:
    """The newest change of every key, in the order of their numbers: what holds, and the keys of what is gone."""
    rows = CreditChange.objects.filter(newest=True, seq__gt=file.cursor).order_by("seq")[: SLICE * 5]
    for one in rows:
        yield one.seq, [_line(shared(one.seq, one.key, one.kind, one.uscc, one.at, one.content, newest=True))]


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def first_at() -> datetime | None:
    """When the first request became public."""
    return (
        Request.objects.filter(published_at__isnull=False)
        .order_by("published_at")
        .values_list("published_at", flat=True)
        .first()
    )
