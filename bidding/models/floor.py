"""Hidden floors (R5.6). A row for each time one was set: the losers' are opened at the close, all of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bidding.models.auction import Auction
from bidding.models.enrolment import Enrolment


class FloorEnd(models.TextChoices):
    LOWERED = "lowered", _("已调低")
    WITHDRAWN = "withdrawn", _("已撤回")
    VOID = "void", _("已失效")


class Floor(models.Model):
    """How far a bidder lets the platform go down for it. The price is nowhere but in `sealed` (`bidding.sealing`)."""

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="floors")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="floors")
    key = models.UUIDField()
    sealed = models.BinaryField()
    commitment = models.CharField(max_length=64)
    # The entry that set it: of equal floors the earlier stands.
    seq = models.BigIntegerField()
    set_at = models.DateTimeField()
    ended = models.CharField(max_length=10, choices=FloorEnd.choices, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=models.Q(ended=""), name="one_floor_per_bidder"),
            models.UniqueConstraint(fields=["auction", "enrolment", "key"], name="floor_key_once_per_bidder"),
            models.UniqueConstraint(fields=["auction", "seq"], name="floor_seq_once_per_auction"),
            models.CheckConstraint(
                name="floor_end_known", condition=models.Q(ended="") | models.Q(ended__in=FloorEnd.values)
            ),
        ]
        indexes = [models.Index(fields=["auction"], name="floors_that_stand", condition=models.Q(ended=""))]

    def __str__(self) -> str:
        return f"{self.auction_id} #{self.seq}"
