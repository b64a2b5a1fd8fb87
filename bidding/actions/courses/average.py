"""均价 (R3): the factor's draw is sealed before the prices are opened and made after it; then the mean decides."""

from bidding.actions.courses.drawing import ask_to_reveal, closed, draw_of
from bidding.actions.courses.ending import wait
from bidding.actions.courses.priced import PricedCourse
from bidding.actions.offers.closing import close_offers, start_opening
from bidding.models import Selection, Stage
from draws import actions as draws
from journal.actions import Held
from journal.awards.average import factor_names
from journal.lots import DrawList, Entry
from marketplace.models import Request
from marketplace.rulesets import ruleset

FACTOR = "F"


class AverageCourse(PricedCourse):
    """Close the prices, seal the factors, open the prices, draw the factor, decide; equal nearest ones are drawn.

    The platform's own contribution to the factor stays shut until the prices are open, so that nobody knows the factor
    before them.
    """

    def begin(self, held: Held, request: Request) -> None:
        request.selection = Selection.objects.create(request=request, stage=Stage.OPENING)
        opening = close_offers(held, request)
        if opening is None or opening.opened_at is not None:
            self.settle(held, request)
        else:
            self._seal_factors(held, request)

    def after_opening(self, held: Held, request: Request) -> None:
        draw = draw_of(request, FACTOR)
        draws.reveal_own(held, draw)
        wait(request.selection, Stage.DRAWING, for_draw=draw)
        if draw.drawn_at is not None:
            self.settle(held, request)

    def after_draw(self, held: Held, request: Request) -> None:
        if draw_of(request, FACTOR).sealed_at is None:
            self._seal_factors(held, request)
        else:
            self.settle(held, request)

    def _seal_factors(self, held: Held, request: Request) -> None:
        """Once all compulsory contributions are there: the factors of the rule set, one ticket each, and prices may open."""
        draw = draw_of(request, FACTOR)
        if not closed(held, request, draw):
            return
        names = factor_names(ruleset(request.ruleset).numbers["average"])
        listed = DrawList.of([Entry(name) for name in names], {}, f"{request.ruleset}; {draw.name}")
        draws.seal(held, draw, listed, reveal_own=False)
        start_opening(held, request)
        wait(request.selection, Stage.OPENING)
        ask_to_reveal(request)
