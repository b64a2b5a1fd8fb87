"""The stage's sealed prices: one request that takes them now and then, and invented agencies that seal as browsers do."""

import json
import logging
import secrets
from datetime import timedelta
from random import Random

from bidding import offers
from bidding.actions import seal_offer
from bidding.models import Enrolment, SealedOffer
from core.clock import database_now
from core.errors import Refused
from core.money import wire
from demo import roles, stage
from demo.words import SEED
from journal.envelopes import SECRET_BYTES
from journal.offers import SealedPrice
from marketplace.models import Method, Request, RequestStatus
from marketplace.rules import SEALED_METHODS

log = logging.getLogger(__name__)

_EVERY = timedelta(minutes=4)
_LOWEST, _HIGHEST = 0.62, 0.97
_SILENT = 0.12


def keep_going(rng: Random) -> None:
    """Publish a request for sealed prices if none runs and the last is some minutes old."""
    ours = Request.objects.filter(demo=True, method=Method.SEALED, ruleset=stage.NEXT)
    running = ours.filter(status__in=[RequestStatus.PUBLISHED, RequestStatus.SELECTING])
    if not running.exists() and not ours.filter(published_at__gt=database_now() - _EVERY).exists():
        stage.raise_curtain(rng, stage.NEXT, Method.SEALED)


def seal_due() -> int:
    """Seal the prices of those whose moment has come; returns how many. Who and when follows from the request's number."""
    taking = Request.objects.filter(
        demo=True, method__in=SEALED_METHODS, status=RequestStatus.PUBLISHED, enrol_until__gt=database_now()
    )
    return sum(_seal(request, seat) for request in taking for seat in _without_a_price(request))


def _without_a_price(request: Request) -> list[Enrolment]:
    """Invented entrants that have not sealed yet, but for the one that visitors sign in as."""
    have = SealedOffer.objects.filter(request=request).values("enrolment")
    seats = Enrolment.objects.filter(request=request, withdrawn_at__isnull=True, agency__organisation__demo=True)
    seats = seats.exclude(pk__in=have).exclude(agency__organisation__memberships__user__email=roles.email("agency"))
    return list(seats.select_related("agency__organisation").order_by("pk"))


def _seal(request: Request, seat: Enrolment) -> int:
    assert request.enrol_until is not None
    assert request.published_at is not None
    rng = Random(f"{SEED}/sealed/{request.number}/{seat.label}")  # noqa: S311 (a restart has to find the same)
    span, since = request.enrol_until - request.published_at, database_now() - request.published_at
    trustees = offers.arrangement(request)
    if rng.random() < _SILENT or trustees is None or since < span * rng.uniform(0.2, 0.9):
        return 0
    amount = int(request.ceiling * rng.uniform(_LOWEST, _HIGHEST)) // 100 * 100
    made = SealedPrice.of(wire(amount), seat.agency.uscc, secrets.token_bytes(SECRET_BYTES), trustees)
    try:
        seal_offer(None, seat.agency, request.number or "", json.dumps(made.as_json()))
    except Refused as refused:
        log.info("%s seals no price in %s: %s", seat.agency, request.number, refused)
        return 0
    return 1
