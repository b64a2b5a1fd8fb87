"""What the contract page shows of money: each payable, its attempts to pay, and the doors that the reader may take."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.forms import Form
from django.utils.translation import gettext as _

from contracts import queries
from contracts.actions.ledger import strangers_money
from contracts.models import Account, Contract, Movement, MovementKind, Payable, Payment, PaymentMethod, Side
from contracts.providers import offered
from contracts.rules.ledger import Balances
from contracts.rules.payment import judge_paying
from core.clock import BEIJING
from core.errors import Refused
from core.queries import calendar
from core.workdays import Calendar

# What went back to the payer, less what the payee got again.
_WENT_BACK: dict[str, int] = {
    MovementKind.REFUNDED: 1,
    MovementKind.UNREFUNDED: -1,
    MovementKind.WITHDRAWN: 1,
    MovementKind.REINSTATED: -1,
}

_CODES = ("declined", "expired", "not_received", "cancelled", "not_started")


@dataclass(frozen=True)
class Step:
    """One movement of a payment: what, how much of it reached the payer's or payee's side, and when."""

    movement: Movement
    amount: int

    @property
    def said(self) -> str:
        """What the payee wrote for everybody to read; failures that a provider reports have a code instead."""
        return "" if self.movement.reason in _CODES else self.movement.reason


@dataclass
class PaymentRow:
    """One attempt to pay, as the ledger knows it."""

    payment: Payment
    pending: int
    arrived: int
    went_back: int
    refundable: int
    steps: list[Step]
    expected: date | None
    doors: tuple[str, ...]
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"t{self.payment.pk}"

    @property
    def state(self) -> tuple[str, str]:
        """Badge and words."""
        if self.pending:
            return "soon", _("等待到账")
        if self.arrived and self.went_back >= self.arrived:
            return "warn", _("已退回")
        if self.arrived:
            return ("warn", _("金额不符")) if self.differs else ("ok", _("已到账"))
        return "bad", _("未完成")

    @property
    def differs(self) -> bool:
        """Did another amount arrive than was announced?"""
        return bool(self.arrived) and self.arrived != self.payment.amount


@dataclass(frozen=True)
class Suspense:
    """What came in and settles nothing: all of it, what may settle something here, and what goes back by bank (fen)."""

    total: int
    usable: int
    by_bank: int


@dataclass
class PayableRow:
    """An amount that fell due: what of it is open, on its way and paid."""

    payable: Payable
    balances: Balances
    payments: list[PaymentRow]
    doors: tuple[str, ...]
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"p{self.payable.pk}"

    @property
    def state(self) -> tuple[str, str]:
        """Badge and words."""
        if self.balances.pending:
            return "soon", _("付款中")
        if not self.balances.due:
            return "ok", _("已付")
        if self.payable.overdue_noted_at and not self.payable.settled_at:
            return "bad", _("逾期未付")
        if self.payable.due_at is None:
            return "plain", _("待开票")
        return "warn", _("部分已付") if self.balances.paid else _("应付")


def payables_of(contract: Contract, side: str) -> tuple[list[PayableRow], Suspense]:
    """The payables in order, and what lies in suspense."""
    own = queries.balances_by_payable(contract)
    of_payment = queries.balances_by_payment(contract)
    suspense = _suspense(contract, of_payment)
    steps: dict[int, list[Step]] = defaultdict(list)
    for movement in contract.movements.filter(payment__isnull=False).prefetch_related("postings"):
        steps[movement.payment_id or 0].append(_step(movement))
    days, rows = calendar(), []
    for payable in contract.payables.select_related("milestone", "invoice").prefetch_related("payments__receipt"):
        payments = [
            _payment_row(one, of_payment.get(one.pk, Balances()), steps[one.pk], side, days)
            for one in payable.payments.all()
        ]
        balances = own.get(payable.pk, Balances())
        rows.append(PayableRow(payable, balances, payments, _payable_doors(payable, balances, side, suspense)))
    return rows, suspense


def _suspense(contract: Contract, of_payment: dict[int, Balances]) -> Suspense:
    total = queries.balances_by_contract([contract]).get(contract.pk, Balances())[Account.SUSPENSE]
    if not total:
        return Suspense(0, 0, 0)
    online = contract.payments.exclude(reference="").values_list("pk", flat=True)
    loose = sum(of_payment.get(pk, Balances())[Account.SUSPENSE] for pk in online)
    return Suspense(total, max(0, total - strangers_money(contract)), max(0, total - loose))


def _payable_doors(payable: Payable, balances: Balances, side: str, suspense: Suspense) -> tuple[str, ...]:
    found = []
    if side == Side.AGENCY and payable.invoiced_at is None:
        found.append("invoice")
    if side == Side.AGENCY and suspense.usable and balances[Account.DUE]:
        found.append("allocate")
    if side == Side.BUYER and _payable_now(payable, balances):
        found.append("transfer")
        if offered():
            found.append("online")
    return tuple(found)


def _payable_now(payable: Payable, balances: Balances) -> bool:
    due = balances[Account.DUE]
    try:
        judge_paying(due, due=due, invoiced=payable.invoiced_at is not None)
    except Refused:
        return False
    return True


def _payment_row(payment: Payment, own: Balances, steps: list[Step], side: str, days: Calendar) -> PaymentRow:
    arrived = sum(step.amount for step in steps if step.movement.kind == MovementKind.RECEIVED)
    went_back = sum(_WENT_BACK.get(step.movement.kind, 0) * step.amount for step in steps)
    refundable = own[Account.PAYEE] + own[Account.SUSPENSE] if payment.intent else 0
    pending = own[Account.PENDING]
    online = payment.method != PaymentMethod.TRANSFER
    found = []
    if pending and online and side == Side.BUYER:
        found.append("cancel")
    if pending and not online and side == Side.AGENCY:
        found += ["received", "deny"]
    if refundable > 0 and side == Side.AGENCY:
        found.append("refund")
    expected = _expected(payment, days) if pending else None
    return PaymentRow(payment, pending, arrived, went_back, refundable, steps, expected, tuple(found))


def _expected(payment: Payment, days: Calendar) -> date | None:
    """When a transfer should be there: banks book until the end of the next working day."""
    start = payment.paid_on or payment.started_at.astimezone(BEIJING).date()
    return days.after(start, 1).date if payment.method == PaymentMethod.TRANSFER else None


def _step(movement: Movement) -> Step:
    moved = {posting.account: posting.amount for posting in movement.postings.all()}
    outside = abs(moved.get(Account.PAYER, 0))
    return Step(movement, outside or abs(moved.get(Account.PENDING, 0)))
