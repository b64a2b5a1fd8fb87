"""What a request's page shows of sealed prices: to a bidder its own, to everybody how far they are, prices once opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agencies.models import Agency
from bidding import offers, queries
from bidding.methods.prices import void_reasons
from bidding.models import Enrolment, OfferShare, PriceOpening, SealedOffer
from core.money import wire
from journal.contributions import Trustees
from marketplace.models import Request, RequestStatus

# How soon an open page looks whether the prices have been opened.
_LOOK_AGAIN_MS = 4000
_LOOK_AGAIN_IN_ROOM_MS = 10_000
_LOOK_AGAIN_LATER_MS = 60_000
_AFTER_THE_DEADLINE_MS = 1500


@dataclass(frozen=True)
class OfferPanel:
    """Sealed prices as one reader sees them. `count` and `answered` only after the close; `rows` only after the opening.

    `held_up`: closed, and something else has to be done before they are opened.
    """

    subject: Request
    trustees: Trustees
    enrolment: Enrolment | None
    own: SealedOffer | None
    taking: bool
    opening: PriceOpening | None
    late: bool
    held_up: bool
    key_given: bool
    count: int | None
    answered: int
    own_keys: int
    rows: list[dict[str, Any]]
    terms: dict[str, Any]

    @property
    def waits(self) -> bool:
        """Closed, and not opened yet."""
        return self.opening is not None and self.opening.opened_at is None


def offer_panel(request: Request, agency: Agency | None, now: datetime, *, room: bool = False) -> OfferPanel | None:
    """The panel for this reader; None where the request takes no sealed prices."""
    trustees = offers.arrangement(request)
    if trustees is None:
        return None
    enrolment = own = None
    if agency is not None:
        enrolment = queries.standing_enrolments(request).filter(agency=agency, barred_at__isnull=True).first()
        own = offers.own_offer(enrolment) if enrolment else None
    opening = offers.opening_of(request)
    deadline = request.enrol_until
    taking = request.status == RequestStatus.PUBLISHED and deadline is not None and now < deadline and opening is None
    given = offers.answers(opening) if opening else {}
    held_up = opening is not None and opening.opened_at is None and offers.waits(request)
    return OfferPanel(
        subject=request,
        trustees=trustees,
        enrolment=enrolment,
        own=own,
        taking=taking,
        opening=opening,
        late=opening is not None and opening.opened_at is None and now > opening.late_at and not held_up,
        held_up=held_up,
        key_given=own is not None and OfferShare.BIDDER in given.get(own.pk, set()),
        count=len(offers.in_force(request)) if opening else None,
        answered=len({number for numbers in given.values() for number in numbers if number != OfferShare.BIDDER}),
        own_keys=sum(OfferShare.BIDDER in numbers for numbers in given.values()),
        rows=_rows(request) if opening and opening.opened_at else [],
        terms=_terms(request, trustees, agency, own, opening, now, room=room) if enrolment and agency else {},
    )


def _terms(
    request: Request,
    trustees: Trustees,
    agency: Agency,
    own: SealedOffer | None,
    opening: PriceOpening | None,
    now: datetime,
    *,
    room: bool,
) -> dict[str, Any]:
    """What the bidder's browser needs to seal a price, and to know its own again."""
    assert request.enrol_until is not None
    left = int((request.enrol_until - now).total_seconds() * 1000)
    soon = _LOOK_AGAIN_IN_ROOM_MS if room else _LOOK_AGAIN_MS
    look_again: int | None = max(left, 0) + _AFTER_THE_DEADLINE_MS if opening is None else soon
    if opening is not None and offers.waits(request):
        look_again = _LOOK_AGAIN_LATER_MS
    if own is None or (opening and opening.opened_at) or queries.auction_over(request):
        look_again = None
    return {
        "number": request.number,
        "uscc": agency.uscc,
        "ceiling": wire(request.ceiling),
        "keys": [key.hex() for key in trustees.keys],
        "threshold": trustees.threshold,
        "commitment": bytes(own.commitment).hex() if own else None,
        "look_again_ms": look_again,
    }


def _rows(request: Request) -> list[dict[str, Any]]:
    """The opened prices, the lowest first, void ones last."""
    reasons, over = void_reasons(), queries.auction_over(request)
    rows = [
        {
            "label": one.enrolment.label,
            "organisation": one.enrolment.agency.organisation if over else None,
            "amount": one.amount,
            "by": one.opened_by,
            "void": reasons.get(one.void, one.void),
        }
        for one in offers.in_force(request)
    ]
    return sorted(rows, key=lambda row: (bool(row["void"]), row["amount"] or 0, row["label"]))
