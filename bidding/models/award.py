"""Awards, and objections to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from bidding.models.enrolment import Enrolment
from marketplace.models import Request


class AwardStatus(models.TextChoices):
    STANDSTILL = "standstill", _("公示中")
    FINAL = "final", _("已生效")
    DECLINED = "declined", _("中选人放弃")
    VOIDED = "voided", _("已撤销")


class Award(models.Model):
    """The published result (中选). It follows from the rules by computation; only its standstill is a matter of time."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="awards")
    winner = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    rank = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=AwardStatus.choices, default=AwardStatus.STANDSTILL)
    published_at = models.DateTimeField()
    standstill_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-published_at", "-id"], name="award_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(status__in=[AwardStatus.STANDSTILL, AwardStatus.FINAL]),
                name="one_winner_per_request",
            ),
            models.CheckConstraint(name="award_status_known", condition=models.Q(status__in=AwardStatus.values)),
            models.CheckConstraint(name="award_amount_positive", condition=models.Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.amount}"


class ObjectionStatus(models.TextChoices):
    FILED = "filed", _("待答复")
    ANSWERED = "answered", _("已答复")
    COMPLAINED = "complained", _("投诉处理中")
    UPHELD = "upheld", _("投诉成立")
    DISMISSED = "dismissed", _("投诉不成立")
    CLOSED = "closed", _("已办结")


PENDING_OBJECTIONS = (ObjectionStatus.FILED, ObjectionStatus.ANSWERED, ObjectionStatus.COMPLAINED)


class Objection(models.Model):
    """An objection (异议) within the standstill, its answer, complaint and decision (R5.9). While pending, signing waits."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="objections")
    by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=ObjectionStatus.choices, default=ObjectionStatus.FILED)
    text = models.TextField(_("异议事项与理由"), max_length=3000)
    answer = models.TextField(_("答复"), max_length=3000, blank=True)
    complaint = models.TextField(_("投诉理由"), max_length=3000, blank=True)
    decision = models.TextField(_("处理决定"), max_length=3000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    extended = models.BooleanField(default=False)
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # When it ends by itself if the objector does not go on; null while a complaint waits for its decision.
    lapses_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="objection_status_known", condition=models.Q(status__in=ObjectionStatus.values)
            ),
            models.UniqueConstraint(
                fields=["award", "by"],
                condition=models.Q(status__in=PENDING_OBJECTIONS),
                name="one_pending_objection_per_party",
            ),
            # I9
            models.CheckConstraint(
                name="objection_decider_is_not_party",
                condition=models.Q(decided_by__isnull=True)
                | (
                    ~models.Q(decided_by=models.F("filed_by"))
                    & (models.Q(answered_by__isnull=True) | ~models.Q(decided_by=models.F("answered_by")))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.status}"
