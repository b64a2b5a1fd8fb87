"""The demo's own trustees (R6): five officials whose private keys it keeps, so that a draw never waits for anybody."""

import hashlib
import hmac

from django.conf import settings

from accounts.models import Kind, Membership
from core.clock import database_now
from draws import trusteeship
from draws.models import Trustee
from draws.queries import share_of, shut_for, waiting_for
from journal.envelopes import public_key
from journal.stages import REVEAL_FOR

TRUSTEES = 5


def appoint() -> None:
    """Nominate an official of each of five departments, with keys made from the demo's own secret."""
    members = Membership.objects.filter(organisation__kind=Kind.DEPARTMENT, organisation__demo=True)
    for member in members.select_related("user", "organisation").order_by("organisation", "pk")[:TRUSTEES]:
        made = trusteeship.nominate(None, member.user, member.organisation)
        trusteeship.register_key(member.user, public_key(_private(made)))


def open_due() -> int:
    """Open what was kept back in draws of the demo's trustees; returns how many shares were given."""
    given = 0
    for trustee in Trustee.objects.filter(organisation__demo=True, public_key__isnull=False):
        own = _private(trustee)
        key = public_key(own)
        if key != bytes(trustee.public_key or b""):
            continue  # somebody made a key of their own, or the demo's secret is another one now
        for draw in waiting_for(key):
            if draw.sealed_at is not None and database_now() >= draw.sealed_at + REVEAL_FOR:
                shares = {one["identity"]: share_of(draw, one, own) for one in shut_for(draw, key)}
                given += trusteeship.open_by_force(key, draw.name, shares) if shares else 0
    return given


def _private(trustee: Trustee) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"demo trustee {trustee.pk}".encode(), hashlib.sha256)
