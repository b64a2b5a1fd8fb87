"""Who takes part in a selection, under a label."""

from django.db import models

from accounts.models import User
from agencies.models import Agency
from marketplace.models import Request


class Enrolment(models.Model):
    """An agency takes part in a request under a label of random words; the salt opens its commitment at the award."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="enrolments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="enrolments")
    label = models.CharField(max_length=40)
    salt = models.BinaryField(max_length=32)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    # Once the selection has begun nobody is withdrawn: who may not take part any more is barred, for good (R8).
    barred_at = models.DateTimeField(null=True)
    barred_because = models.CharField(max_length=20, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "agency"], name="enrolment_once_per_agency"),
            models.UniqueConstraint(fields=["request", "label"], name="label_once_per_request"),
            models.CheckConstraint(
                name="enrolment_barred_says_why",
                condition=models.Q(barred_at__isnull=True, barred_because="")
                | (models.Q(barred_at__isnull=False) & ~models.Q(barred_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.label}"
