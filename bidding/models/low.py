"""The review of an abnormally low price (R5.8)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from bidding.models.auction import Auction
from bidding.models.enrolment import Enrolment


class LowReview(models.Model):
    """The lowest bidder justifies its price, the buyer decides with reasons; under labels, before any name opens."""

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="low_reviews")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="low_review")
    amount = models.BigIntegerField()
    justify_until = models.DateTimeField()
    justification = models.TextField(_("价格说明"), max_length=3000, blank=True)
    justified_at = models.DateTimeField(null=True)
    decide_until = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    reasons = models.TextField(_("认定理由"), max_length=3000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["auction"], condition=Q(decided_at__isnull=True), name="one_low_review_open"
            ),
            models.CheckConstraint(name="low_price_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="low_decided_says_how", condition=Q(decided_at__isnull=True) | Q(accepted__isnull=False)
            ),
            models.CheckConstraint(
                name="low_price_refused_with_reasons",
                condition=~Q(accepted=False) | Q(decided_by__isnull=True) | ~Q(reasons=""),
            ),
            models.CheckConstraint(
                name="low_justified_gets_a_decision_date",
                condition=Q(justified_at__isnull=True) | Q(decide_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.amount}"
