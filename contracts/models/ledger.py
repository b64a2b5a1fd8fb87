"""What is owed and what was paid: double entry per contract, appended and never edited.

Two books that move together. The first says what became of the price: `agreed` (its negative), `undue`, `due`, `pending`,
`paid`. The second says where money is: `payer` (its negative), `payee`, and `suspense`, what came in and belongs to nothing
due. Each movement's postings sum to zero within each book, and `paid` always equals `payee`; triggers hold all of it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contracts.models.contract import Contract, Milestone
from contracts.models.delivery import Delivery
from core.models import StoredFile


class Payable(models.Model):
    """An amount that became payable (应付款) by an acceptance. Its remittance code (附言) names it to banks.

    It falls due `payment_days` after the invoice (数电票). What of it is open, pending or paid, the ledger says.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payables")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="payables")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="payable")
    amount = models.BigIntegerField()
    code = models.CharField(_("附言"), max_length=16, unique=True)
    accepted_at = models.DateTimeField()
    invoice_number = models.CharField(_("发票号码"), max_length=20, blank=True)
    invoice = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    invoiced_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    overdue_noted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["accepted_at", "id"]
        indexes = [models.Index(fields=["due_at"], name="payable_due", condition=models.Q(settled_at__isnull=True))]
        constraints = [
            models.CheckConstraint(name="payable_amount_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="payable_falls_due_by_its_invoice",
                condition=models.Q(invoiced_at__isnull=True, due_at__isnull=True, invoice_number="")
                | (models.Q(invoiced_at__isnull=False, due_at__isnull=False) & ~models.Q(invoice_number="")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PaymentMethod(models.TextChoices):
    TRANSFER = "transfer", _("对公转账")
    STRIPE = "stripe", _("Stripe 在线支付")
    PRETEND = "pretend", _("演示支付")


class Payment(models.Model):
    """One attempt to pay (付款). Its state is what the ledger says of it: pending, paid, refunded or failed.

    `key` is its idempotency key: the same press is the same payment. `check_at` is when the clock reads it anew from its
    provider; null when there is nothing more to learn.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payments")
    payable = models.ForeignKey(Payable, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=PaymentMethod.choices)
    amount = models.BigIntegerField()
    key = models.UUIDField(unique=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    # Bank transfer.
    receipt = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    paid_on = models.DateField(_("付款日期"), null=True)
    # Online.
    reference = models.CharField(max_length=120, blank=True)
    intent = models.CharField(max_length=120, blank=True)
    address = models.URLField(max_length=1000, blank=True)
    expires_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    checks = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["started_at", "id"]
        indexes = [
            models.Index(fields=["check_at"], name="payment_check", condition=models.Q(check_at__isnull=False)),
            models.Index(fields=["intent"], name="payment_by_intent", condition=~models.Q(intent="")),
        ]
        constraints = [
            models.CheckConstraint(name="payment_amount_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(name="payment_method_known", condition=models.Q(method__in=PaymentMethod.values)),
            models.UniqueConstraint(
                fields=["method", "reference"], condition=~models.Q(reference=""), name="payment_reference_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount}"


class MovementKind(models.TextChoices):
    SIGNED = "signed", _("合同签订")
    CHANGED = "changed", _("合同变更")
    FELL_DUE = "fell_due", _("验收后应付")
    STARTED = "started", _("已发起付款")
    FAILED = "failed", _("付款未成")
    RECEIVED = "received", _("到账")
    ALLOCATED = "allocated", _("暂收款入账")
    RETURNED = "returned", _("暂收款退回")
    REFUNDED = "refunded", _("已退款")
    UNREFUNDED = "unrefunded", _("退款未成")
    WITHDRAWN = "withdrawn", _("争议扣回")
    REINSTATED = "reinstated", _("争议返还")


class Movement(models.Model):
    """One event of the ledger; its postings stand beside it. Append-only by a trigger."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=MovementKind.choices)
    payable = models.ForeignKey(Payable, on_delete=models.PROTECT, null=True, related_name="movements")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="movements")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="movement_kind_known", condition=models.Q(kind__in=MovementKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.kind}"


class Account(models.TextChoices):
    AGREED = "agreed", _("合同价款")
    UNDUE = "undue", _("未到付款条件")
    DUE = "due", _("应付")
    PENDING = "pending", _("付款中")
    PAID = "paid", _("已付")
    PAYER = "payer", _("付款单位")
    SUSPENSE = "suspense", _("暂收待核")
    PAYEE = "payee", _("收款机构")


class Posting(models.Model):
    """One side of a movement (fen, signed). Append-only by a trigger."""

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=10, choices=Account.choices)
    amount = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["movement", "account"], name="account_once_per_movement"),
            models.CheckConstraint(name="posting_moves_something", condition=~models.Q(amount=0)),
            models.CheckConstraint(name="posting_account_known", condition=models.Q(account__in=Account.values)),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
