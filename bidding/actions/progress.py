"""Move a request on as far as time has carried it (R5). Any door or clock may ask; each move happens once."""

from django.db import transaction

from bidding import entries, queries
from bidding.actions import closing, holding
from bidding.actions.award import finish, hold_agencies
from bidding.actions.barring import bar_under
from bidding.actions.courses import course_of
from bidding.actions.courses.ending import fail
from bidding.actions.low import end_review_step
from bidding.actions.opening import begin_bidding
from bidding.actions.pauses import announce, go_on, heed_signs
from bidding.models import AuctionStatus
from bidding.rules.notices import Hold
from bidding.rules.timeline import Move, Turnout, judge_turnout, move_due
from core.queries import calendar
from journal.actions import Held, lock_case
from marketplace import schedule
from marketplace.models import Method, Request, RequestStatus
from marketplace.queries import starts_per_half_hour
from marketplace.rulesets import ruleset


@transaction.atomic(durable=True)
def advance(number: str) -> int:
    """Make every move that is due for the request `number`; returns how many were made."""
    held = lock_case(number)
    return make_due_moves(held)


def make_due_moves(held: Held) -> int:
    """The moves that are due under a case lock already held. Part of a larger verb."""
    made = 0
    request = queries.request_of(held.name)
    while True:
        # Signs come first: what the platform could not keep up is no time that has passed (R5.7).
        if heed_signs(held, request):
            made += 1
            continue
        move = move_due(queries.moment(request), held.now)
        if move is None:
            break
        _MOVES[move](held, request)
        made += 1
    return made


def _close_enrolment(held: Held, request: Request) -> None:
    match holding.verdict(request):
        case Hold.HOLD:
            holding.hold(held, request)
            return
        case Hold.GIVE_UP:
            held.append(*entries.noted("question_unanswered", ["R3"]))
            _fail(held, request, "question_unanswered")
            return
        case Hold.FREE:
            pass
    bar_under(held, request)
    method = Method(request.method)
    entrants = queries.standing_enrolments(request).count()
    turnout = judge_turnout(
        entrants, ruleset(request.ruleset), method, government=request.government, extended=request.extended
    )
    match turnout:
        case Turnout.EXTEND:
            _extend(held, request)
            return
        case Turnout.TOO_FEW:
            _fail(held, request, "too_few_entrants")
            return
        case Turnout.GO_ON_WITH_A_NOTE:
            held.append(*entries.noted("two_entrants_after_extension", ["R3", "P20.6"]))
        case Turnout.ENOUGH:
            pass
    _set_status(request, RequestStatus.SELECTING)
    course_of(method).begin(held, request)


def _extend(held: Held, request: Request) -> None:
    request.enrol_until, request.selects_at = schedule.extend(
        held.name,
        held.now,
        request.method,
        ruleset(request.ruleset),
        calendar(),
        starts_per_half_hour(held.now),
    )
    request.extended = True
    request.save(update_fields=["enrol_until", "selects_at", "extended"])
    held.append(*entries.extended(request.enrol_until, request.selects_at, "too_few_entrants"))
    holding.follow_enrolment(held, request)


def _get_ready(held: Held, request: Request) -> None:
    auction = request.auction
    closing.set_status(auction, AuctionStatus.READY, due_at=auction.opens_at)
    held.append(*entries.ready(auction.ready_at, auction.opens_at))


def _open(held: Held, request: Request) -> None:
    auction = request.auction
    closing.set_status(auction, AuctionStatus.LIVE, due_at=auction.closes_at)
    held.append(*entries.opened(auction.opens_at, auction.closes_at, auction.hard_end, auction.ceiling, auction.step))
    begin_bidding(held, request)


def _fail(held: Held, request: Request, reason: str) -> None:
    if request.method == Method.LIVE:
        closing.fail(held, request, reason)
    else:
        fail(held, request, reason)


def _go_on(held: Held, request: Request) -> None:
    course_of(Method(request.method)).go_on(held, request)


def _end_standstill(held: Held, request: Request) -> None:
    hold_agencies(request)
    if not bar_under(held, request):
        finish(held, request)


_MOVES = {
    Move.CLOSE_ENROLMENT: _close_enrolment,
    Move.GET_READY: _get_ready,
    Move.OPEN: _open,
    Move.CLOSE: closing.close,
    Move.ANNOUNCE: announce,
    Move.REOPEN: go_on,
    Move.CLOSE_TIE_OUT: closing.close_tie_out,
    Move.END_REVIEW_STEP: end_review_step,
    Move.GO_ON: _go_on,
    Move.END_STANDSTILL: _end_standstill,
}


def _set_status(request: Request, status: RequestStatus) -> None:
    changed = Request.objects.filter(pk=request.pk, status=request.status).update(status=status)
    assert changed == 1, f"request {request.pk} was not {request.status}"
    request.status = status
