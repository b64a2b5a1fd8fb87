"""The ways back: credit repair (信用修复) and re-entry (重新入驻) after a removal (R8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Agency
from ratings.models.exits import ExitCase


class RepairStatus(models.TextChoices):
    ASKED = "asked", _("待审核")
    GRANTED = "granted", _("已修复")
    REFUSED = "refused", _("未通过")


class Repair(models.Model):
    """信用修复: asked for one act or one measure after its minimum period, with what was corrected; decided in 10 wd."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="repairs")
    act = models.ForeignKey("ratings.Act", on_delete=models.PROTECT, null=True, related_name="repairs")
    case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, null=True, related_name="repairs")
    correction = models.TextField(_("整改情况"), max_length=3000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=RepairStatus.choices, default=RepairStatus.ASKED)
    decision = models.TextField(_("审核意见"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="repair_is_of_an_act_or_a_case",
                condition=models.Q(act__isnull=True, case__isnull=False)
                | models.Q(act__isnull=False, case__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["act"], condition=models.Q(status=RepairStatus.ASKED), name="one_repair_asked_per_act"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(status=RepairStatus.ASKED), name="one_repair_asked_per_case"
            ),
            # Time alone only grants (R8): whoever refuses, says so himself.
            models.CheckConstraint(
                name="repair_decided_says_who_and_why",
                condition=models.Q(status=RepairStatus.ASKED, decided_by__isnull=True, due_at__isnull=False)
                | ~models.Q(status=RepairStatus.ASKED)
                & (models.Q(decided_by__isnull=False) | models.Q(status=RepairStatus.GRANTED))
                & models.Q(decided_at__isnull=False, due_at__isnull=True)
                & ~models.Q(decision=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.status}"


class Reentry(models.Model):
    """重新入驻 after a removal: its term is over, what was wrong is corrected, the commitment is signed anew."""

    case = models.OneToOneField(ExitCase, on_delete=models.PROTECT, related_name="reentry")
    correction = models.TextField(_("整改情况"), max_length=3000)
    commitment_version = models.CharField(max_length=20)
    commitment_sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=RepairStatus.choices, default=RepairStatus.ASKED)
    decision = models.TextField(_("审核意见"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    probation_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Time alone only grants (R8): whoever refuses, says so himself.
            models.CheckConstraint(
                name="reentry_decided_says_who_and_why",
                condition=models.Q(status=RepairStatus.ASKED, decided_by__isnull=True, due_at__isnull=False)
                | ~models.Q(status=RepairStatus.ASKED)
                & (models.Q(decided_by__isnull=False) | models.Q(status=RepairStatus.GRANTED))
                & models.Q(decided_at__isnull=False, due_at__isnull=True)
                & ~models.Q(decision=""),
            ),
            models.CheckConstraint(
                name="probation_only_by_reentry",
                condition=models.Q(status=RepairStatus.GRANTED, probation_until__isnull=False)
                | ~models.Q(status=RepairStatus.GRANTED) & models.Q(probation_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.status}"
