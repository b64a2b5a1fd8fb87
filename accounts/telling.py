"""Who is told of what the journal says. Each package names the kinds of entry it tells of; the clock reads along.

A teller gets the entries of its kinds, oldest first, and gives the news; it writes nothing and asks no network. What is
older than a day is history, brought in afterwards: nobody is told.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.db import Error as DatabaseError

from accounts.models import Kind, Membership, Organisation
from accounts.notices import News, tell_all
from core.clock import database_now
from journal.following import follow
from journal.models import Entry

log = logging.getLogger(__name__)

Teller = Callable[[Sequence[Entry]], Iterable[News]]
HISTORY = timedelta(days=1)
FOLLOWER = "notices"
_AT_ONCE = 500

_tellers: list[tuple[frozenset[str], Teller]] = []


def told_of(kinds: Iterable[str], teller: Teller) -> None:
    """Let a package tell of these kinds of entry; called once, when the package is ready."""
    _tellers.append((frozenset(str(kind) for kind in kinds), teller))


def tell_of_entries() -> int:
    """Tell of what was sealed since the last time, each entry once; returns how many entries were read."""
    return follow(FOLLOWER, take, limit=_AT_ONCE)


def take(entries: Sequence[Entry]) -> None:
    """Tell of these entries. Part of a larger verb: what is told commits with the place that the reading has reached."""
    since = database_now() - HISTORY
    fresh = [entry for entry in entries if entry.at > since]
    for kinds, teller in _tellers:
        if mine := [entry for entry in fresh if entry.kind in kinds]:
            tell_all(_news(teller, mine))


def followers(cases: Iterable[str]) -> dict[str, list[Membership]]:
    """Who follows which of these case files."""
    found: dict[str, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(follows__case__name__in=cases, user__is_active=True).distinct()
    for membership in rows.prefetch_related("follows__case"):
        for one in membership.follows.all():
            found[one.case.name].append(membership)
    return found


def officers() -> list[int]:
    """The regulators' organisations."""
    return list(Organisation.objects.filter(kind=Kind.REGULATOR).order_by("pk").values_list("pk", flat=True))


def _news(teller: Teller, entries: Sequence[Entry]) -> list[News]:
    try:
        return list(teller(entries))
    except DatabaseError:
        raise
    except Exception:
        # One that stumbles must not keep all that follows from being told.
        log.exception("nobody is told of %s", [f"{entry.case.name}#{entry.seq}" for entry in entries])
        return []
