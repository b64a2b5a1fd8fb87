"""Enrolment, auctions, bids, awards and objections."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
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


class AuctionStatus(models.TextChoices):
    """R5. The states between publication and award; several come with the methods that need them."""

    WAITING = "waiting", _("未开始")
    READY = "ready", _("准备中")
    LIVE = "live", _("竞价中")
    PAUSED = "paused", _("已暂停")
    TIE_OUT = "tie_out", _("加试报价")
    REVIEW = "review", _("低价复核")
    CLOSED = "closed", _("已结束")
    FAILED = "failed", _("流标")


OVER = (AuctionStatus.CLOSED, AuctionStatus.FAILED)


class Auction(models.Model):
    """The live auction of a request. Changed only under the request's case lock."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="auction")
    status = models.CharField(max_length=10, choices=AuctionStatus.choices, default=AuctionStatus.WAITING)
    ceiling = models.BigIntegerField()
    step = models.BigIntegerField()
    ready_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    hard_end = models.DateTimeField()
    best = models.BigIntegerField(null=True)
    leader = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="+")
    extensions = models.PositiveSmallIntegerField(default=0)
    bid_count = models.PositiveIntegerField(default=0)
    # When something of it is due next: ready_at, opens_at, closes_at; null when it is over.
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="auction_due", condition=models.Q(due_at__isnull=False))]
        constraints = [
            models.CheckConstraint(name="auction_status_known", condition=models.Q(status__in=AuctionStatus.values)),
            models.CheckConstraint(name="auction_step_positive", condition=models.Q(step__gt=0)),
            models.CheckConstraint(
                name="auction_best_has_a_leader",
                condition=models.Q(best__isnull=True, leader__isnull=True)
                | models.Q(best__isnull=False, leader__isnull=False),
            ),
            models.CheckConstraint(
                name="auction_best_within_the_ceiling",
                condition=models.Q(best__isnull=True) | models.Q(best__gt=0, best__lte=models.F("ceiling")),
            ),
            models.CheckConstraint(
                name="auction_times_in_order",
                condition=models.Q(
                    ready_at__lte=models.F("opens_at"),
                    opens_at__lt=models.F("closes_at"),
                    closes_at__lte=models.F("hard_end"),
                ),
            ),
            models.CheckConstraint(
                name="auction_over_has_nothing_due",
                condition=~models.Q(status__in=OVER) | models.Q(due_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.status}"


class Bid(models.Model):
    """One press of the button and its answer. Accepted ones have an entry; refused ones keep their refusal (I7)."""

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="bids")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="bids")
    key = models.UUIDField()
    amount = models.BigIntegerField()
    seq = models.BigIntegerField(null=True)
    refusal = models.JSONField(null=True)
    at = models.DateTimeField()
    # Accepted, and void since its bidder was barred.
    struck = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "enrolment", "key"], name="bid_key_once_per_agency"),
            models.UniqueConstraint(fields=["auction", "seq"], name="bid_seq_once_per_auction"),
            models.CheckConstraint(
                name="bid_amount_positive", condition=models.Q(amount__gt=0) | models.Q(seq__isnull=True)
            ),
            models.CheckConstraint(
                name="bid_is_accepted_or_refused",
                condition=models.Q(seq__isnull=False, refusal__isnull=True)
                | models.Q(seq__isnull=True, refusal__isnull=False),
            ),
            # Accepted amounts that stand never repeat: each is below the one before.
            models.UniqueConstraint(
                fields=["auction", "amount"],
                condition=models.Q(seq__isnull=False, struck=False),
                name="bid_amount_once_per_auction",
            ),
            models.CheckConstraint(
                name="bid_struck_was_accepted", condition=models.Q(struck=False) | models.Q(seq__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.amount}"


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
