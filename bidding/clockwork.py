"""What time does: claim what is due, row by row, and make its moves. Any number of clocks may run at once."""

from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q

from bidding.actions.barring import bar_under
from bidding.actions.opener import open_due_offers
from bidding.actions.progress import make_due_moves
from bidding.actions.traces import forget_traces
from bidding.models import PENDING_OBJECTIONS, Auction, Award, AwardStatus, Objection, Selection
from bidding.queries import request_of
from bidding.standings import requests_to_settle, suspects
from bidding.watch import watched
from core.clock import database_now
from journal.actions import Held
from journal.clockwork import attempt, claim
from marketplace.models import Request, RequestStatus

__all__ = ["bar_where_standing_forbids", "due", "forget_traces", "move_due_requests", "next_due", "open_due_offers"]

_AT_ONCE = 500


def move_due_requests(now: datetime | None = None) -> int:
    """Make every move that is due at `now` (the database's clock by default); returns how many this clock made.

    A request that another clock or a door holds is left to it; one that cannot be moved is logged and stops no other.
    """
    now = now or database_now()
    return sum(attempt(claim, make_due_moves, number) for number in due(now))


def bar_where_standing_forbids(now: datetime | None = None) -> int:
    """Bar from running selections whoever may not take part any more (R8); returns how many this clock barred.

    Whoever changes a standing settles its selections at once (`bar_agency`); this finds what was left open.
    """
    now = now or database_now()
    return sum(attempt(claim, _bar, number) for number in requests_to_settle(suspects(now), now)[:_AT_ONCE])


def watch_auctions() -> int:
    """Pause what must not go on as it does, and let go on what may again (R5.7); returns how many this clock changed.

    Doors judge the same signs when somebody comes; this judges them when nobody does.
    """
    return sum(attempt(claim, make_due_moves, number) for number in watched()[:_AT_ONCE])


def due(now: datetime) -> list[str]:
    """The numbers of requests that time should have moved by `now`, longest due first."""
    auctions = Auction.objects.filter(due_at__lte=now).order_by("due_at")
    drawn = Selection.objects.filter(waits_for__drawn_at__isnull=False).order_by("waits_for__drawn_at")
    selections = Selection.objects.filter(due_at__lte=now).order_by("due_at")
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
        *drawn.values_list("request__number", flat=True)[:_AT_ONCE],
        *selections.values_list("request__number", flat=True)[:_AT_ONCE],
        *enrolments.values_list("number", flat=True)[:_AT_ONCE],
        *awards.values_list("request__number", flat=True)[:_AT_ONCE],
    ]
    return [number for number in numbers if number]


def next_due() -> datetime | None:
    """When the next auction or selection moves: the clock sleeps until then, or a short while."""
    kinds: tuple[type[Auction] | type[Selection], ...] = (Auction, Selection)
    times = [kind.objects.aggregate(first=Min("due_at"))["first"] for kind in kinds]
    return min((at for at in times if at), default=None)


def _bar(held: Held) -> int:
    return bar_under(held, request_of(held.name))
