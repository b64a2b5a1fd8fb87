"""Live auctions to bid in, made by the platform's own actions. `python -m bench.world JSON` prints where they are."""

import itertools
import json
import sys
from typing import Any

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 (apps first)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from accounts.models import Kind, Organisation, User  # noqa: E402
from agencies.models import Agency  # noqa: E402
from bidding.actions import enrol  # noqa: E402
from bidding.models import Auction, Enrolment  # noqa: E402
from marketplace.models import ServiceItem  # noqa: E402
from tests import cast  # noqa: E402

CEILING = 90_000_000  # yuan: room for a step of one yuan however long the bench runs


def build(sizes: list[int]) -> list[dict[str, Any]]:
    """One live auction for each of `sizes`, that many agencies enrolled, others in each where there are enough."""
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    user = cast.person("buyer@bench.example", buyer)
    item = cast.service_item()
    agencies = [cast.agency(f"第{n}咨询有限公司") for n in range(max(sizes))]
    cast.offers(item, *agencies)
    sessions = {agency.pk: _session(agency) for agency in agencies}
    turn = itertools.cycle(agencies)
    return [_auction(buyer, user, item, list(itertools.islice(turn, size)), sessions) for size in sizes]


def _auction(
    buyer: Organisation, user: User, item: ServiceItem, agencies: list[Agency], sessions: dict[int, str]
) -> dict[str, Any]:
    request = cast.published(buyer, item, user, ceiling=f"{CEILING}.00")
    for agency in agencies:
        enrol(None, agency, request.number or "")
    auction = cast.go_live(request, seconds=36_000, hard_seconds=40_000)
    Auction.objects.filter(pk=auction.pk).update(step=100)
    return {
        "number": request.number,
        "case": request.case_id,
        "auction": auction.pk,
        "enrolment": Enrolment.objects.filter(request=request).values_list("pk", flat=True).first(),
        "price": CEILING,
        "sessions": [sessions[agency.pk] for agency in agencies],
    }


def _session(agency: Agency) -> str:
    user = agency.organisation.memberships.get().user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        print(json.dumps(build(json.loads(sys.argv[1]))))
