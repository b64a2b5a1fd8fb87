"""Invoice, bank transfer and what arrives (R9). Every verb holds the case, posts one movement, writes its entries."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from accounts.models import Organisation, User
from contracts import entries, news
from contracts.actions.closing import close_if_done
from contracts.actions.hold import hold, must_be
from contracts.actions.ledger import (
    balances_of,
    balances_of_payable,
    balances_of_payment,
    post,
    strangers_money,
)
from contracts.actions.payer import refuse_strangers_money
from contracts.models import (
    Account,
    BankLine,
    Contract,
    LineRuling,
    Movement,
    MovementKind,
    Payable,
    Payment,
    PaymentMethod,
    Side,
)
from contracts.rules import ledger
from contracts.rules import payment as rules
from contracts.rules.plan import judge_public
from contracts.rulesets import contract_rules
from core.files import store
from core.money import shown
from core.text import clean
from journal.actions import Held

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic(durable=True)
def invoice(by: Organisation, payable_id: int, number: str, file: "UploadedFile[Any] | None" = None) -> Payable:
    """The agency records its invoice; from it the days of payment count. Raises NotAParty, InvoicedAlready, InvoiceNumberWrong."""
    held, contract, payable = hold_payable(payable_id)
    must_be(contract, by, Side.AGENCY)
    rules.judge_invoice(clean(number), invoiced=payable.invoiced_at is not None)
    payable.invoice_number, payable.invoiced_at = clean(number), held.now
    payable.invoice = store(file) if file else None
    payable.due_at = rules.payment_due(held.now, contract_rules(contract.ruleset).payment_days)
    payable.save()
    held.append(*entries.invoiced(payable))
    news.payment_due(contract, payable)
    return payable


def announce_transfer(
    user: User,
    by: Organisation,
    payable_id: int,
    key: UUID,
    amount: int,
    paid_on: date,
    receipt: "UploadedFile[Any] | None" = None,
) -> Payment:
    """The payer says that it has paid by bank, with the bank's receipt (回单). The same `key` is the same payment.

    It may be a part of what is due, or too much: what arrives decides. Raises NotThePayer (and records the attempt),
    NotInvoicedYet, NothingDue, AmountNotPayable, FileTooLarge or FileNotReadable.
    """
    refuse_strangers_money(by, number_of_payable(payable_id), "transfer")
    with transaction.atomic(durable=True):
        held, contract, payable = hold_payable(payable_id)
        if before := Payment.objects.filter(key=key, payable=payable).first():
            return before
        due = balances_of_payable(payable).due
        rules.judge_paying(amount, due=due, invoiced=payable.invoiced_at is not None)
        payment = Payment.objects.create(
            contract=contract,
            payable=payable,
            method=PaymentMethod.TRANSFER,
            amount=amount,
            key=key,
            started_by=user,
            started_at=held.now,
            paid_on=paid_on,
            receipt=store(receipt) if receipt else None,
        )
        begin(held, contract, payment, min(amount, due))
        news.receipt_to_confirm(contract, payment)
    return payment


@transaction.atomic(durable=True)
def confirm_receipt(by: Organisation, payment_id: int, amount: int) -> Payment:
    """The payee says what arrived for an announced transfer (fen). Raises NotThePayee, PaymentStep or AmountNotPayable."""
    held, contract, payment = hold_payment(payment_id)
    _judge_payee(contract, by)
    pending = judge_pending(payment)
    if amount <= 0:
        raise rules.AmountNotPayable()
    settle(held, contract, payment, amount, pending)
    return payment


@transaction.atomic(durable=True)
def deny_receipt(by: Organisation, payment_id: int, reason: str) -> Payment:
    """The payee says that nothing arrived: it is due again. Raises NotThePayee, PaymentStep or PersonalInPublicText."""
    held, contract, payment = hold_payment(payment_id)
    _judge_payee(contract, by)
    judge_public(reason)
    fail(held, contract, payment, judge_pending(payment), "not_received", clean(reason))
    return payment


@transaction.atomic(durable=True)
def return_suspense(by: Organisation, number: str, amount: int, reason: str) -> Movement:
    """The payee sends back what it got too much (fen). Raises NotThePayee or NothingToReturn."""
    held, contract = hold(number)
    _judge_payee(contract, by)
    # What came online goes back online, where the provider knows of it.
    online = sum(balances_of_payment(p)[Account.SUSPENSE] for p in contract.payments.exclude(reference=""))
    most = max(0, balances_of(contract)[Account.SUSPENSE] - online)
    if not 0 < amount <= most:
        raise rules.NothingToReturn(most=shown(most))
    movement = post(held, contract, MovementKind.RETURNED, ledger.returned(amount), reason=clean(reason)[:200])
    held.append(*entries.returned(amount))
    close_if_done(held, contract)
    return movement


@transaction.atomic(durable=True)
def allocate_suspense(by: Organisation, payable_id: int, amount: int) -> Movement:
    """The payee uses what it got too much for another amount that is due (fen). Raises NotThePayee or NothingToReturn."""
    held, contract, payable = hold_payable(payable_id)
    _judge_payee(contract, by)
    loose = balances_of(contract)[Account.SUSPENSE] - strangers_money(contract)
    most = max(0, min(loose, balances_of_payable(payable).due))
    if not 0 < amount <= most:
        raise rules.NothingToReturn(most=shown(most))
    movement = post(held, contract, MovementKind.ALLOCATED, ledger.allocated(amount), payable=payable)
    held.append(*entries.paid(payable, amount, "suspense"))
    note_settled(held, payable)
    close_if_done(held, contract)
    return movement


def hold_payable(payable_id: int) -> tuple[Held, Contract, Payable]:
    """Hold the case, then read what is payable; raises Payable.DoesNotExist. Part of a larger verb."""
    held, contract = hold(number_of_payable(payable_id))
    return held, contract, Payable.objects.select_related("milestone").get(pk=payable_id, contract=contract)


def hold_payment(payment_id: int) -> tuple[Held, Contract, Payment]:
    """Hold the case, then read the payment; raises Payment.DoesNotExist. Part of a larger verb."""
    payable_id = Payment.objects.values_list("payable_id", flat=True).get(pk=payment_id)
    held, contract = hold(number_of_payable(payable_id))
    return held, contract, Payment.objects.select_related("payable__milestone").get(pk=payment_id)


def number_of_payable(payable_id: int) -> str:
    """The number of the request it belongs to; raises Payable.DoesNotExist."""
    number = Payable.objects.values_list("contract__award__request__number", flat=True).get(pk=payable_id)
    return number or ""


def begin(held: Held, contract: Contract, payment: Payment, pending: int) -> None:
    """A payment is on its way with `pending` of what is due. Part of a larger verb."""
    post(
        held,
        contract,
        MovementKind.STARTED,
        ledger.started(pending),
        payable=payment.payable,
        payment=payment,
    )
    held.append(*entries.started(payment))


def settle(
    held: Held, contract: Contract, payment: Payment, amount: int, pending: int, line: BankLine | None = None
) -> Movement:
    """`amount` arrived for a payment: it settles what is due, the rest waits in suspense. Part of a larger verb."""
    payable = payment.payable
    due = balances_of_payable(payable).due
    postings = ledger.received(amount, pending=pending, due=due)
    movement = post(held, contract, MovementKind.RECEIVED, postings, payable=payable, payment=payment)
    takes = postings.get(Account.PAID, 0)
    if takes:
        held.append(*entries.paid(payable, takes, payment.method, payment))
    if over := postings.get(Account.SUSPENSE, 0):
        held.append(*entries.suspense(over, "over"))
    if line is not None:
        line.ruling, line.movement = LineRuling.ALLOCATED, movement
    note_settled(held, payable)
    news.payment_received(contract, payable, takes)
    close_if_done(held, contract)
    return movement


def fail(held: Held, contract: Contract, payment: Payment, pending: int, code: str, said: str = "") -> None:
    """A payment came to nothing: what was on its way is due again. Part of a larger verb."""
    post(
        held,
        contract,
        MovementKind.FAILED,
        ledger.failed(pending),
        payable=payment.payable,
        payment=payment,
        reason=(said or code)[:200],
    )
    held.append(*entries.failed(payment, code))
    news.payment_failed(contract, payment)


def judge_pending(payment: Payment) -> int:
    """What of the payment is on its way (fen); raises PaymentStep if nothing is."""
    pending = balances_of_payment(payment).pending
    if pending <= 0:
        raise rules.PaymentStep(status=str(MovementKind(payment.movements.latest("pk").kind).label))
    return pending


def _judge_payee(contract: Contract, by: Organisation) -> None:
    if by.pk != contract.agency_id:
        raise rules.NotThePayee()


def note_settled(held: Held, payable: Payable) -> None:
    """Keep when it was paid in full, for deadlines and the buyer's record; null again when money went back."""
    settled = balances_of_payable(payable).paid >= payable.amount
    moment = (payable.settled_at or held.now) if settled else None
    Payable.objects.filter(pk=payable.pk).update(settled_at=moment)
    payable.settled_at = moment
