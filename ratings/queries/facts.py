"""What the system can see of conduct by itself, not yet noted: late deliveries, awards given up, auctions entered in vain."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from bidding.models import Auction, AuctionStatus, Award, AwardStatus, Bid, Enrolment
from contracts.models import Contract, Delivery, DeliveryStatus, ReturnReason
from journal.models import Entry
from ratings.models import Act
from ratings.rules.facts import empty_entries, given_up, lateness
from ratings.rulesets import ConductRules, credit_rules


@dataclass(frozen=True)
class Seen:
    """One act that the system has seen: whose, what, and where it can be looked at. `facts` fill the words of its evidence."""

    uscc: str
    code: str
    source: str
    path: str
    at: datetime
    facts: dict[str, str]
    contract: Contract | None = None


def unnoted(now: datetime) -> list[Seen]:
    """Everything seen since a month ago that no act names yet."""
    numbers = credit_rules().conduct
    since = now - timedelta(days=numbers.looks_back_days)
    seen = seen_since(since, now)
    known = set(Act.objects.filter(source__in=[one.source for one in seen]).values_list("code", "source"))
    return [one for one in seen if (one.code, one.source) not in known]


def seen_since(since: datetime, now: datetime) -> list[Seen]:
    """Everything that happened from `since` to `now`, noted or not."""
    numbers = credit_rules().conduct
    return [*_late(since, numbers), *_refused_twice(since), *_given_up(since), *_empty(now, since, numbers)]


def _late(since: datetime, numbers: ConductRules) -> Iterator[Seen]:
    """The first delivery of a milestone, after its date."""
    late = Delivery.objects.filter(version=1, delivered_at__gte=since, delivered_at__gt=F("milestone__due_at"))
    for delivery in late.select_related("milestone__contract__award__request", "milestone__contract__agency"):
        milestone = delivery.milestone
        contract = milestone.contract
        if contract.signed_at is None:
            continue
        code = lateness(contract.signed_at, milestone.due_at, delivery.delivered_at, numbers)
        if code is not None:
            number = contract.award.request.number or ""
            facts = {"number": number, "n": str(milestone.n), "days": _days(delivery.delivered_at - milestone.due_at)}
            yield _of_contract(contract, code, f"{number}/m{milestone.n}", delivery.delivered_at, facts)


def _refused_twice(since: datetime) -> Iterator[Seen]:
    """A milestone whose result was returned for its quality a second time."""
    returned = Delivery.objects.filter(status=DeliveryStatus.RETURNED, return_reason=ReturnReason.QUALITY)
    earlier = returned.filter(milestone=OuterRef("milestone"), version__lt=OuterRef("version"))
    again = returned.filter(Exists(earlier), decided_at__gte=since)
    for delivery in again.select_related("milestone__contract__award__request", "milestone__contract__agency"):
        contract, n = delivery.milestone.contract, delivery.milestone.n
        number = contract.award.request.number or ""
        at = delivery.decided_at or since
        yield _of_contract(contract, "refused_for_quality", f"{number}/q{n}", at, {"number": number, "n": str(n)})


def _given_up(since: datetime) -> Iterator[Seen]:
    """Awards that their winner declined or did not sign."""
    declined = Award.objects.filter(status=AwardStatus.DECLINED, published_at__gte=since - timedelta(days=60))
    for award in declined.select_related("request", "winner__agency__organisation"):
        number = award.request.number or ""
        told = Entry.objects.filter(case__name=number, kind="award.declined").order_by("seq")
        mine = [entry for entry in told if entry.data.get("label") == award.winner.label]
        if mine and mine[-1].at >= since:
            code = given_up(str(mine[-1].data["reason"]))
            uscc = award.winner.agency.uscc
            yield Seen(uscc, code, f"{number}/award", f"/r/{number}/award/", mine[-1].at, {"number": number})


def _empty(now: datetime, since: datetime, numbers: ConductRules) -> Iterator[Seen]:
    """Three auctions entered within 90 days without one accepted price."""
    over = Auction.objects.filter(status__in=[AuctionStatus.CLOSED, AuctionStatus.FAILED])
    recent = over.filter(closes_at__gte=now - timedelta(days=numbers.empty_entries_days), closes_at__lte=now)
    priced = Bid.objects.filter(enrolment=OuterRef("pk"), seq__isnull=False)
    vain = Enrolment.objects.filter(
        request__auction__in=recent, withdrawn_at__isnull=True, barred_at__isnull=True
    ).exclude(Exists(priced))
    by_agency: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for uscc, at, number in vain.values_list(
        "agency__organisation__uscc", "request__auction__closes_at", "request__number"
    ):
        by_agency[uscc].append((at, number or ""))
    for uscc, entries in by_agency.items():
        if len(entries) < numbers.empty_entries:
            continue
        sources = Act.objects.filter(agency__organisation__uscc=uscc, code="entered_without_price")
        counted = [number for source in sources.values_list("source", flat=True) for number in source.split("+")]
        for at, three in empty_entries(entries, counted, numbers):
            if at >= since:
                facts = {"numbers": "、".join(three)}
                yield Seen(uscc, "entered_without_price", "+".join(three), f"/r/{three[-1]}/award/", at, facts)


def _of_contract(contract: Contract, code: str, source: str, at: datetime, facts: dict[str, str]) -> Seen:
    number = contract.award.request.number
    return Seen(contract.agency.uscc, code, source, f"/r/{number}/contract/", at, facts, contract)


def _days(late: timedelta) -> str:
    return str(max(1, -(-late // timedelta(days=1))))
