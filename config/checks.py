"""Whether the house is fit to serve. `check --deploy` asks the first, `check --database default` the others.

`manage.py serve` asks all of them outside the demo, and does not start on an error.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from config.roles import reads_shares, rewritable
from core.clock import database_now
from journal.sealing.actions import Rewound, must_extend_what_was_published
from journal.sealing.queries import waiting_since

_SHORTEST_KEY = 50
_SEALED_WITHIN = timedelta(minutes=10)


@register(Tags.security, deploy=True)
def production_is_no_demo(**_: Any) -> list[CheckMessage]:
    """DESIGN §10: production has no demo mode, no DEBUG and a secret of its own."""
    found: list[CheckMessage] = []
    if settings.DEMO_MODE:
        found.append(Error("DEMO_MODE is on.", hint="Unset DEMO_MODE: production shows no demo.", id="config.E001"))
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", hint="Unset DEBUG.", id="config.E002"))
    if settings.SECRET_KEY == settings.UNSAFE_DEMO_KEY or len(settings.SECRET_KEY) < _SHORTEST_KEY:
        hint = f"Set SECRET_KEY to at least {_SHORTEST_KEY} random characters."
        found.append(Error("SECRET_KEY is the demo's, or short.", hint=hint, id="config.E003"))
    if not settings.SITE_URL.startswith("https://"):
        hint = "Set SITE_URL to the address people use, beginning with https://."
        found.append(Warning("SITE_URL is not secure.", hint=hint, id="config.W002"))
    return found


@register(Tags.database)
def production_has_no_demo_data(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Invented organisations must not stand among real ones."""
    if settings.DEMO_MODE or "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('accounts_organisation') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute("SELECT count(*) FROM accounts_organisation WHERE demo")
        invented = cursor.fetchone()[0]
    if not invented:
        return []
    hint = "Start with an empty database, or set DEMO_MODE=1 to show the demo."
    return [Error(f"The database holds {invented} demo organisations.", hint=hint, id="config.E005")]


@register(Tags.database)
def serving_role_cannot_rewrite_the_journal(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """DESIGN §3: the role that serves reads and appends to journal and ledger, nothing more."""
    if "default" not in (databases or ()):
        return []
    hint = "Serve as a role of its own; `manage.py prepare --serving-role NAME`, run as the owner, gives it its rights."
    return [
        Warning(f"The serving role can rewrite {table}.", hint=hint, id="config.W001")
        for table in rewritable(connections["default"])
    ]


@register(Tags.database)
def journal_is_sealed(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """DESIGN §3: entries are sealed within seconds, in a log that only grows."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('journal_unsealed') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
    found: list[CheckMessage] = []
    try:
        must_extend_what_was_published()
    except Rewound as rewound:
        hint = f"Restore the newest backup. To begin a new log instead, move {settings.LOG_CHECKPOINT} away and say so."
        found.append(Warning(f"Nothing is sealed: {rewound}.", hint=hint, id="config.W003"))
    since = waiting_since()
    if since is not None and database_now() - since > _SEALED_WITHIN:
        hint = "Run `manage.py clock` with LOG_KEY set (`manage.py log_key` makes one), and look into its log."
        found.append(
            Warning(f"Entries wait to be sealed since {since:%Y-%m-%d %H:%M} UTC.", hint=hint, id="config.W004")
        )
    return found


@register(Tags.database)
def serving_role_cannot_open_sealed_prices(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """R6: only the opener, under its own database role, joins what opens sealed prices."""
    if "default" not in (databases or ()) or not reads_shares(connections["default"]):
        return []
    hint = (
        f"Make a role {settings.OPENER_ROLE} and a role for the clock that is a member of it, then run "
        "`manage.py prepare --serving-role NAME` as the owner."
    )
    return [Warning("The serving role can read what opens sealed prices.", hint=hint, id="config.W005")]
