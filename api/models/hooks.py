"""Outgoing webhooks: where an organisation wants to be told of entries, and each telling."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from journal.models import Entry

# After the last of them a delivery has failed; by hand it may be sent again.
MOST_ATTEMPTS = 10


class Scope(models.TextChoices):
    """Of which case files."""

    OWN = "own", _("与本单位有关的案卷")
    ALL = "all", _("全部公开案卷")


class Webhook(models.Model):
    """An address of an organisation. `secret` and `old_secret` are sealed under the platform's key (`api.secrets`).

    `kinds` are kinds of entry or their beginnings (`award.`); none means all. `failures` counts deliveries in a row that
    were given up or refused; `disabled_at` is when that was too many, or when its owner switched it off.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(_("接收地址"), max_length=500)
    scope = models.CharField(_("范围"), max_length=3, choices=Scope.choices, default=Scope.OWN)
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["organisation"], name="webhook_of", condition=Q(removed_at__isnull=True))]
        constraints = [
            models.CheckConstraint(name="webhook_scope_known", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(name="removed_webhook_is_off", condition=Q(removed_at=None) | ~Q(disabled_at=None)),
            models.CheckConstraint(
                name="old_webhook_secret_ends",
                condition=Q(old_secret__isnull=True, old_until__isnull=True)
                | Q(old_secret__isnull=False, old_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.url


class HookDeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("等待发送")
    SENDING = "sending", _("发送中")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("未送达")


class HookDelivery(models.Model):
    """One message to one address: an entry, or a test without one. `uid` is its `Webhook-Id`, the same at every attempt."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=9, choices=HookDeliveryStatus.choices, default=HookDeliveryStatus.WAITING)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    response_code = models.PositiveSmallIntegerField(null=True)
    # One word of ours, never what the receiver said.
    trouble = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_try_at"], name="hook_delivery_due", condition=Q(status="waiting")),
            models.Index(fields=["claimed_at"], name="hook_delivery_under_way", condition=Q(status="sending")),
            models.Index(fields=["webhook", "-id"], name="hook_delivery_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="hook_delivery_status_known", condition=Q(status__in=HookDeliveryStatus.values)
            ),
            models.UniqueConstraint(
                fields=["webhook", "entry"], condition=Q(entry__isnull=False), name="entry_delivered_once_per_webhook"
            ),
            models.CheckConstraint(
                name="hook_delivery_under_way_was_claimed", condition=~Q(status="sending") | Q(claimed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="hook_delivered_was_answered_kindly",
                condition=~Q(status="delivered") | Q(response_code__gte=200, response_code__lt=300),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.uid}"
