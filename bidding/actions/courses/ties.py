"""Who of several equal ones comes first: a draw of their labels, opened only once the tie is known (R3, R4).

Its contributions are committed to before its close and opened after its seal, so that knowing the tied gains nobody
anything. Part of larger verbs.
"""

from datetime import timedelta

from bidding.actions.courses.ending import wait
from bidding.models import Stage
from draws import actions as draws
from draws.models import Draw
from draws.queries import course_of
from draws.rules import TrusteesMissing
from journal.actions import Held
from journal.lots import DrawList, Entry
from marketplace.models import Request
from marketplace.rulesets import Opening, ruleset

COMPULSORY = ("buyer", "regulator")


def go_on(held: Held, request: Request, labels: tuple[str, ...]) -> None:
    """These labels are tied: open a draw between them, or take the next step of the one that waits.

    Leaves the selection waiting for something that is not due.
    """
    draw = request.selection.waits_for
    if draw is None or draw.drawn_at is not None or not _is_tie(request, draw):
        _open(held, request)
    elif draw.sealed_at is not None:
        wait(request.selection, Stage.DRAWING, for_draw=draw)
    elif held.now < draw.closes_at:
        wait(request.selection, Stage.DRAWING, for_draw=draw, due_at=draw.closes_at)
    else:
        _seal(held, request, draw, labels)


def _open(held: Held, request: Request) -> None:
    """Open the next draw `<number>-T…`; without trustees, try again a while later."""
    closes_at = held.now + _while(request)
    number = Draw.objects.filter(name__startswith=f"{request.number}-T").count() + 1
    try:
        draw = draws.open_draw(
            held, f"{request.number}-T{number}", f"{request.title}：相同报价抽取", closes_at, COMPULSORY
        )
    except TrusteesMissing:
        wait(request.selection, Stage.DRAWING, due_at=closes_at)
    else:
        wait(request.selection, Stage.DRAWING, for_draw=draw, due_at=closes_at)


def _seal(held: Held, request: Request, draw: Draw, labels: tuple[str, ...]) -> None:
    """Seal the list, or wait longer for a compulsory contribution."""
    course = course_of(draw)
    if course.compulsory - course.contributed:
        closes_at = held.now + _while(request)
        draws.extend(held, draw, closes_at)
        wait(request.selection, Stage.DRAWING, for_draw=draw, due_at=closes_at)
        return
    drawn = DrawList.of([Entry(label) for label in labels], {}, f"{request.ruleset}; {draw.name}")
    draws.seal(held, draw, drawn)
    wait(request.selection, Stage.DRAWING, for_draw=draw)


def _is_tie(request: Request, draw: Draw) -> bool:
    return draw.name.startswith(f"{request.number}-T")


def _while(request: Request) -> timedelta:
    return timedelta(seconds=ruleset(request.ruleset).of(Opening).tie_draw_seconds)
