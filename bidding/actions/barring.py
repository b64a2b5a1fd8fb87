"""Settle running selections when an agency may not take part any more (R8, effect). Under the request's case lock.

Every agency is barred once from what it may not have: enrolled, it is turned away; bidding, its bids are struck and the
best of the others leads; awarded and unsigned, the award passes on. From the contract on nothing changes.
"""

from django.db import transaction

from agencies.models import Agency
from bidding import entries, queries
from bidding.actions.answering import let_floors_answer
from bidding.actions.award import fall
from bidding.actions.offers import end_offer
from bidding.actions.plans import end_plan
from bidding.models import ENDED, OVER, Auction, AuctionStatus, AwardStatus, Bid, Enrolment, Floor, FloorEnd
from bidding.rules.barring import Because, strike
from bidding.rules.terms import terms_of
from bidding.standings import PENDING_AWARDS, barred_among, matters, requests_to_settle
from core.clock import database_now
from journal.actions import Held, lock_case
from marketplace.models import Request, RequestStatus


@transaction.atomic(durable=True)
def bar_barred(number: str) -> int:
    """Bar whoever may not take part in the request `number` any more; returns how many were."""
    held = lock_case(number)
    return bar_under(held, queries.request_of(number))


def bar_agency(agency_id: int) -> list[str]:
    """Settle every open request of the agency, each in a transaction of its own; returns the numbers of those changed.

    For the caller who has just changed a standing or a lock, after its own transaction: requests are held before agencies.
    """
    numbers = requests_to_settle(Agency.objects.filter(pk=agency_id), database_now())
    return [number for number in numbers if bar_barred(number)]


def bar_under(held: Held, request: Request) -> int:
    """Bar, under the lock held, whoever may not take part any more; returns how many. Part of a larger verb."""
    match RequestStatus(request.status):
        case RequestStatus.PUBLISHED:
            return _turn_away(held, request)
        case RequestStatus.SELECTING:
            return _strike(held, request)
        case RequestStatus.STANDSTILL | RequestStatus.AWARDED:
            return _pass_on(held, request)
        case _:
            return 0


def _to_bar(held: Held, request: Request) -> list[tuple[Enrolment, Because]]:
    standing = list(queries.standing_enrolments(request).filter(barred_at__isnull=True).order_by("enrolled_at", "pk"))
    found = barred_among(request, standing, held.now)
    return [(one, found[one.pk]) for one in standing if one.pk in found and matters(request, found[one.pk])]


def _turn_away(held: Held, request: Request) -> int:
    leaving = _to_bar(held, request)
    for enrolment, because in leaving:
        enrolment.withdrawn_at = held.now
        enrolment.save(update_fields=["withdrawn_at"])
        end_offer(held, enrolment)
        end_plan(held, enrolment)
        held.append(*entries.turned_away(enrolment.label, because))
    return len(leaving)


def _strike(held: Held, request: Request) -> int:
    if not hasattr(request, "auction"):
        return _strike_out(held, request)
    auction = request.auction
    if auction.status in OVER:
        return 0
    # The leader last: whoever leads after it is not barred in the next breath.
    leaving = sorted(_to_bar(held, request), key=lambda pair: pair[0].pk == auction.leader_id)
    for enrolment, because in leaving:
        _bar(held, enrolment, because)
        _take_out(held, auction, enrolment)
        leader = auction.leader.label if auction.leader else None
        held.append(*entries.barred(enrolment.label, because, auction.best, leader, auction.closes_at))
        Floor.objects.filter(enrolment=enrolment, ended="").update(ended=FloorEnd.VOID)
        if auction.status == AuctionStatus.REVIEW and auction.low_reviews.filter(enrolment=enrolment, decided_at=None):
            Auction.objects.filter(pk=auction.pk).update(due_at=held.now)  # there is nothing left to review
    if leaving:
        let_floors_answer(held)
        auction.refresh_from_db()
    return len(leaving)


def _strike_out(held: Held, request: Request) -> int:
    """In a selection that is no auction there is no lead to hand back: what the label offered is void."""
    if request.selection.stage in ENDED:
        return 0
    leaving = _to_bar(held, request)
    for enrolment, because in leaving:
        _bar(held, enrolment, because)
        held.append(*entries.barred(enrolment.label, because, None, None, None))
    return len(leaving)


def _bar(held: Held, enrolment: Enrolment, because: Because) -> None:
    enrolment.barred_at, enrolment.barred_because = held.now, because.value
    enrolment.save(update_fields=["barred_at", "barred_because"])


def _take_out(held: Held, auction: Auction, enrolment: Enrolment) -> None:
    """Strike the bids of one enrolment and let the auction follow."""
    accepted = Bid.objects.filter(auction=auction, seq__isnull=False, struck=False)
    accepted.filter(enrolment=enrolment).update(struck=True)
    terms = strike(terms_of(auction), enrolment.pk, accepted.values_list("enrolment", "amount"), held.now)
    auction.best, auction.closes_at = terms.best, terms.closes_at
    auction.leader = None if terms.leader is None else Enrolment.objects.get(pk=terms.leader)
    if auction.status == AuctionStatus.LIVE:
        auction.due_at = terms.closes_at
    auction.save(update_fields=["best", "leader", "closes_at", "due_at"])


def _pass_on(held: Held, request: Request) -> int:
    award = request.awards.filter(status__in=PENDING_AWARDS).select_related("winner__agency").first()
    if award is None:
        return 0
    because = barred_among(request, [award.winner], held.now).get(award.winner_id)
    if because is None or not matters(request, because):
        return 0
    if because is Because.WITHDRAWN:  # of its own will, and duties stay: it gives the award up like any other winner
        held.append(*entries.award_declined(award.winner.label, because))
        fall(held, request, award, AwardStatus.DECLINED)
    else:
        held.append(*entries.award_barred(award.winner.label, because))
        fall(held, request, award, AwardStatus.VOIDED)
    return 1
