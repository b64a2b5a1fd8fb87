"""The database's clock set by a test, for this connection alone: days pass in a moment, and every entry bears its own time."""

from datetime import datetime

from django.db import connection

_BEGIN = """
CREATE SCHEMA moment;
CREATE FUNCTION moment.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT current_setting('moment.now')::timestamptz $$;
-- The server has been up all along: a start after the moment that stands would be a failover (R5.7).
CREATE FUNCTION moment.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT timestamptz '2020-01-01 00:00+00' $$;
SET LOCAL search_path = moment, public, pg_catalog;
"""


class StandingClock:
    """Stands where it is set. Made within a transaction that is rolled back, which ends it."""

    def __init__(self, at: datetime) -> None:
        self.set(at)
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN)

    def set(self, at: datetime) -> None:
        """From now on it is `at`."""
        self.now = at
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('moment.now', %s, true)", [at.isoformat()])
