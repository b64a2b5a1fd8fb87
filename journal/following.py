"""Reading along with the log: whoever must do something about each entry, once, does it here.

Notices, webhooks and open data follow the journal instead of being called by whatever appends to it. The order is that of
the leaves, which are numbered without gaps in the order of their commits; so "all up to here" has a meaning, which it has
not for ids. What is appended is sealed within about a second.
"""

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from journal.models import Entry, Follower
from journal.sealing import tree


@transaction.atomic(durable=True)
def follow(name: str, take: Callable[[Sequence[Entry]], object], *, limit: int = 500, from_start: bool = False) -> int:
    """Give `take` the entries sealed since `name` last asked, at most `limit`, oldest first; returns how many those were.

    What `take` writes and the follower's new position are one transaction: an entry is taken exactly once, and if `take`
    raises, the same entries come again. While another clock reads for the same follower this returns 0 at once. A follower
    that is new begins with what is sealed from now on, or, `from_start`, with the first leaf there is. Entries come with
    their `case`. `take` may not ask anything of a network.
    """
    follower = None if _is_at_the_end(name) else _held(name, from_start)
    if follower is None:
        return 0
    entries = list(
        Entry.objects.filter(leaf__index__gte=follower.position, leaf__index__lt=follower.position + limit)
        .select_related("case")
        .order_by("leaf__index")
    )
    if entries:
        take(entries)
        follower.position += len(entries)
        follower.save(update_fields=["position"])
    return len(entries)


def begin(*names: str) -> None:
    """Let those of the followers that are new begin with what is sealed from now on, before any clock asks for them."""
    for name in names:
        with transaction.atomic():
            _held(name, from_start=False)


def skip(*names: str) -> None:
    """Let those followers go on behind all that is sealed: what was told without them is not told again."""
    for name in names:
        with transaction.atomic():
            if follower := _held(name, from_start=False):
                follower.position = tree.size()
                follower.save(update_fields=["position"])


def _is_at_the_end(name: str) -> bool:
    """Has the follower taken all there is? Clocks ask this every second: one look at two indexes, and no lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position > COALESCE((SELECT max(index) FROM journal_leaf), -1) FROM journal_follower WHERE name = %s",
            [name],
        )
        found = cursor.fetchone()
    return bool(found and found[0])


def _held(name: str, from_start: bool) -> Follower | None:
    """The follower's row, locked; None if another clock has it."""
    with connection.cursor() as cursor:
        # Never waits for a clock that makes the same row: whoever comes second finds it, or leaves it to the first.
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"follower {name}"])
        if not cursor.fetchone()[0]:
            return None
    Follower.objects.get_or_create(name=name, defaults={"position": 0 if from_start else tree.size()})
    return Follower.objects.select_for_update().get(name=name)
