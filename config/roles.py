"""What the serving role may do in the database: everything but rewrite the journal and the ledger.

One role owns the tables and migrates; another serves. The serving role reads and appends to `APPEND_ONLY`, and has no
right to change or empty it, whatever SQL reaches it. A trigger stands behind that. From `QUEUES` it may only take rows
out, and a trigger looks at which.

What opens sealed prices (`SHARES`) is added by the serving role and read by a third alone, the opener (R6). Nobody signs
in as the opener: the clock, which has a role of its own with the serving role's rights, takes it for one reading.
"""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = (
    "journal_entry",
    "journal_leaf",
    "journal_checkpoint",
    "contracts_movement",
    "contracts_posting",
    "draws_share",
    "bidding_offershare",
    "ratings_act",
    "ratings_actevent",
    "ratings_rating",
    "ratings_ratingevent",
    "ratings_marketfigures",
    "ratings_creditpoint",
    "ratings_mark",
    "ratings_document",
    "ratings_look",
    "ratings_listimport",
    "ratings_listrow",
)
QUEUES = ("journal_unsealed",)


SHARES = "bidding_offershare"
# Everything of a share but the share.
_OPEN_COLUMNS = ("id", "offer_id", "number", "readable", "at")


def grant_serving_role(connection: BaseDatabaseWrapper, role: str, opener: str) -> None:
    """Give `role` its rights on every table there is and will be; only the owner of the tables can. Repeatable.

    If there is a role `opener`, it alone reads the shares of sealed prices from now on.
    """
    name = connection.ops.quote_name(role)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {name}",
        *(
            f"REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON {connection.ops.quote_name(table)} FROM {name}"
            for table in _existing(connection, APPEND_ONLY)
        ),
        *(
            f"REVOKE INSERT, UPDATE, TRUNCATE, TRIGGER ON {connection.ops.quote_name(table)} FROM {name}"
            for table in _existing(connection, QUEUES)
        ),
        *(_opener_alone(connection, name, opener) if _existing(connection, [SHARES]) else []),
    ]
    with connection.cursor() as cursor:
        # One transaction: nobody ever sees the journal open to the serving role.
        cursor.execute("; ".join(["BEGIN", *statements, "COMMIT"]))


def rewritable(connection: BaseDatabaseWrapper) -> list[str]:
    """The append-only tables that the connected role owns, or could change or empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_class
            WHERE oid = ANY (SELECT to_regclass(name)::oid FROM unnest(%s::text[]) AS name)
              AND (pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE'))
            """,
            [list(APPEND_ONLY)],
        )
        return [row[0] for row in cursor.fetchall()]


def reads_shares(connection: BaseDatabaseWrapper) -> bool:
    """Could the connected role read what opens sealed prices?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege(to_regclass(%s)::oid, 'share', 'SELECT')", [SHARES])
        (found,) = cursor.fetchone()
    return bool(found)


def _opener_alone(connection: BaseDatabaseWrapper, serving: str, opener: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [opener])
        if cursor.fetchone() is None:
            return []
    name, table = connection.ops.quote_name(opener), connection.ops.quote_name(SHARES)
    return [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT ON {table} TO {name}",
        f"REVOKE SELECT ON {table} FROM {serving}",  # noqa: S608 (names of our own, quoted)
        f"GRANT SELECT ({', '.join(_OPEN_COLUMNS)}) ON {table} TO {serving}",
    ]


def _existing(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> list[str]:
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    return [table for table in tables if table in present]
