"""Move a request on as far as time has carried it (R5). Any door or clock may ask; each move happens once."""

from django.db import transaction

from bidding import entries, queries
from bidding.actions.award import finish, hold_agencies, publish_award
from bidding.actions.barring import bar_under
from bidding.actions.courses import course_of
from bidding.actions.courses.drawing import follow_enrolment
from bidding.actions.courses.ending import fail
from bidding.methods import strategy_for
from bidding.models import Auction, AuctionStatus, Enrolment
from bidding.rules.timeline import Move, Turnout, judge_turnout, move_due
from core.queries import calendar
from journal.actions import Held, lock_case
from marketplace import schedule
from marketplace.models import Method, Request, RequestStatus
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
    while (move := move_due(queries.moment(request), held.now)) is not None:
        _MOVES[move](held, request)
        made += 1
    return made


def _close_enrolment(held: Held, request: Request) -> None:
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
        request.number or "", held.now, request.method, ruleset(request.ruleset), calendar()
    )
    request.extended = True
    request.save(update_fields=["enrol_until", "selects_at", "extended"])
    held.append(*entries.extended(request.enrol_until, request.selects_at, "too_few_entrants"))
    follow_enrolment(held, request)


def _get_ready(held: Held, request: Request) -> None:
    auction = request.auction
    _set_auction(auction, AuctionStatus.READY, due_at=auction.opens_at)
    held.append(*entries.ready(auction.ready_at, auction.opens_at))


def _open(held: Held, request: Request) -> None:
    auction = request.auction
    _set_auction(auction, AuctionStatus.LIVE, due_at=auction.closes_at)
    held.append(*entries.opened(auction.opens_at, auction.closes_at, auction.hard_end, auction.ceiling, auction.step))


def _close(held: Held, request: Request) -> None:
    hold_agencies(request)
    bar_under(held, request)
    if held.now < request.auction.closes_at:
        return  # the leader fell, and the others have time to answer
    outcome = strategy_for(Method(request.method)).decide(queries.case_entries(held.name), ruleset(request.ruleset))
    if outcome.winner is None or outcome.amount is None:
        _fail(held, request, outcome.failure or "no_bids")
        return
    _set_auction(request.auction, AuctionStatus.CLOSED, due_at=None)
    held.append(*entries.closed(outcome.winner, outcome.amount, queries.reveals(request)))
    winner = Enrolment.objects.select_related("agency__organisation").get(request=request, label=outcome.winner)
    publish_award(held, request, winner, outcome.amount)


def _fail(held: Held, request: Request, reason: str) -> None:
    if request.method != Method.LIVE:
        fail(held, request, reason)
        return
    if hasattr(request, "auction"):
        _set_auction(request.auction, AuctionStatus.FAILED, due_at=None)
    held.append(*entries.failed(reason, queries.reveals(request)))
    _set_status(request, RequestStatus.FAILED)


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
    Move.CLOSE: _close,
    Move.GO_ON: _go_on,
    Move.END_STANDSTILL: _end_standstill,
}


def _set_auction(auction: Auction, status: AuctionStatus, **fields: object) -> None:
    """Compare-and-set: the case lock is held, so losing this race would mean that the lock was not."""
    changed = Auction.objects.filter(pk=auction.pk, status=auction.status).update(status=status, **fields)
    assert changed == 1, f"auction {auction.pk} was not {auction.status}"
    auction.status = status
    for name, value in fields.items():
        setattr(auction, name, value)


def _set_status(request: Request, status: RequestStatus) -> None:
    changed = Request.objects.filter(pk=request.pk, status=request.status).update(status=status)
    assert changed == 1, f"request {request.pk} was not {request.status}"
    request.status = status
