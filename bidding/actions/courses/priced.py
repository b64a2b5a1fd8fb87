"""The course of every method with sealed prices (R3, R6): close them, wait for their opening, and go on from there.

A method says what follows in `after_opening`; where that is a draw, in `after_draw`. The opening itself is the opener's
(`bidding.actions.opener`), which calls `go_on` in the transaction that opened the prices.
"""

from bidding.actions.courses import ties
from bidding.actions.courses.ending import close, decided, fail
from bidding.actions.offers import close_offers
from bidding.models import Selection, Stage
from journal.actions import Held
from marketplace.models import Request


class PricedCourse:
    """Close and open the prices, then decide; equal best ones are drawn."""

    def begin(self, held: Held, request: Request) -> None:
        request.selection = Selection.objects.create(request=request, stage=Stage.OPENING)
        opening = close_offers(held, request)
        if opening is None or opening.opened_at is not None:
            self.after_opening(held, request)

    def go_on(self, held: Held, request: Request) -> None:
        match request.selection.stage:
            case Stage.OPENING:
                self.after_opening(held, request)
            case Stage.DRAWING:
                self.after_draw(held, request)
            case stage:
                raise AssertionError(f"{held.name} has sealed prices and is not {stage}")

    def after_opening(self, held: Held, request: Request) -> None:
        """All prices stand in the case file: decide, or do first what the method needs."""
        self.settle(held, request)

    def after_draw(self, held: Held, request: Request) -> None:
        """The draw that was waited for is to be sealed, or was made."""
        self.settle(held, request)

    def settle(self, held: Held, request: Request) -> None:
        """End the selection as the case file says; while the best are equal, take the next step of their draw."""
        outcome = decided(held, request)
        if outcome.tied:
            ties.go_on(held, request, outcome.tied)
        elif outcome.winner is None:
            fail(held, request, outcome.failure or "no_bids")
        else:
            close(held, request, outcome)
