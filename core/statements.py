"""Statements of the hot path: planned once for each connection, not each time they run.

PostgreSQL needs longer to plan a statement with joins than to run it (0.9 ms against 0.1 for a bid's bidders). psycopg2
prepares nothing by itself, so this does, with SQL's own PREPARE. It needs a session of its own for each connection: a
pooler that shares sessions between transactions (PgBouncer's transaction mode) cannot stand between.
"""

from collections.abc import MutableMapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

# A driver's connection, and the names of what is planned on it. Gone with the connection.
_planned: MutableMapping[object, set[str]] = WeakKeyDictionary()


class Statement:
    """One statement with parameters $1, $2, …; `name` is its own in the whole platform."""

    def __init__(self, name: str, sql: str) -> None:
        self.name, self.sql = name, sql

    def run(self, *values: Any) -> list[tuple[Any, ...]]:
        """Run it with `values` on this thread's connection; the rows it gives."""
        return run_together((self, values))


def run_together(*calls: tuple[Statement, Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Run statements in order in one message to the server, each with a snapshot of its own; the rows of the last."""
    with connection.cursor() as cursor:
        planned = _planned.setdefault(connection.connection, set())
        for statement, _values in calls:
            if statement.name not in planned:
                # Stays, even if the transaction around it is rolled back.
                cursor.execute(f"PREPARE {statement.name} AS {statement.sql}")
                planned.add(statement.name)
        sql = "; ".join(f"EXECUTE {one.name} ({', '.join(['%s'] * len(values))})" for one, values in calls)
        cursor.execute(sql, [value for _statement, values in calls for value in values])
        return cursor.fetchall() if cursor.description else []
