"""After the deadline: bidders give the keys of their own prices, trustees their shares. Neither opens anything here."""

from collections.abc import Mapping

from django.db import transaction
from django.http import Http404

from agencies.models import Agency
from bidding import offers, queries
from bidding.actions.offers.sealing import enrolment_of
from bidding.entries import offers as entries
from bidding.models import OfferShare
from bidding.rules.offers import KeyGiven, KeyUnfit, NoOffer, NotATrusteeHere, judge_opening
from journal.actions import lock_case
from marketplace.models import Request


@transaction.atomic(durable=True)
def reveal_key(agency: Agency, number: str, k: bytes) -> None:
    """A bidder's own key, kept for the opener alone until all prices are opened together.

    Raises TakesNoOffers, OffersStillShut, OffersOpened, NotEnrolled, NoOffer, KeyUnfit or KeyGiven.
    """
    held = lock_case(number)
    request = queries.request_of(number)
    judge_opening(offers.course_of(request))
    enrolment = enrolment_of(request, agency)
    offer, opening = offers.own_offer(enrolment), offers.opening_of(request)
    if offer is None or opening is None:
        raise NoOffer()
    if not offers.sealed_of(offer).is_made_with(k, offers.as_trustees(opening.trustees)):
        raise KeyUnfit()
    if OfferShare.objects.filter(offer=offer, number=OfferShare.BIDDER).exists():
        raise KeyGiven()
    OfferShare.objects.create(offer=offer, number=OfferShare.BIDDER, readable=True, share=k, at=held.now)
    held.append(*entries.revealed(enrolment.label))


@transaction.atomic(durable=True)
def give_shares(public_key: bytes, number: str, shares: Mapping[str, bytes | None]) -> int:
    """A trustee's shares by label, null where nothing could be decrypted; returns how many were new.

    What it gave before, and what is no offer in force, is left out. Raises Http404, TakesNoOffers, OffersStillShut,
    OffersOpened or NotATrusteeHere.
    """
    if not Request.objects.filter(number=number).exists():
        raise Http404(number)
    held = lock_case(number)
    request = queries.request_of(number)
    judge_opening(offers.course_of(request))
    opening = offers.opening_of(request)
    if opening is None or public_key.hex() not in opening.trustees["keys"]:
        raise NotATrusteeHere()
    trustee = opening.trustees["keys"].index(public_key.hex()) + 1
    given = offers.answers(opening)
    new = {one.enrolment.label: one for one in offers.in_force(request) if trustee not in given.get(one.pk, set())}
    taken = {label: shares[label] for label in sorted(new) if label in shares}
    OfferShare.objects.bulk_create(
        OfferShare(offer=new[label], number=trustee, readable=share is not None, share=share, at=held.now)
        for label, share in taken.items()
    )
    if taken:
        held.append(*entries.shared(trustee, {label: share is not None for label, share in taken.items()}))
    return len(taken)
