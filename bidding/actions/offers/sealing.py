"""Seal, replace and withdraw a price before the deadline. The price itself never comes here."""

from django.db import transaction

from accounts.models import User
from agencies.models import Agency
from bidding import offers, queries
from bidding.actions.traces import note_origin
from bidding.entries import offers as entries
from bidding.models import Enrolment, SealedOffer
from bidding.rules.enrolment import NotEnrolled
from bidding.rules.offers import NoOffer, TakesNoOffers, judge_sealing, read_offer
from bidding.rules.traces import UNKNOWN, Origin
from journal.actions import Held, lock_case
from marketplace.models import Request


@transaction.atomic(durable=True)
def seal_offer(user: User | None, agency: Agency, number: str, sent: str, origin: Origin = UNKNOWN) -> SealedOffer:
    """Keep what the bidder's browser sealed (`bidding.rules.offers.read_offer`); it replaces an earlier one.

    Raises TakesNoOffers, OffersClosed, NotEnrolled or OfferMalformed.
    """
    held = lock_case(number)
    request = queries.request_of(number)
    trustees = offers.arrangement(request)
    judge_sealing(offers.course_of(request), held.now)
    if trustees is None:
        raise TakesNoOffers()
    enrolment = enrolment_of(request, agency)
    read = read_offer(sent, len(trustees.keys))
    replaced = _end(held, enrolment)
    row = SealedOffer.objects.create(
        request=request,
        enrolment=enrolment,
        commitment=read.commitment,
        ciphertext=read.ciphertext,
        envelope=read.as_json()["envelope"],
        by=user,
        at=held.now,
    )
    note_origin(enrolment, origin, held.now)
    held.append(*entries.sealed(enrolment.label, read.commitment, read.digest, replaces=replaced))
    return row


@transaction.atomic(durable=True)
def withdraw_offer(agency: Agency, number: str) -> None:
    """Take the sealed price back before the deadline. Raises TakesNoOffers, OffersClosed, NotEnrolled or NoOffer."""
    held = lock_case(number)
    request = queries.request_of(number)
    judge_sealing(offers.course_of(request), held.now)
    if not end_offer(held, enrolment_of(request, agency)):
        raise NoOffer()


def end_offer(held: Held, enrolment: Enrolment) -> bool:
    """An entrant leaves, or takes its price back; False if it had none. Part of a larger verb, before the deadline."""
    ended = _end(held, enrolment)
    if ended:
        held.append(*entries.withdrawn(enrolment.label))
    return ended


def enrolment_of(request: Request, agency: Agency) -> Enrolment:
    """The agency's standing enrolment; raises NotEnrolled."""
    found = queries.standing_enrolments(request).filter(agency=agency, barred_at__isnull=True).first()
    if found is None:
        raise NotEnrolled()
    return found


def _end(held: Held, enrolment: Enrolment) -> bool:
    in_force = SealedOffer.objects.filter(enrolment=enrolment, ended_at__isnull=True)
    return in_force.update(ended_at=held.now) > 0
