"""Tests in which several threads commit for real, and after which nothing is left behind."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import connection, connections, transaction

T = TypeVar("T")

# Everything else hangs on these and goes with them; regions and what else migrations brought stays.
_ROOTS = (
    "journal_case",
    "journal_unsealed",
    "journal_checkpoint",
    "journal_follower",
    "accounts_organisation",
    "accounts_user",
    "agencies_creditcount",
    "django_session",
    "django_tasks_database_dbtaskresult",
    "bidding_heartbeat",
    "bidding_roomprocess",
    "core_storedfile",
    "marketplace_serviceitem",
    "ratings_marketfigures",
    "opendata_bulkfile",
    "opendata_creditchange",
    "stats_day",
)


@contextmanager
def for_real(blocker: Any) -> Iterator[None]:
    """Lets a test commit; wants pytest-django's `django_db_setup` requested and its `django_db_blocker` given."""
    with blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_"), "this would empty a database that is no test's"
        try:
            yield
        finally:
            _clear()


def at_once(*actions: Callable[[], T]) -> Sequence[T | BaseException]:
    """Run the actions in threads that start together; what each returned or raised, in order."""
    gate = threading.Barrier(len(actions))
    results: list[T | BaseException] = [RuntimeError("did not run") for _ in actions]

    def run(place: int, action: Callable[[], T]) -> None:
        try:
            gate.wait(10)
            results[place] = action()
        except BaseException as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def _clear() -> None:
    """Delete whatever stands in the roots and in what hangs on them.

    Row by row: there are few, while TRUNCATE makes new files for every table and index, full or empty.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in _hanging())
        cursor.execute(tables)
        filled = [name for (name,) in cursor.fetchall()]
        # Journal and ledger refuse to forget; only this clean-up of a test's own database may switch that off.
        for table in filled:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; DELETE FROM {table}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in filled:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@cache
def _hanging() -> tuple[str, ...]:
    """The roots, and every table with a foreign key to one of them, directly or over others."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE hanging (id) AS (
                SELECT name::regclass::oid FROM unnest(%s) AS name
                UNION
                SELECT conrelid FROM pg_constraint JOIN hanging ON confrelid = id WHERE contype = 'f'
            ) SELECT id::regclass::text FROM hanging ORDER BY 1
            """,
            [list(_ROOTS)],
        )
        return tuple(name for (name,) in cursor.fetchall())
