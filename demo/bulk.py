"""Many rows at once: numbers reserved beforehand, so that rows may name each other, and COPY to bring them in."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_AT_ONCE = 500


class Numbers:
    """Numbers of one sequence, reserved a stretch at a time; what is reserved and not used stays a gap."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence
        self._stock: Iterator[int] = iter(())

    @classmethod
    def of(cls, model: type[models.Model]) -> "Numbers":
        """The primary keys of a model's rows."""
        return cls(f"pg_get_serial_sequence('{model._meta.db_table}', 'id')")

    def next(self) -> int:
        """A number that nobody else has or will get."""
        found = next(self._stock, None)
        if found is None:
            self._stock = iter(self._reserve())
            found = next(self._stock)
        return found

    def _reserve(self) -> list[int]:
        with connection.cursor() as cursor:
            statement = f"SELECT nextval(({self._sequence})::regclass) FROM generate_series(1, {_AT_ONCE})"  # noqa: S608
            cursor.execute(statement)
            return [number for (number,) in cursor.fetchall()]


def copy(*groups: Sequence[models.Model]) -> int:
    """Insert the rows of each group, all of one model, in the order given; returns how many rows."""
    for rows in groups:
        if rows:
            _copy(rows)
    return sum(map(len, groups))


@contextmanager
def joining_by_hash() -> Iterator[None]:
    """For a statement whose trigger joins all that came in: PostgreSQL cannot know how much that is, and would loop."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def analyse() -> None:
    """Let PostgreSQL know at once what has come in; its plans for the first pages would be poor without."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(rows: Sequence[models.Model]) -> None:
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if _told(rows[0], field)]
    text = StringIO("".join(chain.from_iterable(_line(row, fields) for row in rows)))
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f'COPY "{meta.db_table}" ({columns}) FROM STDIN', text)


def _told(row: models.Model, field: Any) -> bool:
    """Not what the database gives by itself: a number nobody reserved, a default of its own."""
    value = getattr(row, field.attname)
    return not isinstance(value, DatabaseDefault) and not (field.primary_key and value is None)


def _line(row: models.Model, fields: Sequence[Any]) -> Iterator[str]:
    cells = [(field, getattr(row, field.attname)) for field in fields]
    yield "\t".join([_array(value) if isinstance(field, ArrayField) else _cell(value) for field, value in cells])
    yield "\n"


def _array(values: Sequence[str]) -> str:
    quoted = ",".join(json.dumps(value, ensure_ascii=False) for value in values)
    return f"{{{quoted}}}".translate(_ESCAPES)


def _cell(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case str():
            return value.translate(_ESCAPES)
        case bool():
            return "t" if value else "f"
        case int() | UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return "\\\\x" + value.hex()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
        case _:
            raise TypeError(type(value))
