"""Sealed prices in tests: a request that takes them, bidders who keep their keys, trustees who give shares."""

import json
import secrets
from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding import offers
from bidding.actions import advance, enrol, give_shares, open_due_offers, seal_offer
from bidding.models import SealedOffer
from core.clock import database_now
from draws.sources import everything_for
from journal.actions import lock_case
from journal.contributions import Trustees
from journal.envelopes import public_key
from journal.offers import SealedPrice
from journal.queries import entries_of
from marketplace import entries
from marketplace.models import Method, Request, ServiceItem
from tests import cast
from tests.draws.ceremony import Team


def sealed_request(
    buyer: Organisation, item: ServiceItem, by: User, team: Team, *agencies: Agency, **fields: Any
) -> Request:
    """A request that takes sealed prices for these trustees, in which these agencies are enrolled."""
    request = cast.published(buyer, item, by, **{"method": Method.SEALED, **fields})
    with transaction.atomic():
        keys = [public_key(own) for own in team.keys]
        lock_case(request.number or "").append(*entries.offers_arranged(keys, len(keys) // 2 + 1))
    for one in agencies:
        enrol(None, one, request.number or "")
    return request


def made(agency: Agency, request: Request, amount: str, k: bytes | None = None) -> tuple[SealedPrice, bytes]:
    """What the agency's browser makes of a price, and the key it keeps."""
    k = k or secrets.token_bytes(32)
    return SealedPrice.of(amount, agency.uscc, k, trustees_of(request)), k


def seal(agency: Agency, request: Request, amount: str) -> bytes:
    """Seal a price through the action; the key."""
    offer, k = made(agency, request, amount)
    seal_offer(None, agency, request.number or "", json.dumps(offer.as_json()))
    return k


def trustees_of(request: Request) -> Trustees:
    found = offers.arrangement(request)
    assert found is not None
    return found


def pass_deadline(request: Request) -> None:
    """The database's clock is past the deadline; nobody has noticed yet."""
    Request.objects.filter(pk=request.pk).update(enrol_until=database_now(), selects_at=database_now())


def close(request: Request) -> None:
    """The deadline has passed and the clock has closed the prices."""
    pass_deadline(request)
    advance(request.number or "")
    request.refresh_from_db()


def share(team: Team, request: Request, *numbers: int) -> None:
    """These trustees, counted from 0, give what they have."""
    for number in numbers:
        own = team.keys[number]
        for waiting in everything_for(public_key(own)):
            if waiting.name == request.number:
                give_shares(public_key(own), request.number or "", waiting.shares(own))


def open_prices(team: Team, request: Request) -> None:
    """All trustees answer, and the clock opens."""
    share(team, request, *range(len(team.keys)))
    open_due_offers()
    request.refresh_from_db()


def kinds(request: Request) -> list[str]:
    return list(entries_of(request.number or "").values_list("kind", flat=True))


def data_of(request: Request, kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in entries_of(request.number or "").filter(kind=kind)]


def in_force(agency: Agency) -> SealedOffer | None:
    return SealedOffer.objects.filter(enrolment__agency=agency, ended_at__isnull=True).first()
