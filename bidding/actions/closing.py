"""How a live auction ends (R5.5, R5.6, R5.8): the clock runs out, perhaps a tie-out, perhaps a review, then names and an award.

Parts of larger verbs: the case is held by the caller.
"""

from datetime import timedelta
from typing import Any

from bidding import entries, news, queries, sealing
from bidding.actions import review
from bidding.actions.answering import let_floors_answer
from bidding.actions.award import hold_agencies, publish_award
from bidding.actions.barring import bar_under
from bidding.entries import auction as auction_entries
from bidding.entries import proxy
from bidding.methods import strategy_for
from bidding.models import Auction, AuctionStatus, Enrolment, Floor, FloorEnd, Presence, TieOutSeat
from journal.actions import Held
from journal.awards import tie_out
from journal.awards.outcome import Outcome
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import RuleSet, TieOut, ruleset


def close(held: Held, request: Request) -> None:
    """The close has come: a tie-out if the hard end cut in, else the end."""
    hold_agencies(request)
    bar_under(held, request)
    if held.now < request.auction.closes_at:
        return  # the leader fell, and the others have time to answer
    numbers = ruleset(request.ruleset)
    seats = tie_out.due(queries.case_entries(held.name), numbers.numbers)
    if seats:
        _open_tie_out(held, request, seats, numbers)
    else:
        conclude(held, request)


def close_tie_out(held: Held, request: Request) -> None:
    """Open all sealed prices together, let the floors of those who sent none answer, and end."""
    hold_agencies(request)
    bar_under(held, request)
    auction = request.auction
    seats = TieOutSeat.objects.filter(auction=auction, enrolment__barred_at__isnull=True).select_related("enrolment")
    opened = {seat: _sent(held, seat) for seat in seats.order_by("position")}
    sent = [(seat.enrolment.label, hidden.amount, hidden.nonce) for seat, hidden in opened.items() if hidden]
    if sent:
        first = min(opened, key=lambda seat: (_price(seat, opened[seat]), seat.position))
        Auction.objects.filter(pk=auction.pk).update(best=_price(first, opened[first]), leader=first.enrolment)
        auction.refresh_from_db()
        silenced = Floor.objects.filter(enrolment__in=[seat.enrolment_id for seat, hidden in opened.items() if hidden])
        silenced.filter(ended="").update(ended=FloorEnd.VOID)
    leader = auction.leader.label if auction.leader else None
    held.append(*auction_entries.tie_out_closed(sent, auction.best, leader))
    if sent:
        let_floors_answer(held, during=AuctionStatus.TIE_OUT)
        auction.refresh_from_db()
    conclude(held, request)


def _sent(held: Held, seat: TieOutSeat) -> sealing.Hidden | None:
    if seat.sealed is None:
        return None
    return sealing.unseal("tie-out", held.name, seat.enrolment.label, bytes(seat.sealed))


def _price(seat: TieOutSeat, sent: sealing.Hidden | None) -> int:
    """Who sent nothing keeps its standing price."""
    return seat.standing if sent is None else sent.amount


def conclude(held: Held, request: Request) -> None:
    """What follows from the case file: a review where the price is abnormally low, an award, or nothing."""
    numbers = ruleset(request.ruleset)
    outcome = strategy_for(Method(request.method)).decide(queries.case_entries(held.name), numbers)
    if outcome.winner is None or outcome.amount is None:
        fail(held, request, outcome.failure or "no_bids")
        return
    market = review.market_of(request, held.now, numbers)
    if review.begin_if_low(held, request, outcome.winner, outcome.amount, market, numbers):
        return
    _award(held, request, outcome, market)


def fail(held: Held, request: Request, reason: str) -> None:
    """The auction ends without an award (流标)."""
    if hasattr(request, "auction"):
        _end(request.auction, AuctionStatus.FAILED)
    held.append(*entries.failed(reason, queries.reveals(request), **_floors(held, request, None)))
    changed = Request.objects.filter(pk=request.pk, status=request.status).update(status=RequestStatus.FAILED)
    assert changed == 1, f"request {request.pk} was not {request.status}"
    request.status = RequestStatus.FAILED
    news.failed(request)


def _award(held: Held, request: Request, outcome: Outcome, market: dict[str, Any]) -> None:
    assert outcome.winner is not None
    assert outcome.amount is not None
    winner = Enrolment.objects.select_related("agency__organisation").get(request=request, label=outcome.winner)
    _end(request.auction, AuctionStatus.CLOSED, best=outcome.amount, leader=winner)
    more = _floors(held, request, outcome.winner) | ({"market": market} if market else {})
    held.append(*entries.closed(outcome.winner, outcome.amount, queries.reveals(request), **more))
    publish_award(held, request, winner, outcome.amount)


def _open_tie_out(held: Held, request: Request, seats: list[tuple[str, int]], numbers: RuleSet) -> None:
    by_label = {one.label: one for one in queries.standing_enrolments(request)}
    TieOutSeat.objects.bulk_create(
        TieOutSeat(auction=request.auction, enrolment=by_label[label], position=position, standing=amount)
        for position, (label, amount) in enumerate(seats, 1)
    )
    until = held.now + timedelta(seconds=numbers.of(TieOut).seconds)
    set_status(request.auction, AuctionStatus.TIE_OUT, due_at=until)
    held.append(*auction_entries.tie_out_opened(seats, until))


def _floors(held: Held, request: Request, winner: str | None) -> dict[str, Any]:
    """The losers' floors as the closing entry opens them; nothing where nobody had one."""
    if not hasattr(request, "auction"):
        return {}
    rows = Floor.objects.filter(auction=request.auction).exclude(enrolment__label=winner).select_related("enrolment")
    found = []
    for row in rows.order_by("seq"):
        hidden = sealing.unseal("floor", held.name, row.enrolment.label, bytes(row.sealed))
        found.append((row.seq, row.enrolment.label, hidden.amount, hidden.nonce))
    return {"floors": proxy.opened(found)} if found else {}


def _end(auction: Auction, status: AuctionStatus, **fields: object) -> None:
    set_status(auction, status, due_at=None, **fields)
    Presence.objects.filter(auction=auction).delete()


def set_status(auction: Auction, status: AuctionStatus, **fields: object) -> None:
    """Compare-and-set: the case lock is held, so losing this race would mean that the lock was not."""
    changed = Auction.objects.filter(pk=auction.pk, status=auction.status).update(status=status, **fields)
    assert changed == 1, f"auction {auction.pk} was not {auction.status}"
    auction.status = status
    for name, value in fields.items():
        setattr(auction, name, value)
