"""A figure's table to take away, with what it means: CSV for spreadsheets, JSON for machines."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from core.clock import BEIJING, rfc3339
from core.exports import harmless
from core.money import wire
from stats.rules.periods import Period, last_day
from stats.tables import Column, Row, Section, Unit, Value

_BOM = "\ufeff"


def downloaded(section: Section, kind: str, period: Period | None, at: datetime | None, now: datetime) -> HttpResponse:
    """`stats-<key>-<day>.<kind>`; `period` is None for what is true on a day, `at` when it was last brought up to date."""
    made = _csv(section) if kind == "csv" else _json(section, period, at, now)
    kinds = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    response = HttpResponse(made, content_type=kinds[kind])
    name = f"stats-{section.key}-{now.astimezone(BEIJING):%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _csv(section: Section) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(str(column.label)) for column in section.columns])
    for row in section.rows:
        writer.writerow([_cell(column, value) for column, value in zip(section.columns, row.values, strict=True)])
    return _BOM + out.getvalue()


def _json(section: Section, period: Period | None, at: datetime | None, now: datetime) -> str:
    return json.dumps(document(section, period, at, now), ensure_ascii=False, indent=1) + "\n"


def document(section: Section, period: Period | None, at: datetime | None, now: datetime) -> dict[str, Any]:
    """A figure as a `stats-<key>/1`: what it means, when it was true, its rows."""
    return {
        "format": f"stats-{section.key}/1",
        "title": str(section.title),
        "definition": str(section.definition),
        "formula": str(section.formula),
        "at": rfc3339(at) if at else None,
        "from": period.since.isoformat() if period else None,
        "to": last_day(period, now).isoformat() if period else None,
        "rows": [_plain(section, row) for row in section.rows],
    }


def _plain(section: Section, row: Row) -> dict[str, object]:
    """Decimals and money are text, so that no reader rounds them."""
    pairs = zip(section.columns, row.values, strict=True)
    return {"code": row.code, **{column.key: _said(column, value) for column, value in pairs}}


def _said(column: Column, value: Value) -> Value:
    if column.unit is Unit.MONEY and isinstance(value, int):
        return wire(value)
    return str(value) if isinstance(value, Decimal) else value


def _cell(column: Column, value: Value) -> str:
    said = _said(column, value)
    return (
        "" if said is None else harmless(str(said)) if isinstance(said, str) and column.unit is Unit.TEXT else str(said)
    )
