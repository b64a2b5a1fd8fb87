"""What time does: claim what is due, row by row, and make its moves. Any number of clocks may run at once."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q

from bidding.actions.progress import make_due_moves
from bidding.models import PENDING_OBJECTIONS, Auction, Award, AwardStatus, Objection
from core.clock import database_now
from journal.actions import lock_case
from marketplace.models import Request, RequestStatus

log = logging.getLogger(__name__)

_AT_ONCE = 500


def move_due_requests(now: datetime | None = None) -> int:
    """Make every move that is due at `now` (the database's clock by default); returns how many this clock made.

    A request that another clock or a door holds is left to it; one that cannot be moved is logged and stops no other.
    """
    now = now or database_now()
    return sum(_move(number) for number in due(now))


def due(now: datetime) -> list[str]:
    """The numbers of requests that time should have moved by `now`, longest due first."""
    auctions = Auction.objects.filter(due_at__lte=now).order_by("due_at")
    enrolments = Request.objects.filter(status=RequestStatus.PUBLISHED, enrol_until__lte=now).order_by("enrol_until")
    # A complaint, or an objection that has not lapsed, holds its award.
    holding = Q(status__in=PENDING_OBJECTIONS) & (Q(lapses_at__isnull=True) | Q(lapses_at__gt=now))
    awards = Award.objects.filter(
        ~Exists(Objection.objects.filter(holding, award=OuterRef("pk"))),
        status=AwardStatus.STANDSTILL,
        standstill_until__lte=now,
        request__status=RequestStatus.STANDSTILL,
    ).order_by("standstill_until")
    numbers = [
        *auctions.values_list("request__number", flat=True)[:_AT_ONCE],
        *enrolments.values_list("number", flat=True)[:_AT_ONCE],
        *awards.values_list("request__number", flat=True)[:_AT_ONCE],
    ]
    return [number for number in numbers if number]


def next_due() -> datetime | None:
    """When the next auction moves: the clock sleeps until then, or a short while."""
    auctions = Auction.objects.filter(due_at__isnull=False).order_by("due_at")
    return auctions.values_list("due_at", flat=True).first()


def _move(number: str) -> int:
    try:
        return _claim(number)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing of the rest can move either
    except Exception:
        log.exception("%s cannot be moved on", number)
        return 0


@transaction.atomic(durable=True)
def _claim(number: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM journal_case WHERE name = %s FOR NO KEY UPDATE SKIP LOCKED", [number])
        if cursor.fetchone() is None:
            return 0
    return make_due_moves(lock_case(number))
