"""Bank transfer (对公转账): where to pay, and what bank statements say came in. Seen by the payee, never in public."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from contracts.models.ledger import Movement


class PayeeAccount(models.Model):
    """An agency's account to be paid on. Its holder's name is the agency's own: money goes to nobody else."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="payee_account")
    bank = models.CharField(_("开户银行"), max_length=80)
    number = models.CharField(_("银行账号"), max_length=32)
    # Where an online provider sends the money, such as Stripe's acct_…; without it the platform's own account.
    online = models.CharField(_("Stripe 收款账户"), max_length=64, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payee_account_number_is_digits", condition=models.Q(number__regex=r"^[0-9]{8,32}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} …{self.number[-4:]}"


class LineRuling(models.TextChoices):
    WAITING = "waiting", _("待核对")
    ALLOCATED = "allocated", _("已入账")
    RETURNED = "returned", _("已退回付款方")
    NOT_OURS = "not_ours", _("与平台合同无关")


class BankLine(models.Model):
    """One credit of an imported statement. The same line of a later file is the same line (`fingerprint`)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bank_lines")
    fingerprint = models.CharField(max_length=64)
    booked_on = models.DateField(_("入账日期"))
    amount = models.BigIntegerField()
    payer_name = models.CharField(_("付款户名"), max_length=120, blank=True)
    remark = models.CharField(_("附言"), max_length=300, blank=True)
    # Why it waits: the verdict of matching when it was imported.
    verdict = models.CharField(max_length=16)
    ruling = models.CharField(max_length=10, choices=LineRuling.choices, default=LineRuling.WAITING)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, null=True, related_name="bank_lines")
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "fingerprint"], name="bank_line_once_per_payee"),
            models.CheckConstraint(name="bank_line_amount_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(name="bank_line_ruling_known", condition=models.Q(ruling__in=LineRuling.values)),
            models.CheckConstraint(
                name="bank_line_allocated_by_a_movement",
                condition=~models.Q(ruling=LineRuling.ALLOCATED) | models.Q(movement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount}"


class BudgetLine(models.Model):
    """A department's budget line (预算项目) with its total, so that what is left can be seen (P20.7)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="budget_lines")
    name = models.CharField(_("预算项目"), max_length=120)
    total = models.BigIntegerField(_("预算总额（分）"))

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="budget_line_once_per_department"),
            models.CheckConstraint(name="budget_total_positive", condition=models.Q(total__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderEvent(models.Model):
    """A webhook's event, stored once. A hint that something happened: what happened is read anew from the provider."""

    provider = models.CharField(max_length=10)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    # The session or payment intent that it is about; empty for kinds that are none of ours.
    about = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], name="event_waits", condition=models.Q(handled_at__isnull=True))
        ]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
