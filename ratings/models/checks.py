"""Results of an agency on probation are all checked by a regulator (R8, re-entry)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contracts.models import Delivery
from ratings.models.repair import Reentry


class ResultCheck(models.Model):
    """成果核验: one for each result delivered on probation, beside the buyer's acceptance, which does not wait for it."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="result_check")
    reentry = models.ForeignKey(Reentry, on_delete=models.PROTECT, related_name="checks")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    note = models.TextField(_("核验情况"), max_length=2000, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="result_check_says_who_and_what",
                condition=models.Q(checked_by__isnull=True, checked_at__isnull=True, ok__isnull=True, note="")
                | models.Q(checked_by__isnull=False, checked_at__isnull=False, ok__isnull=False) & ~models.Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.ok}"
