"""This process tells the others which bidders' sockets it holds (R5.7); what counts as lost is `bidding.rules.pauses`."""

import uuid
from collections.abc import Iterable

from django.db import connection, transaction

Present = frozenset[tuple[str, int]]  # request number and agency


_AGAIN = 5  # looks after which everybody is written again: an auction may have begun meanwhile


class Register:
    """What this process has written of its bidders' sockets: what changes at once, all of it now and then."""

    def __init__(self) -> None:
        self.process = uuid.uuid4()
        self._written: Present = frozenset()
        self._looks = 0

    def write(self, present: Iterable[tuple[str, int]]) -> None:
        """Write that this process lives, who came and who left; silent where there is and was nobody."""
        now = frozenset(present)
        if not now and not self._written:
            return
        self._looks += 1
        came = now if self._looks % _AGAIN == 0 else now - self._written
        left = self._written - now
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ALIVE, [self.process])
            if came:
                cursor.execute(_CAME, [*_columns(came), self.process])
            if left:
                cursor.execute(_LEFT, [*_columns(left), self.process])
        self._written = now


_ALIVE = """
INSERT INTO bidding_roomprocess (id, alive_at) VALUES (%s, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET alive_at = clock_timestamp()
"""
# Whoever is not enrolled, or where there is no auction under way, is nobody here.
_BIDDERS = """
WITH bidders AS (
    SELECT a.id AS auction, e.id AS enrolment
    FROM unnest(%s::text[], %s::bigint[]) AS one (number, agency)
    JOIN marketplace_request r ON r.number = one.number
    JOIN bidding_auction a ON a.request_id = r.id AND a.status IN ('ready', 'live', 'paused')
    JOIN bidding_enrolment e ON e.request_id = r.id AND e.agency_id = one.agency AND e.withdrawn_at IS NULL
)
"""
_CAME = (
    _BIDDERS
    + """
INSERT INTO bidding_presence AS p (process_id, auction_id, enrolment_id, lost_at)
SELECT %s, auction, enrolment, NULL FROM bidders
ON CONFLICT (process_id, auction_id, enrolment_id) DO UPDATE SET lost_at = NULL WHERE p.lost_at IS NOT NULL
"""
)
_LEFT = (
    _BIDDERS
    + """
UPDATE bidding_presence p SET lost_at = clock_timestamp() FROM bidders b
WHERE p.process_id = %s AND p.auction_id = b.auction AND p.enrolment_id = b.enrolment
"""
)


def _columns(who: Present) -> tuple[list[str], list[int]]:
    pairs = sorted(who)
    return [number for number, _agency in pairs], [agency for _number, agency in pairs]
