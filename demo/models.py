"""The demo's own tables: mails that would have been sent, and orders of a payment provider that moves no money."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoMail(models.Model):
    """A mail that the demo kept instead of sending."""

    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class DemoHook(models.Model):
    """What a chat platform would have been sent; the query holds no secret, for a demo's addresses are invented."""

    kind = models.CharField(max_length=20)
    query = models.CharField(max_length=500)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Outcome(models.TextChoices):
    """What the payer chose on the pretend page."""

    OPEN = "open", _("尚未支付")
    PAID = "paid", _("支付成功")
    LATER = "later", _("稍后到账")
    DECLINED = "declined", _("支付失败")
    EXPIRED = "expired", _("订单过期")


class PretendCheckout(models.Model):
    """An order of the pretend provider: what a real one would keep on its own side. Amounts in fen.

    `paid_at` is when the money is there: at once, or for `later` some seconds after the choice.
    """

    reference = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=64, unique=True)
    amount = models.BigIntegerField()
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=40)
    success_url = models.CharField(max_length=500, blank=True)
    cancel_url = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refunded = models.BigIntegerField(default=0)
    # The keys of refunds done: the same key gives back once.
    refund_keys = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(name="pretend_amount_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="pretend_refunds_no_more_than_paid",
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("amount")),
            ),
            models.CheckConstraint(name="pretend_outcome_known", condition=models.Q(outcome__in=Outcome.values)),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.outcome}"

    @property
    def intent(self) -> str:
        """How the provider calls the payment itself."""
        return f"intent_{self.reference}"
