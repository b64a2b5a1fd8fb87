"""Evaluations (评价): what each side says of a finished contract, unseen by the other until both are revealed (P19.5, R7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from contracts.models import Contract


class Evaluation(models.Model):
    """The round of evaluation of one finished contract, its sides revealed together. Changed under the request's case."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="evaluation")
    ruleset = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)
    # The agency's overall rating in [0, 1], once revealed; null if nobody rated it.
    x = models.DecimalField(max_digits=5, decimal_places=4, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["closes_at"], name="evaluation_due", condition=models.Q(revealed_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="evaluation_x_between_0_and_1",
                condition=models.Q(x__isnull=True) | models.Q(x__gte=0, x__lte=1, revealed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluation_closes_after_it_opens", condition=models.Q(closes_at__gt=models.F("opened_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}"


class MarkSide(models.TextChoices):
    """Who speaks. All but `agency` speak of the agency; `agency` speaks of the buyer."""

    BUYER = "buyer", _("采购人")
    DEPARTMENT = "department", _("主管部门")
    PLATFORM = "platform", _("平台")
    AGENCY = "agency", _("中介服务机构")


class FiveGrades(models.IntegerChoices):
    """五级评价; its value in [0, 1] is (grade − 1) / 4."""

    VERY_SATISFIED = 5, _("非常满意")
    SATISFIED = 4, _("满意")
    FAIR = 3, _("基本满意")
    DISSATISFIED = 2, _("不满意")
    VERY_DISSATISFIED = 1, _("非常不满意")


class Outcome(models.TextChoices):
    """What became of the deliverable at the competent department; its value is 1, 0.5 or 0."""

    PASSED = "passed", _("一次通过")
    RETURNED = "returned", _("退回修改后通过")
    REFUSED = "refused", _("因质量不予通过")


class Mark(models.Model):
    """What one side said, once and for good. `grades` is {dimension: 1…5}, or {dimension: "0.0000"…} for the platform.

    `salt` opens the commitment that stands in the case file from the moment it was given until the reveal.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="marks")
    side = models.CharField(max_length=10, choices=MarkSide.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    grades = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    document = models.CharField(_("批复或退回文号"), max_length=80, blank=True)
    reasons = models.JSONField(default=list)
    comment = models.TextField(_("说明"), max_length=1000, blank=True)
    x = models.DecimalField(max_digits=5, decimal_places=4)
    salt = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering = ["evaluation", "side"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "side"], name="one_mark_per_side"),
            models.CheckConstraint(name="mark_side_known", condition=models.Q(side__in=MarkSide.values)),
            models.CheckConstraint(name="mark_between_0_and_1", condition=models.Q(x__gte=0, x__lte=1)),
            models.CheckConstraint(
                name="mark_of_a_person_says_who",
                condition=models.Q(side=MarkSide.PLATFORM) | models.Q(by__isnull=False, organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.side}"


class Reply(models.Model):
    """The right of reply: the marked side answers a mark in public, once."""

    mark = models.OneToOneField(Mark, on_delete=models.PROTECT, related_name="reply")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("回应"), max_length=1000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.mark_id}"


class DisputeStatus(models.TextChoices):
    FILED = "filed", _("待裁定")
    UPHELD = "upheld", _("争议成立，评价不计")
    RELATED = "related", _("认定存在关联，减半计入")
    DISMISSED = "dismissed", _("争议不成立")


class Dispute(models.Model):
    """A mark disputed by the side it speaks of: it weighs 0 until a regulator who is no party has decided."""

    mark = models.OneToOneField(Mark, on_delete=models.PROTECT, related_name="dispute")
    by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("争议理由"), max_length=2000)
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=DisputeStatus.choices, default=DisputeStatus.FILED)
    decision = models.TextField(_("裁定理由"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="dispute_due", condition=models.Q(due_at__isnull=False))]
        constraints = [
            models.CheckConstraint(name="dispute_status_known", condition=models.Q(status__in=DisputeStatus.values)),
            models.CheckConstraint(
                name="dispute_decided_says_who_and_why",
                condition=models.Q(
                    status=DisputeStatus.FILED, decided_by__isnull=True, decided_at__isnull=True, due_at__isnull=False
                )
                | (
                    ~models.Q(status=DisputeStatus.FILED)
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False, due_at__isnull=True)
                    & ~models.Q(decision="")
                ),
            ),
            # I9
            models.CheckConstraint(
                name="dispute_decider_is_not_party",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("filed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mark_id} {self.status}"


class RectificationStatus(models.TextChoices):
    OPEN = "open", _("待整改")
    REPORTED = "reported", _("已报告，待评价方确认")
    CONFIRMED = "confirmed", _("已整改")
    REFUSED = "refused", _("评价方认为未整改")
    OVERDUE = "overdue", _("逾期未整改")


class Rectification(models.Model):
    """A bad mark asks the agency to put things right (整改) in time and to say how; the rater looks at it."""

    mark = models.OneToOneField(Mark, on_delete=models.PROTECT, related_name="rectification")
    status = models.CharField(max_length=10, choices=RectificationStatus.choices, default=RectificationStatus.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    report = models.TextField(_("整改情况"), max_length=3000, blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    verdict = models.TextField(_("评价方意见"), max_length=2000, blank=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at"], name="rectification_due")]
        constraints = [
            models.CheckConstraint(
                name="rectification_status_known", condition=models.Q(status__in=RectificationStatus.values)
            ),
            models.CheckConstraint(
                name="rectification_reported_says_what",
                condition=models.Q(status__in=[RectificationStatus.OPEN, RectificationStatus.OVERDUE])
                | (models.Q(reported_at__isnull=False) & ~models.Q(report="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mark_id} {self.status}"
