"""网上竞价 (R5): enrolment is followed by an auction, which has moves of its own (`bidding.rules.timeline`)."""

from datetime import timedelta

from bidding.actions.offers import close_offers
from bidding.models import Auction
from journal.actions import Held
from marketplace.models import Request
from marketplace.rulesets import ruleset


class LiveCourse:
    """The auction waits for its slot; from then on it is the auction that moves."""

    def begin(self, held: Held, request: Request) -> None:
        numbers = ruleset(request.ruleset).live
        ready_at = max(request.selects_at or held.now, held.now)
        opens_at = ready_at + timedelta(seconds=numbers.ready_seconds)
        request.auction = Auction.objects.create(
            request=request,
            ceiling=request.ceiling,
            step=numbers.step(request.ceiling),
            ready_at=ready_at,
            opens_at=opens_at,
            closes_at=opens_at + timedelta(seconds=numbers.live_seconds),
            hard_end=opens_at + timedelta(minutes=numbers.hard_end_minutes),
            due_at=ready_at,
        )
        close_offers(held, request)

    def go_on(self, held: Held, request: Request) -> None:
        """The opening prices have been opened (R5.1): they stand in the case file, where the auction finds them."""
