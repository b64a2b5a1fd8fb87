"""What the reader of a room may decide now: a pause (R5.7), the review of a low price (R5.8). Actions judge again."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.queries import organisation_of
from bidding.actions.pauses import is_officer, proposal_to_pause
from bidding.entries import Kind
from bidding.models import Auction, AuctionStatus, LowReview, PauseCause
from core.clock import database_now
from journal.queries import entries_of
from marketplace.models import Request


def open_steps(request: Request, user: User | AnonymousUser) -> dict[str, Any]:
    """`officer` for who may pause, with the proposal that waits; `review` for everybody while a price is under review."""
    auction = getattr(request, "auction", None)
    if auction is None:
        return {}
    steps: dict[str, Any] = {}
    if isinstance(user, User) and is_officer(user):
        steps["officer"] = _officer(auction, user)
    if auction.status == AuctionStatus.REVIEW:
        steps["review"] = _review(request, auction, user)
    return steps


def _officer(auction: Auction, user: User) -> dict[str, Any]:
    proposal = proposal_to_pause(auction, database_now()) if auction.status == AuctionStatus.LIVE else None
    undated = auction.status == AuctionStatus.PAUSED and auction.opens_again_at is None
    return {
        "may_propose": auction.status == AuctionStatus.LIVE and proposal is None,
        "proposal": proposal,
        "own": proposal is not None and proposal.proposed_by_id == user.pk,
        "may_end": undated and auction.paused_because == PauseCause.OFFICERS,
    }


def _review(request: Request, auction: Auction, user: User | AnonymousUser) -> dict[str, Any] | None:
    undecided = LowReview.objects.filter(auction=auction, decided_at__isnull=True)
    review = undecided.select_related("enrolment__agency").first()
    if review is None:
        return None
    organisation = organisation_of(user)
    own = organisation is not None and review.enrolment.agency.organisation_id == organisation.pk
    buyer = organisation is not None and request.buyer_id == organisation.pk
    said = entries_of(request.number or "").filter(kind=Kind.LOW).order_by("-seq").first()
    return {
        "review": review,
        "said": said.data if said else {},
        "may_justify": own and review.justified_at is None,
        "may_decide": buyer and review.justified_at is not None,
    }
