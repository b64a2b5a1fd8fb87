"""Look for acts that the system can see by itself; any number of clocks may look, each act is noted once."""

from datetime import datetime

from core.clock import database_now
from journal.clockwork import attempt
from ratings.actions.facts import note_seen
from ratings.queries.facts import Seen, unnoted


def note_facts(now: datetime | None = None) -> int:
    """Note what was seen; returns how many acts."""
    return sum(attempt(_note, seen) for seen in unnoted(now or database_now()))


def _note(seen: Seen) -> int:
    return int(note_seen(seen) is not None)
