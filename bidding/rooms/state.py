"""What a room shows, read from the database: the `state` message and what is the reader's own in it."""

from datetime import timedelta
from typing import Any

from django.utils import translation

from agencies.models import Agency
from bidding import queries, sealing
from bidding.entries import Kind
from bidding.models import Auction, AuctionStatus, Enrolment, TieOutSeat
from bidding.rules.enrolment import (
    BarredHere,
    Blocker,
    ItemLocked,
    NotEnrolled,
    OwnRequest,
    ProbationLimit,
    StandingForbids,
    TiedToBuyer,
    blockers,
    personal_blockers,
)
from bidding.rules.timeline import next_move
from core.clock import database_now, rfc3339
from core.errors import Refused
from core.money import wire
from journal.queries import entries_of, head_of
from marketplace.models import Request, RequestStatus
from marketplace.rulesets import ruleset

SHOWN_BIDS = 50
_AT_EVERY_BID = {
    kind.code for kind in (StandingForbids, ItemLocked, ProbationLimit, BarredHere, TiedToBuyer, OwnRequest)
}


def public_state(number: str) -> dict[str, Any]:
    """The public part of the `state` message; raises Request.DoesNotExist.

    The number is read first: what is read after it may be newer, and the entries that follow say the same again.
    """
    seq = head_of(number)
    request = queries.request_of(number)
    auction = getattr(request, "auction", None) or _planned(request)
    return {
        "case": number,
        "seq": seq,
        "status": _status(request, auction),
        "ready_at": rfc3339(auction.ready_at),
        "opens_at": rfc3339(auction.opens_at),
        "closes_at": rfc3339(auction.closes_at),
        "ceiling": wire(auction.ceiling),
        "step": wire(auction.step),
        "best": wire(auction.best) if auction.best is not None else None,
        "leader": auction.leader.label if auction.leader else None,
        "bids": _last_bids(number, seq),
        "barred": barred_labels(request),
        "paused": _pause_shown(auction),
        "tie_out": _tie_out_shown(auction),
    }


def due_at(number: str) -> Any:
    """When time next moves this request, or None."""
    pending = next_move(queries.moment(queries.request_of(number)))
    return pending[1] if pending else None


def your_state(number: str, agency_id: int, language: str) -> dict[str, Any]:
    """What the room tells one agency about itself: label, rank, best price, and what keeps it from bidding."""
    request = queries.request_of(number)
    agency = Agency.objects.select_related("organisation").get(pk=agency_id)
    enrolment = Enrolment.objects.filter(request=request, agency=agency, withdrawn_at__isnull=True).first()
    auction = getattr(request, "auction", None)
    best = _own_best(auction, enrolment)
    return {
        "label": enrolment.label if enrolment else None,
        "rank": _rank(auction, best),
        "leading": bool(auction and enrolment and auction.leader_id == enrolment.pk),
        "best": wire(best) if best is not None else None,
        "blockers": _in_language(language, bid_blockers(request, agency, enrolment)),
        "floor": _own_floor(number, enrolment),
        "tie_out": _own_seat(enrolment),
    }


def _own_floor(number: str, enrolment: Enrolment | None) -> str | None:
    """The hidden floor, for nobody but its owner."""
    if enrolment is None:
        return None
    standing = enrolment.floors.filter(ended="").first()
    if standing is None:
        return None
    return wire(sealing.unseal("floor", number, enrolment.label, bytes(standing.sealed)).amount)


def _own_seat(enrolment: Enrolment | None) -> dict[str, Any] | None:
    """The bidder's own part in a tie-out: the price it stands at, and the entry of what it sent."""
    seat = TieOutSeat.objects.filter(enrolment=enrolment).first() if enrolment else None
    return None if seat is None else {"standing": wire(seat.standing), "sent": seat.seq}


def _pause_shown(auction: Auction) -> dict[str, Any] | None:
    if auction.status != AuctionStatus.PAUSED:
        return None
    pause = auction.pauses.filter(paused_at__isnull=False, resumed_at__isnull=True).first()
    again = auction.opens_again_at
    return {
        "because": auction.paused_because,
        "reason": pause.reason if pause else "",
        "opens_again_at": rfc3339(again) if again else None,
    }


def _tie_out_shown(auction: Auction) -> dict[str, Any] | None:
    if auction.status != AuctionStatus.TIE_OUT or auction.due_at is None:
        return None
    seats = TieOutSeat.objects.filter(auction=auction).order_by("position")
    return {"closes_at": rfc3339(auction.due_at), "seats": list(seats.values_list("enrolment__label", flat=True))}


def bid_blockers(request: Request, agency: Agency, enrolment: Enrolment | None) -> list[Refused]:
    """Every reason why this agency cannot bid in this room, whatever the price."""
    applicant = queries.applicant(agency, request)
    opening = queries.opening(request)
    if enrolment is not None:
        # R2: what the law demands is looked at when enrolling; a standing or a tie counts at every bid.
        found = personal_blockers(applicant, opening)
        return [b for b in found if b.code in _AT_EVERY_BID]
    against: list[Blocker] = blockers(applicant, opening, database_now())
    return [*against] if against else [NotEnrolled()]


def _in_language(language: str, found: list[Refused]) -> list[dict[str, Any]]:
    with translation.override(language):
        return [blocker.as_wire() for blocker in found]


def _planned(request: Request) -> Auction:
    """The auction as the notice announces it, before enrolment has closed. Never saved."""
    numbers = ruleset(request.ruleset).live
    opens_at = queries.planned_opening(request)
    return Auction(
        request=request,
        ceiling=request.ceiling,
        step=numbers.step(request.ceiling),
        ready_at=opens_at - timedelta(seconds=numbers.ready_seconds),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(seconds=numbers.live_seconds),
        hard_end=opens_at + timedelta(minutes=numbers.hard_end_minutes),
    )


def _status(request: Request, auction: Auction) -> str:
    if request.status in (RequestStatus.FAILED, RequestStatus.CANCELLED):
        return str(AuctionStatus.FAILED.value)
    return str(auction.status)


def _last_bids(number: str, seq: int) -> list[dict[str, Any]]:
    rows = entries_of(number).filter(kind=Kind.BID, seq__lte=seq).order_by("-seq")[:SHOWN_BIDS]
    return [{"seq": e.seq, "at": rfc3339(e.at), **e.data} for e in reversed(rows)]


def barred_labels(request: Request) -> dict[str, str]:
    """Label → why its bids are struck."""
    barred = Enrolment.objects.filter(request=request, barred_at__isnull=False).order_by("barred_at", "pk")
    return dict(barred.values_list("label", "barred_because"))


def _own_best(auction: Auction | None, enrolment: Enrolment | None) -> int | None:
    if auction is None or enrolment is None:
        return None
    accepted = auction.bids.filter(enrolment=enrolment, seq__isnull=False, struck=False)
    return accepted.order_by("amount").values_list("amount", flat=True).first()


def _rank(auction: Auction | None, best: int | None) -> int | None:
    if auction is None or best is None:
        return None
    below = auction.bids.filter(seq__isnull=False, struck=False, amount__lt=best)
    return below.values("enrolment").distinct().count() + 1
