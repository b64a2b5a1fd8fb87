"""Sums of an agency's ratings, kept so that one more rating is cheap. No record: deleted, they are made anew from the ledger."""

from typing import Any

from django.db import models

from agencies.models import Agency
from ratings.models.credit import MarketFigures
from ratings.rules.sums import PLACES, Sums


def _sum() -> Any:
    return models.DecimalField(max_digits=60, decimal_places=PLACES, default=0)


class QualitySums(models.Model):
    """All ratings of an agency as they were summed at `at`, against these figures and rules. Written under its case."""

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, primary_key=True, related_name="quality_sums")
    figures = models.ForeignKey(MarketFigures, on_delete=models.PROTECT, null=True, related_name="+")
    ruleset = models.CharField(max_length=20)
    at = models.DateTimeField()
    ratings = models.IntegerField(default=0)
    raw = _sum()
    praised = _sum()
    items = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.agency_id} {self.ratings}"

    @property
    def sums(self) -> Sums:
        return Sums(self.raw, self.praised, self.items)


class GroupSums(models.Model):
    """The part of one group of buyers in them."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=18)
    raw = _sum()
    praised = _sum()
    items = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["agency", "-raw"], name="group_sums_largest")]
        constraints = [models.UniqueConstraint(fields=["agency", "group"], name="one_sum_per_group_of_buyers")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.group}"

    @property
    def sums(self) -> Sums:
        return Sums(self.raw, self.praised, self.items)
