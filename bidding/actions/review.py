"""Is the final price abnormally low, and the review that follows (R5.8). Parts of larger verbs."""

from datetime import datetime
from statistics import median
from typing import Any

from bidding import queries
from bidding.entries import auction as entries
from bidding.models import Auction, AuctionStatus, Award, AwardStatus, Enrolment, LowReview
from core.money import parse, wire
from core.queries import calendar
from journal.actions import Held
from journal.awards import low
from marketplace.models import Request
from marketplace.rulesets import Low, RuleSet


def market_of(request: Request, now: datetime, numbers: RuleSet) -> dict[str, Any]:
    """`{"median", "awards"}` of the item's awards in the months of the rule; empty where there is no rule or no award."""
    if not numbers.has(Low):
        return {}
    since = _months_before(now, numbers.of(Low).median_months)
    awards = Award.objects.filter(
        request__item=request.item_id, status__in=(AwardStatus.STANDSTILL, AwardStatus.FINAL), published_at__gte=since
    ).exclude(request=request)
    amounts = list(awards.values_list("amount", flat=True))
    return {"median": wire(int(median(amounts))), "awards": len(amounts)} if amounts else {}


def begin_if_low(
    held: Held, request: Request, winner: str, amount: int, market: dict[str, Any], numbers: RuleSet
) -> bool:
    """Open the review that an abnormally low price asks for; was one opened? A price already accepted asks for none."""
    if not numbers.has(Low):
        return False
    enrolment = Enrolment.objects.get(request=request, label=winner)
    if LowReview.objects.filter(enrolment=enrolment).exists():
        return False
    opened = low.openings(queries.case_entries(held.name))
    middle = parse(market["median"]) if market else None
    finding = low.find(winner, amount, opened, middle, market.get("awards", 0), numbers.numbers["low"])
    if finding is None:
        return False
    until = calendar().add(held.now, numbers.of(Low).justify_wd)
    LowReview.objects.create(auction=request.auction, enrolment=enrolment, amount=amount, justify_until=until)
    auction = request.auction
    changed = Auction.objects.filter(pk=auction.pk, status=auction.status).update(
        status=AuctionStatus.REVIEW, due_at=until, best=amount, leader=enrolment
    )
    assert changed == 1, f"auction {auction.pk} was not {auction.status}"
    auction.refresh_from_db()
    held.append(*entries.low(winner, amount, finding.because, finding.figures, market, until))
    return True


def _months_before(now: datetime, months: int) -> datetime:
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=years, month=month + 1, day=min(now.day, 28))
