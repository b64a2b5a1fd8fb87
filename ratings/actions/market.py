"""Publish the figures that all credits are computed against (信用计算基准), once a month."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Prefetch

from agencies.models import Agency
from contracts.models import Contract, ContractStatus
from core.clock import BEIJING, database_now
from core.money import wire
from journal.actions import lock_platform
from marketplace.models import Offering
from ratings.entries import CreditEntry
from ratings.models import CreditDue, MarketFigures, Rating, RatingEvent, Relation
from ratings.queries.credit import relation_of
from ratings.rules.market import Figures, as_data, figures
from ratings.rulesets import credit_rules

# Figures speak of the year before they are published.
_YEAR = timedelta(days=365)
_V = TypeVar("_V")


@transaction.atomic(durable=True)
def publish_figures(now: datetime | None = None) -> MarketFigures | None:
    """Publish what contracts, ratings and credits of the last year make, if none were published this month (Beijing's).

    None if they were, or while nobody has been rated. Every agency with a credit is then computed anew.
    """
    held = lock_platform()
    if not due(now or held.now):
        return None
    data = as_data(_figures(held.now))
    rules = credit_rules()
    said = {**data, "items": _on_wire(data["items"]), "ruleset": rules.id, "ruleset_sha256": rules.sha256}
    seq = held.append(CreditEntry.MARKET, said).seq
    CreditDue.objects.filter(due_at__gt=held.now).update(due_at=held.now)
    return MarketFigures.objects.create(at=held.now, data=data, ruleset=rules.id, seq=seq)


def due(now: datetime | None = None) -> bool:
    """Is there something to publish, and nothing published yet in this month of Beijing's?"""
    local = (now or database_now()).astimezone(BEIJING)
    begins = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return not MarketFigures.objects.filter(at__gte=begins).exists() and Rating.objects.exists()


def _figures(now: datetime) -> Figures:
    since = now - _YEAR
    signed = Contract.objects.filter(
        status__in=[ContractStatus.SIGNED, ContractStatus.COMPLETED], signed_at__gte=since, price__gt=0
    )
    ratings = Rating.objects.filter(at__gte=since).prefetch_related(Prefetch("events", RatingEvent.objects.all()))
    scored = Agency.objects.filter(credit__isnull=False)
    return figures(
        amounts=_by_item(signed.values_list("award__request__item", "price")),
        ratings=_by_item((one.item_id, one.x) for one in ratings if _counts(one, now)),
        credits=_by_item(_credits(Offering.objects.filter(agency__in=scored).values_list("item", "agency__credit"))),
        all_credits=[k for k in scored.values_list("credit", flat=True) if k is not None],
    )


def _counts(rating: Rating, now: datetime) -> bool:
    return relation_of(rating, now) in (Relation.NONE, Relation.FLAGGED)


def _credits(rows: Iterable[tuple[str, Decimal | None]]) -> Iterable[tuple[str, Decimal]]:
    return ((item, k) for item, k in rows if k is not None)


def _by_item(rows: Iterable[tuple[str, _V]]) -> dict[str, list[_V]]:
    found: dict[str, list[_V]] = defaultdict(list)
    for item, value in rows:
        found[item].append(value)
    return found


def _on_wire(items: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Amounts as entries carry them."""
    return {
        code: {**one, "amount": None if one["amount"] is None else wire(one["amount"])} for code, one in items.items()
    }
