"""The database's clock set to moments of the past, so that the platform's own verbs tell what happened then.

A function of the same name shadows PostgreSQL's `clock_timestamp()` for this session alone, and only while an invented
past is being told by the owner of the tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

_BEGIN = """
CREATE SCHEMA past;
CREATE FUNCTION past.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT current_setting('past.now')::timestamptz $$;
SET search_path = past, public, pg_catalog;
"""
_END = "RESET search_path; DROP SCHEMA past CASCADE; RESET past.now;"


class PastClock:
    """Stands where it is set."""

    def set(self, at: datetime) -> None:
        """From now on it is `at`."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('past.now', %s, false)", [at.isoformat()])


@contextmanager
def past_clock(at: datetime) -> Iterator[PastClock]:
    """The session's clock, standing at `at` until it is set to another moment; afterwards it runs again."""
    clock = PastClock()
    clock.set(at)
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN)
    try:
        yield clock
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_END)
