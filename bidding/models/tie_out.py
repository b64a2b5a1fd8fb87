"""The sealed tie-out (R5.5)."""

from django.db import models

from bidding.models.auction import Auction
from bidding.models.enrolment import Enrolment


class TieOutSeat(models.Model):
    """One of the two to five who may send a sealed price, by the position it had in the live auction; and what it sent."""

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="tie_out")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="tie_out")
    position = models.PositiveSmallIntegerField()
    standing = models.BigIntegerField()
    key = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)
    commitment = models.CharField(max_length=64, blank=True, db_default="")
    seq = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "position"], name="tie_out_position_once"),
            models.CheckConstraint(
                name="tie_out_price_is_sent_whole",
                condition=models.Q(sealed__isnull=True, seq__isnull=True, sent_at__isnull=True, commitment="")
                | (models.Q(sealed__isnull=False, seq__isnull=False, sent_at__isnull=False) & ~models.Q(commitment="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.position}"
