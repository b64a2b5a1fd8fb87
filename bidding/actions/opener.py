"""The opener: joins what bidders and trustees gave, under its own database role, and opens all prices in one entry (R6).

Only the clock may take the role. Prices exist in this process's memory for the moment between the reading and the
commit of the one entry that shows all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max

from bidding import offers, queries
from bidding.actions.courses import course_of
from bidding.entries import offers as entries
from bidding.models import OfferShare, PriceOpening, SealedOffer
from core.money import wire
from journal.actions import Held
from journal.clockwork import attempt, claim
from journal.contributions import Trustees
from journal.offers import Opened, Void, opened
from marketplace.models import Method, Request

_AT_ONCE = 50


def open_due_offers() -> int:
    """Open every request's prices that can be opened now; returns how many requests. Any number of clocks may try."""
    if not may_open():
        return 0
    numbers = offers.to_try().values_list("request__number", flat=True)[:_AT_ONCE]
    return sum(attempt(claim, try_to_open, number) for number in numbers if number)


def try_to_open(held: Held) -> int:
    """Open the prices of the case held, all or none of them, and let the selection go on; 0 while something is missing.

    Part of a larger verb; the caller may take the opener's role.
    """
    request = queries.request_of(held.name)
    opening = PriceOpening.objects.get(request=request)
    if opening.opened_at is not None:
        return 0
    found = _find_all(request, opening)
    if found is None:
        newest = OfferShare.objects.filter(offer__request=request).aggregate(pk=Max("pk"))["pk"]
        opening.tried = newest or 0
        opening.save(update_fields=["tried"])
        return 0
    held.append(*entries.opened([_keep(held, one) for one in found]))
    opening.opened_at = held.now
    opening.save(update_fields=["opened_at"])
    course_of(Method(request.method)).go_on(held, request)
    return 1


def may_open() -> bool:
    """May this process read shares: as the opener's member, or because there is one role for everything?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_column_privilege('bidding_offershare', 'share', 'SELECT') OR EXISTS"
            " (SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER'))",
            [settings.OPENER_ROLE],
        )
        (allowed,) = cursor.fetchone()
    return bool(allowed)


@dataclass(frozen=True)
class _Found:
    """An offer, its key and who gave it, and what follows; `shares` of the trustees, by their numbers."""

    offer: SealedOffer
    k: bytes | None
    by: str
    read: Opened
    shares: dict[int, bytes | None]


def _find_all(request: Request, opening: PriceOpening) -> list[_Found] | None:
    """Every offer in force as it turned out; None while one of them stays shut."""
    given, found = _shares(opening), []
    for offer in offers.in_force(request):
        one = _find(offer, request, offers.as_trustees(opening.trustees), dict(given.get(offer.pk, {})))
        if one is None:
            return None
        found.append(one)
    return found


def _find(offer: SealedOffer, request: Request, trustees: Trustees, shares: dict[int, bytes | None]) -> _Found | None:
    sealed = offers.sealed_of(offer)
    own = shares.pop(OfferShare.BIDDER, None)
    k = own or sealed.key_from(shares, trustees)
    if k is not None:
        read = opened(sealed, k, offer.enrolment.agency.organisation.uscc, request.ceiling, trustees)
        return _Found(offer, k, "bidder" if own else "trustees", read, shares)
    everybody_answered = set(shares) == set(range(1, len(trustees.keys) + 1))
    return _Found(offer, None, "", Opened(None, Void.UNOPENED), shares) if everybody_answered else None


def _keep(held: Held, found: _Found) -> dict[str, Any]:
    """Write down what an offer turned out to be; what the entry says of it."""
    offer, read = found.offer, found.read
    offer.k, offer.amount, offer.opened_by, offer.opened_at = found.k, read.amount, found.by, held.now
    offer.void = "" if read.void is None else read.void.value
    offer.save(update_fields=["k", "amount", "opened_by", "void", "opened_at"])
    said: dict[str, Any] = {
        "label": offer.enrolment.label,
        "amount": None if read.amount is None else wire(read.amount),
        "nonce": None if found.k is None else found.k.hex(),
        "by": found.by or None,
        "void": offer.void or None,
    }
    if read.void is Void.UNOPENED:
        said["shares"] = {str(n): None if share is None else share.hex() for n, share in sorted(found.shares.items())}
    return said


def _shares(opening: PriceOpening) -> dict[int, dict[int, bytes | None]]:
    """Offer → number → what was given. The one place where shares are read."""
    in_force = SealedOffer.objects.filter(request=opening.request_id, ended_at__isnull=True)
    rows = OfferShare.objects.filter(offer__in=list(in_force.values_list("pk", flat=True))).order_by(
        "offer_id", "number"
    )
    given: dict[int, dict[int, bytes | None]] = {}
    with _as_opener():
        for offer, number, share in rows.values_list("offer_id", "number", "share"):
            given.setdefault(offer, {})[number] = None if share is None else bytes(share)
    return given


@contextmanager
def _as_opener() -> Iterator[None]:
    """Take the opener's role for some reads, where this process may; with one role for everything there is none to take."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')", [settings.OPENER_ROLE]
        )
        if cursor.fetchone() is None:
            yield
            return
        cursor.execute("SELECT set_config('role', %s, true)", [settings.OPENER_ROLE])
        yield
        cursor.execute("SELECT set_config('role', 'none', true)")
