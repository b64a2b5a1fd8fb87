"""The demo's own trustees (R6): five officials whose private keys it keeps, so that a draw never waits for anybody."""

import hashlib
import hmac

from django.conf import settings

from accounts.models import Kind, Membership
from core.clock import database_now
from draws import sources, trusteeship
from draws.models import Trustee
from journal.envelopes import public_key

TRUSTEES = 5


def appoint() -> None:
    """Nominate an official of each of five departments, with keys made from the demo's own secret."""
    members = Membership.objects.filter(organisation__kind=Kind.DEPARTMENT, organisation__demo=True)
    for member in members.select_related("user", "organisation").order_by("organisation", "pk")[:TRUSTEES]:
        made = trusteeship.nominate(None, member.user, member.organisation)
        trusteeship.register_key(member.user, public_key(_private(made)))


def open_due() -> int:
    """Open what waits for the demo's trustees: contributions kept back, sealed prices; returns how many shares were given."""
    given = 0
    for trustee in Trustee.objects.filter(organisation__demo=True, public_key__isnull=False):
        own = _private(trustee)
        key = public_key(own)
        if key != bytes(trustee.public_key or b""):
            continue  # somebody made a key of their own, or the demo's secret is another one now
        for waiting in sources.everything_for(key):
            if waiting.shut and database_now() >= waiting.from_at:
                given += sources.give(key, waiting.ref, waiting.shares(own))
    return given


def _private(trustee: Trustee) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"demo trustee {trustee.pk}".encode(), hashlib.sha256)
