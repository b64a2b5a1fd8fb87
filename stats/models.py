"""Sums that the figures are worked out from, and what is still to be summed anew.

Everything here follows from requests, awards and entries and can be thrown away: `recompute_all` makes the same again.
Each of the first two has one row a month (its first day, Beijing's), item, city and method, so that any selection of
them is a sum of few rows, however many requests there are.
"""

from django.db import models

from core.models import Region
from marketplace.models import ServiceItem


class Cell(models.Model):
    """What the rows of both kinds share."""

    month = models.DateField()
    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="+")
    # Where the project is.
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=12)

    class Meta:
        abstract = True


class Awarded(Cell):
    """Awards that stand and came `workdays` working days after the notice; the sums are those of `rules.figures.Awards`."""

    workdays = models.PositiveIntegerField()
    awards = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    competed = models.PositiveIntegerField()
    ceiling = models.BigIntegerField()
    paid = models.BigIntegerField()
    saved = models.BigIntegerField()
    rivals = models.PositiveIntegerField()
    outside = models.PositiveIntegerField()
    outside_amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "item", "region", "method", "workdays"], name="awarded_once_per_cell_and_wait"
            ),
            models.CheckConstraint(
                name="awarded_counts_only_awards_that_are_there",
                condition=models.Q(awards__gt=0, competed__lte=models.F("awards"), outside__lte=models.F("awards")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.item_id} {self.region_id} {self.method} {self.workdays}"


class What(models.TextChoices):
    """What became of requests in a month, beside awards."""

    PUBLISHED = "published"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Happened(Cell):
    """How many requests were published, failed (for this reason, as entries name it) or were called off in the month."""

    what = models.CharField(max_length=10, choices=What.choices)
    reason = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "item", "region", "method", "what", "reason"], name="happened_once_per_cell"
            ),
            models.CheckConstraint(name="happened_at_least_once", condition=models.Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.item_id} {self.region_id} {self.method} {self.what}"


class Stale(models.Model):
    """Something happened to a request of this item and city in this month: its rows are to be summed anew."""

    month = models.DateField()
    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "item", "region"], name="stale_once_per_month_item_and_region"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.item_id} {self.region_id}"


class Market(models.Model):
    """A market over twelve months: an item in a city. Without a city all of the item; without an item all of the city.

    `low`, `median` and `high` are the quartiles of prices in fen; only an item has them, for prices of different
    services say nothing together.
    """

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, null=True, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, related_name="+")
    awards = models.PositiveIntegerField()
    agencies = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    largest = models.BigIntegerField()
    cr4 = models.DecimalField(max_digits=4, decimal_places=1)
    hhi = models.DecimalField(max_digits=5, decimal_places=0)
    low = models.BigIntegerField(null=True)
    median = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-amount", "item", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "region"], name="one_market_per_item_and_region", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="market_within_the_bounds_of_its_measures",
                condition=models.Q(cr4__gte=0, cr4__lte=100, hhi__gte=0, hhi__lte=10000, awards__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id or '*'} {self.region_id or '*'} {self.hhi}"


class Day(models.Model):
    """One day of Beijing's on which everything was summed anew, and what stood open on it (`queries.stock`).

    `at` is when the markets and `stock` were last read; rows of earlier days are kept as they were.
    """

    date = models.DateField(unique=True)
    at = models.DateTimeField()
    stock = models.JSONField()

    class Meta:
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date}"
