"""Reads about what the live auctions rest on (R5.7): clocks, the database itself, bidders' sockets."""

from datetime import datetime

from django.db import connection

from bidding.models import Auction, AuctionStatus, Presence
from bidding.rules.pauses import SILENT_PROCESS, Seat, Signs


def signs_now() -> Signs:
    """What clocks and the database's server say of themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_postmaster_start_time(), left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
                   h.at, h.gap_from, h.gap_to, h.stepped_at
            FROM (SELECT 1) AS always LEFT JOIN bidding_heartbeat h ON h.id = 1
            """
        )
        return Signs(*cursor.fetchone())


def seats_of(auction: Auction, now: datetime) -> list[Seat]:
    """The bidders' sockets, process by process; one that has fallen silent has lost those it had."""
    found = []
    for one in Presence.objects.filter(auction=auction, enrolment__barred_at__isnull=True).select_related("process"):
        silent = now - one.process.alive_at > SILENT_PROCESS
        lost_at = one.lost_at or (one.process.alive_at if silent else None)
        found.append(Seat(one.enrolment_id, lost_at))
    return found


def watched() -> list[str]:
    """The numbers of requests whose auction is live, or paused without a date."""
    auctions = Auction.objects.filter(status=AuctionStatus.LIVE) | Auction.objects.filter(
        status=AuctionStatus.PAUSED, opens_again_at__isnull=True
    )
    return [number for number in auctions.values_list("request__number", flat=True) if number]
