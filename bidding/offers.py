"""Reads about sealed prices (R6): who can open them, where they are, and what trustees are asked for.

Nothing here reads `OfferShare.share`: that is the opener's alone (`bidding.actions.opener`).
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from bidding.models import Enrolment, OfferShare, PriceOpening, SealedOffer, Selection, Stage
from bidding.rules.offers import Course, as_sealed
from journal.contributions import Trustees
from journal.offers import SealedPrice
from journal.queries import entries_of
from marketplace.entries import Kind
from marketplace.models import Request, RequestStatus


def arrangement(request: Request) -> Trustees | None:
    """Who can open this request's prices, as its case file arranged it at publication; None if it takes no prices."""
    entry = entries_of(request.number or "").filter(kind=Kind.OFFERS_ARRANGED).first()
    return None if entry is None else as_trustees(entry.data["trustees"])


def as_trustees(written: Mapping[str, Any]) -> Trustees:
    """`{"keys": [hex], "threshold"}` as the offers' own code takes it."""
    return Trustees(tuple(bytes.fromhex(key) for key in written["keys"]), written["threshold"])


def opening_of(request: Request) -> PriceOpening | None:
    """The opening of its prices; None before the deadline."""
    return PriceOpening.objects.filter(request=request).first()


def course_of(request: Request) -> Course:
    """Where its prices are, as the rules look at it."""
    opening = opening_of(request)
    return Course(
        arranged=arrangement(request) is not None,
        taking=request.status == RequestStatus.PUBLISHED,
        deadline=request.enrol_until,
        closed=opening is not None,
        opened=opening is not None and opening.opened_at is not None,
        waits=waits(request),
    )


def waits(request: Request) -> bool:
    """Are its prices closed, and not to be opened before something else is done, such as the experts' marks (R3)?"""
    return Selection.objects.filter(request=request).exclude(stage=Stage.OPENING).exists()


def ready() -> QuerySet[PriceOpening]:
    """The openings of prices that are closed and may be opened now; in a live auction nothing else has to be done before."""
    shut = PriceOpening.objects.filter(opened_at__isnull=True)
    return shut.filter(Q(request__selection__isnull=True) | Q(request__selection__stage=Stage.OPENING))


def in_force(request: Request) -> list[SealedOffer]:
    """The offers that were not replaced or withdrawn, by label."""
    rows = SealedOffer.objects.filter(request=request, ended_at__isnull=True)
    return sorted(rows.select_related("enrolment__agency__organisation"), key=lambda one: one.enrolment.label)


def own_offer(enrolment: Enrolment) -> SealedOffer | None:
    """An entrant's offer in force."""
    return SealedOffer.objects.filter(enrolment=enrolment, ended_at__isnull=True).first()


def sealed_of(offer: SealedOffer) -> SealedPrice:
    """The stored form as the offers' own code takes it."""
    return as_sealed(bytes(offer.commitment), bytes(offer.ciphertext), offer.envelope)


def answers(opening: PriceOpening) -> dict[int, set[int]]:
    """Offer → the numbers of those who gave what they have: 0 its bidder, from 1 the trustees."""
    given: dict[int, set[int]] = {}
    rows = OfferShare.objects.filter(offer__request=opening.request_id).values_list("offer_id", "number")
    for offer, number in rows:
        given.setdefault(offer, set()).add(number)
    return given


def to_try() -> QuerySet[PriceOpening]:
    """Openings that may be made, and for which something was given since the opener last looked; the longest closed first."""
    with_shares = ready().annotate(newest=Max("request__sealed_offers__shares__pk"))
    return with_shares.filter(newest__gt=F("tried")).order_by("closed_at")


def shut_for(opening: PriceOpening, key: bytes) -> list[dict[str, Any]]:
    """What this trustee has not answered yet, but for what its bidder opens: `{"identity","commitment","envelope"}`."""
    number = opening.trustees["keys"].index(key.hex()) + 1
    given = answers(opening)
    return [
        {"identity": one.enrolment.label, "commitment": bytes(one.commitment).hex(), "envelope": one.envelope}
        for one in in_force(opening.request)
        if not given.get(one.pk, set()) & {number, OfferShare.BIDDER}
    ]
