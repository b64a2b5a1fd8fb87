"""Deliveries (交付), their files and what became of them, and more time for reasons that are not the agency's."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contracts.models.contract import Milestone, Side
from core.models import StoredFile


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("待验收")
    ACCEPTED = "accepted", _("验收通过")
    PARTLY = "partly", _("部分通过")
    RETURNED = "returned", _("退回修改")


class ReturnReason(models.TextChoices):
    QUALITY = "quality", _("成果质量不符合约定")
    INCOMPLETE = "incomplete", _("成果不完整")
    OTHER_SUBJECT = "other_subject", _("与约定内容不一致")
    FORM = "form", _("形式或签章不符合要求")


class Delivery(models.Model):
    """One version of a milestone's result. `accepted` is the part of its price that was accepted with it (fen)."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="deliveries")
    version = models.PositiveSmallIntegerField()
    note = models.TextField(_("交付说明"), max_length=2000, blank=True)
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    delivered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    delivered_at = models.DateTimeField()
    # The next thing that time does to it: the reminder, then the regulator; null when it is decided or with them.
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_as = models.CharField(max_length=10, choices=Side.choices, blank=True)
    accepted = models.BigIntegerField(default=0)
    return_reason = models.CharField(max_length=16, choices=ReturnReason.choices, blank=True)
    opinion = models.TextField(_("验收意见"), max_length=2000, blank=True)

    class Meta:
        ordering = ["milestone", "version"]
        indexes = [models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(due_at__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "version"], name="delivery_version_once_per_milestone"),
            models.UniqueConstraint(
                fields=["milestone"],
                condition=models.Q(status=DeliveryStatus.WAITING),
                name="one_delivery_waits_per_milestone",
            ),
            models.CheckConstraint(name="delivery_status_known", condition=models.Q(status__in=DeliveryStatus.values)),
            models.CheckConstraint(
                name="accepted_only_with_an_acceptance",
                condition=models.Q(accepted=0, status__in=[DeliveryStatus.WAITING, DeliveryStatus.RETURNED])
                | models.Q(accepted__gt=0, status__in=[DeliveryStatus.ACCEPTED, DeliveryStatus.PARTLY]),
            ),
            models.CheckConstraint(
                name="delivery_decided_says_who_and_when",
                condition=models.Q(status=DeliveryStatus.WAITING, decided_at__isnull=True)
                | (~models.Q(status=DeliveryStatus.WAITING) & models.Q(decided_at__isnull=False, due_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="regulator_decides_only_after_silence",
                condition=~models.Q(decided_as=Side.REGULATOR) | models.Q(escalated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="less_than_all_says_why",
                condition=~models.Q(status__in=[DeliveryStatus.PARTLY, DeliveryStatus.RETURNED])
                | (~models.Q(return_reason="") & ~models.Q(opinion="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} v{self.version}"


class DeliveryFile(models.Model):
    """A delivered file by hash. Confidential ones say why; their name and bytes are for the parties and the regulator."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    confidential = models.BooleanField(default=False)
    confidential_because = models.CharField(_("保密理由"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "file"], name="file_once_per_delivery"),
            models.CheckConstraint(
                name="confidential_says_why",
                condition=models.Q(confidential=False) | ~models.Q(confidential_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExtensionStatus(models.TextChoices):
    ASKED = "asked", _("待答复")
    GRANTED = "granted", _("同意延期")
    REFUSED = "refused", _("不同意延期")


class Extension(models.Model):
    """More time for a milestone, for a reason that is not the agency's (R9)."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="extensions")
    wd = models.PositiveSmallIntegerField(_("延长工作日"))
    reason = models.TextField(_("延期原因"), max_length=2000)
    status = models.CharField(max_length=10, choices=ExtensionStatus.choices, default=ExtensionStatus.ASKED)
    asked_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_as = models.CharField(max_length=10, choices=Side.choices, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"],
                condition=models.Q(status=ExtensionStatus.ASKED),
                name="one_extension_asked_per_milestone",
            ),
            models.CheckConstraint(
                name="extension_status_known", condition=models.Q(status__in=ExtensionStatus.values)
            ),
            models.CheckConstraint(name="extension_has_days", condition=models.Q(wd__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} +{self.wd} {self.status}"
