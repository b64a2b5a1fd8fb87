"""The log's tree as the database holds it: every node stands in the row of the leaf that completed it."""

from collections.abc import Iterable

from django.db import connection

from journal.merkle import Frontier, Place, peaks
from journal.models import Leaf


class NodesMissing(LookupError):
    """The tree is smaller than what is asked of it."""


def size() -> int:
    """How many leaves there are."""
    newest = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def nodes(places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of perfect subtrees, in one query; raises NodesMissing."""
    wanted = {place: _completed_by(place) for place in places}
    with connection.cursor() as cursor:
        # One array, not thousands of parameters.
        cursor.execute(
            "SELECT index, hashes FROM journal_leaf WHERE index = ANY(%s::bigint[])", [list(set(wanted.values()))]
        )
        rows = dict(cursor.fetchall())
    found = {}
    for place, leaf in wanted.items():
        hashes = bytes(rows.get(leaf, b""))[32 * place[0] : 32 * place[0] + 32]
        if len(hashes) != 32:
            raise NodesMissing(f"there is no node {place}")
        found[place] = hashes
    return found


def frontier(size: int) -> Frontier:
    """The right edge of the tree when it had `size` leaves; raises NodesMissing if it never had."""
    places = peaks(size)
    known = nodes(places)
    return Frontier(size, [known[place] for place in places])


def _completed_by(place: Place) -> int:
    level, index = place
    return (index + 1 << level) - 1
