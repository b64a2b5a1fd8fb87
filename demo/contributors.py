"""The demo's buyers and regulators contribute to draws of requests, and open it again, by themselves (R4).

Their bytes follow from the demo's own secret, so a restart finds the same. What a visitor contributes in a role is theirs.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from datetime import datetime

from django.conf import settings

from accounts.models import Kind, Organisation
from core.clock import database_now
from draws import giving
from draws.models import Draw
from draws.queries import contributions_of, trustees_of
from journal.contributions import Contribution
from marketplace.models import Request

BUYER, REGULATOR = "buyer", "regulator"


def contribute_due() -> int:
    """Give what is missing in running draws; returns how many contributions. A visitor's own request waits half its time."""
    now, given = database_now(), 0
    running = Draw.objects.filter(case__request__buyer__demo=True, sealed_at__isnull=True, closes_at__gt=now)
    by_case: dict[int, list[Draw]] = defaultdict(list)
    for draw in running.prefetch_related("contributions"):
        by_case[draw.case_id].append(draw)
    for case, draws in by_case.items():
        request = Request.objects.select_related("buyer").get(case=case)
        if request.demo or all(_half_over(draw, now) for draw in draws):
            given += sum(_give(draws, identity, request) for identity in (BUYER, REGULATOR))
    return given


def reveal_due() -> int:
    """Open what was given this way in draws that are sealed; returns how many."""
    opened = 0
    sealed = Draw.objects.filter(case__request__buyer__demo=True, sealed_at__isnull=False, drawn_at__isnull=True)
    for draw in sealed.prefetch_related("contributions"):
        shut = set(draw.contributions.filter(opened_at__isnull=True).values_list("identity", flat=True))
        for made in contributions_of(draw):
            own = _bytes(draw.name, made.identity)
            by = _organisation(made.identity, Request.objects.select_related("buyer").get(case=draw.case_id))
            if made.identity in shut and by is not None and made.fits(own):
                opened += giving.reveal(by, {draw.name: own})
    return opened


def _give(draws: list[Draw], identity: str, request: Request) -> int:
    """What one party gives to all open draws of a request."""
    wanting = [draw for draw in draws if identity not in {one.identity for one in draw.contributions.all()}]
    by = _organisation(identity, request)
    member = by.memberships.select_related("user").order_by("pk").first() if by else None
    if not wanting or by is None or member is None:
        return 0
    made = {
        draw.name: Contribution.of(identity, _bytes(draw.name, identity), trustees_of(draw)).as_json()
        for draw in wanting
    }
    return giving.contribute(member.user, by, json.dumps(made))


def _organisation(identity: str, request: Request) -> Organisation | None:
    if identity == BUYER:
        return request.buyer
    if identity == REGULATOR:
        return Organisation.objects.filter(kind=Kind.REGULATOR, demo=True).order_by("pk").first()
    return None


def _half_over(draw: Draw, now: datetime) -> bool:
    return now >= draw.opened_at + (draw.closes_at - draw.opened_at) / 2


def _bytes(draw: str, identity: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"demo contribution {draw} {identity}".encode(), hashlib.sha256)
