"""随机抽取 (R3, R4): the list is sealed at the close of enrolment, and the first drawn who may be selected wins."""

from bidding import queries
from bidding.actions.award import hold_agencies
from bidding.actions.barring import bar_under
from bidding.actions.courses.drawing import BARRED, closed, draw_of, seal
from bidding.actions.courses.ending import close, decided, fail
from bidding.models import Selection, Stage
from journal.actions import Held
from journal.lots import Entry
from marketplace.models import Request


class DrawCourse:
    """Contributions have been taken since publication; the draw is sealed once all that are compulsory are there."""

    def begin(self, held: Held, request: Request) -> None:
        Selection.objects.create(request=request, stage=Stage.DRAWING)
        self.go_on(held, request)

    def go_on(self, held: Held, request: Request) -> None:
        draw = draw_of(request)
        if draw.drawn_at is not None:
            outcome = decided(held, request)
            if outcome.winner is None:
                fail(held, request, outcome.failure or "nobody_left")
            else:
                close(held, request, outcome)
        elif closed(held, request, draw):
            hold_agencies(request)
            bar_under(held, request)
            standing = list(queries.standing_enrolments(request))
            listed = [Entry(one.label) for one in standing if one.barred_at is None]
            if not listed:
                fail(held, request, "nobody_left")
                return
            seal(
                held,
                request,
                draw,
                listed,
                {one.label: BARRED[one.barred_because] for one in standing if one.barred_at},
            )
