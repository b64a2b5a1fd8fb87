"""Justify an abnormally low price and decide about it (R5.8); and what follows where a side stays silent.

Silence helps nobody: a bidder that does not justify its price has given it up, a buyer that does not decide has accepted it.
"""

from django.db import transaction

from accounts.models import Organisation, User
from accounts.queries import acts_for_any
from bidding import queries
from bidding.actions.award import hold_agencies
from bidding.actions.barring import bar_under
from bidding.actions.closing import conclude
from bidding.entries import auction as entries
from bidding.models import Auction, AuctionStatus, LowReview
from bidding.rules import low as rules
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from marketplace.models import Request
from marketplace.rulesets import Low, ruleset


@transaction.atomic(durable=True)
def justify_low_price(by: Organisation, number: str, text: str) -> LowReview:
    """The lowest bidder says why its price is honest, in public and under its label.

    Raises NoReview, NotTheLowBidder, JustifiedBefore or ReasonsMissing.
    """
    held, request, review = _hold(number)
    if review.enrolment.agency.organisation_id != by.pk:
        raise rules.NotTheLowBidder()
    said = clean(text)
    rules.judge_justification(held.now, review.justify_until, justified=review.justified_at is not None, text=said)
    review.justification, review.justified_at = said, held.now
    review.decide_until = calendar().add(held.now, ruleset(request.ruleset).of(Low).decide_wd)
    review.save()
    Auction.objects.filter(pk=review.auction_id).update(due_at=review.decide_until)
    held.append(*entries.low_justified(review.enrolment.label, said, review.decide_until))
    return review


@transaction.atomic(durable=True)
def decide_low_price(user: User, by: Organisation, number: str, text: str, *, accepted: bool) -> LowReview:
    """The buyer accepts or refuses the price with public reasons; the award, or the next in rank, follows.

    Raises NoReview, NotTheBuyer, DecidesOwnPrice, NotJustifiedYet or ReasonsMissing.
    """
    held, request, review = _hold(number)
    if request.buyer_id != by.pk:
        raise rules.NotTheBuyer()
    if acts_for_any(user, [review.enrolment.agency.organisation_id]):
        raise rules.DecidesOwnPrice()
    said = clean(text)
    rules.judge_decision(held.now, review.justify_until, review.decide_until, text=said)
    review.reasons, review.decided_by = said, user
    _decide(held, review, accepted=accepted, because="buyer")
    _conclude(held, request)
    return review


def end_review_step(held: Held, request: Request) -> None:
    """A side's time is over. Part of a larger verb: time makes this move."""
    bar_under(held, request)
    review = _open(request)
    if review is not None and review.enrolment.barred_at is None:
        decided = review.justified_at is not None
        _decide(held, review, accepted=decided, because="not_decided" if decided else "not_justified")
    elif review is not None:
        _decide(held, review, accepted=False, because="barred")
    _conclude(held, request)


def _conclude(held: Held, request: Request) -> None:
    hold_agencies(request)
    bar_under(held, request)
    request.auction.refresh_from_db()
    conclude(held, request)


def _decide(held: Held, review: LowReview, *, accepted: bool, because: str) -> None:
    review.accepted, review.decided_at = accepted, held.now
    review.save()
    held.append(
        *entries.low_decided(review.enrolment.label, accepted=accepted, because=because, reasons=review.reasons)
    )


def _open(request: Request) -> LowReview | None:
    undecided = LowReview.objects.filter(auction=request.auction, decided_at__isnull=True)
    return undecided.select_related("enrolment__agency").first()


def _hold(number: str) -> tuple[Held, Request, LowReview]:
    held = lock_case(number)
    request = queries.request_of(number)
    auction = getattr(request, "auction", None)
    if auction is None or auction.status != AuctionStatus.REVIEW:
        raise rules.NoReview()
    review = _open(request)
    if review is None:
        raise rules.NoReview()
    return held, request, review
