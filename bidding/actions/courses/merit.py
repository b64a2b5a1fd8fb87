"""综合比选 (R3): plans are closed and experts drawn, their marks published, and only then the prices opened; then it is decided."""

from bidding import experts
from bidding.actions.award import hold_agencies
from bidding.actions.courses import seating
from bidding.actions.courses.crediting import note_credit
from bidding.actions.courses.drawing import closed, draw_of, seal
from bidding.actions.courses.ending import fail, wait
from bidding.actions.courses.priced import PricedCourse
from bidding.actions.offers.closing import close_offers, start_opening
from bidding.actions.plans import close_plans
from bidding.entries import merit as entries
from bidding.models import Selection, Stage
from core.queries import calendar
from draws import actions as draws
from draws.models import Draw
from journal.actions import Held
from journal.lots import Entry
from marketplace.models import Request
from marketplace.rulesets import Contributions, Merit, ruleset

EXPERTS = "E"


class MeritCourse(PricedCourse):
    """Prices stay shut, to trustees too, until every expert drawn has marked every plan."""

    def begin(self, held: Held, request: Request) -> None:
        hold_agencies(request)
        note_credit(held, request)
        request.selection = Selection.objects.create(request=request, stage=Stage.OPENING)
        opening = close_offers(held, request)
        if opening is None or opening.opened_at is not None:
            fail(held, request, "no_bids")
        elif not close_plans(held, request):
            fail(held, request, "no_plans")
        else:
            self._draw_experts(held, request)

    def go_on(self, held: Held, request: Request) -> None:
        if request.selection.stage == Stage.SCORING:
            seating.replace_silent(held, request)
        else:
            super().go_on(held, request)

    def after_draw(self, held: Held, request: Request) -> None:
        draw = draw_of(request, EXPERTS)
        if draw.drawn_at is None:
            self._draw_experts(held, request)
        elif not experts.seats(request).exists():
            seating.appoint(held, request, draw)
        else:
            self.settle(held, request)  # of a tie

    def _draw_experts(self, held: Held, request: Request) -> None:
        """Seal the pool once all compulsory contributions are there and enough experts are."""
        draw = draw_of(request, EXPERTS)
        if not closed(held, request, draw):
            return
        there, out = experts.listed(request)
        if len(there) < ruleset(request.ruleset).of(Merit).experts_least:
            self._put_off(held, request, draw, len(there))
            return
        seal(held, request, draw, [Entry(code) for code in there], out)

    def _put_off(self, held: Held, request: Request, draw: Draw, there: int) -> None:
        """Experts left the pool since the notice: wait for others. Nothing is open yet, so nobody gains by it."""
        numbers = ruleset(request.ruleset)
        closes_at = calendar().add(held.now, numbers.of(Contributions).put_off_wd)
        held.append(*entries.experts_lacking(there, numbers.of(Merit).experts_least, closes_at))
        draws.put_off(held, draw, closes_at)
        wait(request.selection, Stage.DRAWING, due_at=closes_at)


def marks_are_in(held: Held, request: Request) -> None:
    """Every expert who sits has given marks: publish them with their salts and reasons; from now on prices may be opened.

    Part of a larger verb.
    """
    shown = (
        {"expert": one.expert.code, "salt": bytes(one.salt or b"").hex(), "marks": one.marks}
        for one in experts.sitting(request)
    )
    held.append(*entries.marks_published(shown))
    start_opening(held, request)
    wait(request.selection, Stage.OPENING)
