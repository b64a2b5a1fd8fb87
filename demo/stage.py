"""The demo's stage: auctions that run now, published and filled through the real actions, one after another for ever."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from django.db.models import QuerySet

from accounts.models import Kind, Organisation, User
from agencies.models import Agency, Standing
from bidding.actions import enrol
from bidding.models import Auction, AuctionStatus, Enrolment
from core.clock import BEIJING, database_now
from core.errors import Refused
from core.models import Region
from demo import projects, roles
from demo.people import Buyer, place_of
from demo.words import SEED
from marketplace.actions import discard_draft, publish, save_draft
from marketplace.models import Method, Request, RequestStatus, ServiceItem
from marketplace.rulesets import ruleset

log = logging.getLogger(__name__)

# Opens within two minutes; and, when nothing runs, within seconds.
NEXT, AT_ONCE = "demo-2026-12", "demo-quick-2026-12"
_SOON = timedelta(seconds=15)
_CAST = (5, 6, 6, 7)
_OURS_ASK = 0.4


def keep_going(rng: Random) -> None:
    """Publish what is missing: something that runs, or will in seconds, and something that starts in two minutes."""
    now = database_now()
    waiting = _not_open_yet()
    running = Auction.objects.filter(status=AuctionStatus.LIVE, request__demo=True, closes_at__gt=now).exists()
    if not running and not any(_opens_soon(request) for request in waiting):
        raise_curtain(rng, AT_ONCE)
    if not any(request.ruleset == NEXT for request in waiting):
        raise_curtain(rng, NEXT)


def raise_curtain(rng: Random, rules: str, method: Method = Method.LIVE) -> Request | None:
    """Publish a request under those rules, in which the demo's own agency takes part at once; None without a buyer.

    Where the buyer names somebody it is an invented agency: a visitor would be missed.
    """
    buyer = _buyer(rng)
    if buyer is None:
        return None
    year = database_now().astimezone(BEIJING).year
    wanted = projects.wanted(rng, buyer, year, projects.STAGE)
    values = projects.as_values(wanted)
    values["item"] = ServiceItem.objects.get(pk=wanted.item)
    values["region"] = Region.objects.get(pk=buyer.organisation.region_id)
    values["method"] = method
    if method == Method.DIRECT and not _name_somebody(rng, values):
        return None
    user = User.objects.get(pk=buyer.user)
    draft = save_draft(user, buyer.organisation, values)
    try:
        request = publish(user, buyer.organisation, draft.pk, numbers=ruleset(rules))
    except Refused as refused:
        log.info("the demo could not publish %s: %s", wanted.title, refused)
        discard_draft(buyer.organisation, draft.pk)
        return None
    if method == Method.DIRECT:
        return request
    _enrol_our_own(request)
    if rules == AT_ONCE:
        fill(request, everybody=True)
    return request


def fill_all() -> None:
    """Let the invented agencies of each request that takes enrolments come when their time has come."""
    for request in _on_stage().filter(status=RequestStatus.PUBLISHED).exclude(method=Method.DIRECT):
        fill(request)


def fill(request: Request, *, everybody: bool = False) -> None:
    """Enrol those of the cast whose moment has come; who they are and when follows from the request's number."""
    assert request.enrol_until is not None
    assert request.published_at is not None
    rng = Random(f"{SEED}/{request.number}")  # noqa: S311 (a restart has to find the same cast)
    span, since = request.enrol_until - request.published_at, database_now() - request.published_at
    here = set(Enrolment.objects.filter(request=request).values_list("agency_id", flat=True))
    for agency in _cast(request, rng):
        due = everybody or since >= span * rng.uniform(0.05, 0.8)
        if due and agency.pk not in here:
            _enrol(agency, request)


def _cast(request: Request, rng: Random) -> list[Agency]:
    candidates = (
        Agency.objects.filter(organisation__demo=True, offerings__item=request.item_id)
        .exclude(organisation__memberships__user__email=roles.email("agency"))
        .exclude(ties__department=request.buyer_id)
        .select_related("organisation")
        .order_by("pk")[:200]
    )
    known = list(candidates)
    return rng.sample(known, min(len(known), rng.choice(_CAST)))


def _enrol_our_own(request: Request) -> None:
    ours = Agency.objects.filter(organisation__memberships__user__email=roles.email("agency")).first()
    if ours is not None:
        _enrol(ours, request)


def _name_somebody(rng: Random, values: dict[str, Any]) -> bool:
    """Whom an enterprise names, at what price and why; False where nobody offers the item."""
    known = list(
        Agency.objects.filter(organisation__demo=True, offerings__item=values["item"], standing=Standing.ACTIVE)
        .exclude(organisation__memberships__user__email=roles.email("agency"))
        .order_by("pk")[:60]
    )
    if known:
        values["direct_agency"] = rng.choice(known)
        values["direct_price"] = values["ceiling"] * rng.randrange(82, 98) // 100
        values["direct_reason"] = "该机构已完成本项目前期工作，熟悉场地条件和基础资料。"
    return bool(known)


def _enrol(agency: Agency, request: Request) -> None:
    try:
        enrol(None, agency, request.number or "")
    except Refused as refused:
        log.info("%s stays out of %s: %s", agency, request.number, refused)


def _buyer(rng: Random) -> Buyer | None:
    """The enterprise of the demo's role now and then, else any invented buyer that asks for what is on stage."""
    asking: Iterable[Organisation] = Organisation.objects.filter(demo=True, kind__in=[Kind.ENTERPRISE])
    ours = Organisation.objects.filter(memberships__user__email=roles.email("enterprise")).first()
    buyers = list(asking)
    chosen = ours if ours is not None and rng.random() < _OURS_ASK else rng.choice(buyers) if buyers else None
    if chosen is None:
        return None
    user = chosen.memberships.values_list("user_id", flat=True).first()
    return Buyer(chosen, user, place_of(chosen.region_id)) if user is not None else None


def _on_stage() -> QuerySet[Request]:
    """The stage's requests that are not over."""
    running = (RequestStatus.PUBLISHED, RequestStatus.SELECTING)
    return Request.objects.filter(demo=True, ruleset__in=[NEXT, AT_ONCE], status__in=running)


def _not_open_yet() -> list[Request]:
    """The stage's auctions in which bidding has not begun."""
    coming = _on_stage().filter(method=Method.LIVE).exclude(auction__status=AuctionStatus.LIVE)
    return list(coming.select_related("auction"))


def _opens_soon(request: Request) -> bool:
    if request.ruleset == AT_ONCE:
        return True
    auction: Auction | None = getattr(request, "auction", None)
    return auction is not None and auction.opens_at - database_now() < _SOON
