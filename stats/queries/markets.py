"""Reads of markets: one, or all in the order of their size."""

from django.db.models import QuerySet

from stats.models import Market


def market_of(item: str) -> Market | None:
    """The whole market of an item over the last twelve months; None while nobody won anything in it."""
    return Market.objects.filter(item=item, region__isnull=True).first()


def markets(item: str = "", region: str = "") -> QuerySet[Market]:
    """Each item in each city, the largest first; of one item or city alone if wanted."""
    found = Market.objects.filter(item__isnull=False, region__isnull=False).select_related("item", "region")
    if item:
        found = found.filter(item=item)
    return found.filter(region=region) if region else found


def markets_of_items() -> QuerySet[Market]:
    """Each item in the whole province."""
    return Market.objects.filter(item__isnull=False, region__isnull=True).select_related("item")


def markets_of_regions() -> QuerySet[Market]:
    """Each city with all items."""
    return Market.objects.filter(item__isnull=True, region__isnull=False).select_related("region")
