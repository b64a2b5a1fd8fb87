"""The year of a market, a buyer or an agency, as the rules see it. Only what is opened: nothing before the award (I5)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import Kind, Organisation
from agencies.models import Qualification
from bidding.models import Award, AwardStatus, Enrolment, SealedOffer
from bidding.models import Bid as LiveBid
from core.clock import BEIJING
from core.queries import calendar
from flags import rows
from flags.queries import facts
from flags.rules import Scope
from flags.rulesets import flag_rules
from marketplace.models import Method, Request, ServiceItem
from marketplace.rulesets import CURRENT, SectionMissing, ruleset

_YUAN = 100


def window(scope: Scope, key: tuple[str, ...], until: datetime) -> rows.Window:
    """What the rules of that scope look at; a fixed number of queries, of one market's, buyer's or agency's year."""
    since = until - timedelta(days=flag_rules().life["window_days"])
    match scope:
        case Scope.MARKET:
            item, region = key
            found = _opened(since).filter(item=item, region=region)
            processes = _processes(found, live=True)
            numbers = [one.number for one in processes]
            return rows.Window(
                key,
                until,
                tuple(processes),
                deals=tuple(facts.deals(numbers, processes)),
                served=tuple(facts.served(item, since, region=region)),
                elsewhere=tuple(facts.served(item, since)),
                traces=tuple(facts.traces(processes)),
            )
        case Scope.BUYER:
            processes = _processes(_opened(since).filter(buyer__uscc=key[0]), live=False)
            return rows.Window(
                key, until, tuple(processes), ratings=tuple(facts.ratings(since, buyer=key[0])), tiers=_tiers(key[0])
            )
        case Scope.AGENCY:
            return rows.Window(key, until, ratings=tuple(facts.ratings(since, agency=key[0])))


def _opened(since: datetime) -> QuerySet[Request]:
    """Requests whose award is published, or was."""
    awarded = Award.objects.filter(published_at__gte=since).values("request")
    return Request.objects.filter(pk__in=awarded, published_at__gte=since)


def _processes(found: QuerySet[Request], *, live: bool) -> list[rows.Process]:
    requests = list(found.select_related("buyer", "item").order_by("published_at", "pk"))
    keys = [one.pk for one in requests]
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    for one in Enrolment.objects.filter(request__in=keys).select_related("agency__organisation").order_by("pk"):
        enrolments[one.request_id].append(one)
    offers = {
        offer.enrolment_id: offer
        for offer in SealedOffer.objects.filter(request__in=keys, opened_at__isnull=False, ended_at__isnull=True)
    }
    bids: dict[int, list[LiveBid]] = defaultdict(list)
    accepted = LiveBid.objects.filter(auction__request__in=keys, seq__isnull=False, refusal__isnull=True)
    for bid in accepted.exclude(struck=True).select_related("auction").order_by("seq"):
        bids[bid.auction.request_id].append(bid)
    awards: dict[int, Award] = {}
    for award in Award.objects.filter(request__in=keys).order_by("pk"):
        awards[award.request_id] = award
    holders = _holders({one.item for one in requests})
    return [
        _process(one, enrolments[one.pk], offers, bids[one.pk], awards.get(one.pk), holders.get(one.item_id), live)
        for one in requests
    ]


def _process(
    request: Request,
    enrolments: list[Enrolment],
    offers: dict[int, SealedOffer],
    bids: list[LiveBid],
    award: Award | None,
    holders: int | None,
    live: bool,
) -> rows.Process:
    names = {one.pk: one.agency.uscc for one in enrolments}
    first: dict[int, LiveBid] = {}
    for bid in bids:
        first.setdefault(bid.enrolment_id, bid)
    stands = award is not None and award.status in (AwardStatus.STANDSTILL, AwardStatus.FINAL)
    assert request.published_at is not None
    assert request.enrol_until is not None
    return rows.Process(
        number=request.number or "",
        item=request.item_id,
        region=request.region_id,
        buyer=request.buyer.uscc,
        published_at=request.published_at,
        closes_at=request.enrol_until,
        ended_at=award.published_at if award else request.enrol_until,
        ceiling=request.ceiling,
        competitive=request.method != Method.DIRECT,
        sealed=any(one.pk in offers for one in enrolments),
        offers=tuple(_offer(one, offers.get(one.pk), first.get(one.pk)) for one in enrolments if _took_part(one)),
        winner=names.get(award.winner_id) if award and stands else None,
        final=award.amount if award and stands else None,
        notice_wd=calendar().between(_date(request.published_at), _date(request.enrol_until)),
        notice_least_wd=_notice(request),
        holders=holders,
        bids=tuple(rows.Bid(names[bid.enrolment_id], bid.amount, bid.at) for bid in bids) if live else (),
        step=bids[0].auction.step if bids and live else 0,
    )


def _took_part(one: Enrolment) -> bool:
    return one.withdrawn_at is None or one.barred_at is not None


def _offer(one: Enrolment, offer: SealedOffer | None, bid: LiveBid | None) -> rows.Offer:
    """Its opening price: the sealed one, or where the market asked for none, the first that it bid."""
    agency, barred = one.agency.uscc, one.barred_at is not None
    if offer is not None:
        return rows.Offer(agency, offer.amount, offer.at, excluded=bool(offer.void) or barred)
    return rows.Offer(agency, bid.amount if bid else None, None, excluded=barred)


def _notice(request: Request) -> int | None:
    try:
        numbers = ruleset(request.ruleset)
        # Practice and demo count their notice in seconds.
        return None if numbers.live.any_time_after_seconds else numbers.way(request.method).notice_wd(request.ceiling)
    except (SectionMissing, FileNotFoundError):
        return None


def _holders(items: Iterable[ServiceItem]) -> dict[str, int]:
    """How many agencies hold all that the law demands for an item; nothing for items that demand nothing."""
    found: dict[str, int] = {}
    for item in items:
        required = list(item.required.values_list("pk", flat=True))
        if required:
            held: dict[int, set[str]] = defaultdict(set)
            for agency, kind in Qualification.objects.filter(kind__in=required).values_list("agency", "kind"):
                held[agency].add(kind)
            found[item.pk] = sum(kinds >= set(required) for kinds in held.values())
    return found


def _tiers(buyer: str) -> tuple[int, ...]:
    """Ceilings above which more is demanded of a department: longer notice, then a tender elsewhere. None of an enterprise."""
    if not Organisation.objects.filter(uscc=buyer, kind=Kind.DEPARTMENT).exists():
        return ()
    numbers = ruleset(CURRENT)
    tiers = [tier.up_to_yuan for tier in numbers.live.notice_tiers if tier.up_to_yuan is not None]
    return tuple(sorted({one * _YUAN for one in (*tiers, numbers.limits.tendering_yuan)}))


def _date(moment: datetime) -> Any:
    return moment.astimezone(BEIJING).date()
