"""Sealed prices (R6): what is kept of them before the deadline, what opens them after it, and what they turned out to be."""

from django.db import models

from accounts.models import User
from bidding.models.enrolment import Enrolment
from marketplace.models import Request


class SealedOffer(models.Model):
    """One version of an entrant's sealed price; a replaced or withdrawn one stays, with `ended_at`.

    Until the opening nobody can read a price from here: `ciphertext` is under a key of the bidder's own, `envelope` under
    keys of the trustees. `k`, `amount` (fen), `opened_by` (bidder, trustees) and `void` come with the opening.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="sealed_offers")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="sealed_offers")
    commitment = models.BinaryField(max_length=32)
    ciphertext = models.BinaryField(max_length=64)
    envelope = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    k = models.BinaryField(max_length=32, null=True)
    amount = models.BigIntegerField(null=True)
    opened_by = models.CharField(max_length=10, blank=True)
    void = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["request", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(ended_at__isnull=True),
                name="one_offer_in_force_per_enrolment",
            ),
            models.CheckConstraint(
                name="offer_has_no_price_before_its_opening",
                condition=models.Q(opened_at__isnull=False)
                | models.Q(k__isnull=True, amount__isnull=True, opened_by="", void=""),
            ),
            models.CheckConstraint(
                name="offer_opened_has_a_price_or_a_reason",
                condition=models.Q(opened_at__isnull=True) | models.Q(amount__isnull=False) | ~models.Q(void=""),
            ),
            models.CheckConstraint(
                name="offer_ended_is_never_opened",
                condition=models.Q(ended_at__isnull=True) | models.Q(opened_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.enrolment_id}"


class PriceOpening(models.Model):
    """The opening of a request's sealed prices: closed at the deadline, opened all together.

    `trustees` is {"keys": [hex], "threshold"} as the case file arranged it; `tried` the newest share when the opener last
    looked, so that it looks again only when there is a newer one.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="price_opening")
    trustees = models.JSONField()
    root = models.CharField(max_length=64)
    closed_at = models.DateTimeField()
    late_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    tried = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["closed_at"], name="price_opening_due", condition=models.Q(opened_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="prices_opened_after_their_close",
                condition=models.Q(opened_at__isnull=True) | models.Q(opened_at__gte=models.F("closed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.closed_at}"


class OfferShare(models.Model):
    """What opens an offer: its bidder's own key (number 0), or what a trustee decrypted of its envelope (from 1).

    Insert-only. `share` is null where a trustee could decrypt nothing. Only the opener's database role may read it; the
    serving role reads every other column (`config.roles`).
    """

    BIDDER = 0

    offer = models.ForeignKey(SealedOffer, on_delete=models.PROTECT, related_name="shares")
    number = models.PositiveSmallIntegerField()
    readable = models.BooleanField()
    share = models.BinaryField(max_length=64, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["offer", "number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="one_share_per_trustee_and_offer"),
            models.CheckConstraint(
                name="offer_share_is_readable_or_missing",
                condition=models.Q(readable=True, share__isnull=False) | models.Q(readable=False, share__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.number}"
