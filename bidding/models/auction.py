"""The live auction and its bids."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bidding.models.enrolment import Enrolment
from marketplace.models import Request


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
    # When something of it is due next; null when nothing is by time alone, and when it is over.
    due_at = models.DateTimeField(null=True)
    # R5.7. Since when it runs without a break, and on which timeline of the database; signs from before do not count.
    live_since = models.DateTimeField(null=True)
    wal_timeline = models.CharField(max_length=8, blank=True, db_default="")
    paused_because = models.CharField(max_length=12, blank=True, db_default="")
    opens_again_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="auction_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["-closes_at"], name="auction_just_closed", condition=models.Q(status__in=OVER)),
        ]
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
                name="auction_paused_says_why",
                condition=models.Q(status=AuctionStatus.PAUSED) & ~models.Q(paused_because="")
                | ~models.Q(status=AuctionStatus.PAUSED) & models.Q(paused_because="", opens_again_at__isnull=True),
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
