"""Unnamed plans (方案) of a 综合比选 (R3)."""

from django.db import models

from accounts.models import User
from bidding.models.enrolment import Enrolment
from core.models import StoredFile
from marketplace.models import Request


class Plan(models.Model):
    """One version of an entrant's plan; a replaced or withdrawn one stays as a row, with `ended_at`.

    Its file is known by its hash alone: the name it had on somebody's disk is kept nowhere.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="plans")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="plans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["request", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(ended_at__isnull=True),
                name="one_plan_in_force_per_enrolment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.enrolment_id}"
