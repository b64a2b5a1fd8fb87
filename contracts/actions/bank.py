"""Bank statements and the reconciliation queue (对账). Nothing is kept of a statement until its payee confirms.

Each line is a transaction of its own, and the same line of the same payee is kept once: an import that broke off, or is
done twice, goes on where it stopped.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from accounts.models import Organisation, User
from contracts import entries, queries
from contracts.actions.hold import hold
from contracts.actions.ledger import OTHER_PAYER, balances_of_payment, post
from contracts.actions.money import hold_payable, number_of_payable, settle
from contracts.models import (
    BankLine,
    Contract,
    LineRuling,
    MovementKind,
    Payable,
    Payment,
    PaymentMethod,
)
from contracts.rules import ledger
from contracts.rules import payment as rules
from contracts.rules.matching import TAKEN, Match, Verdict, match, same_name
from contracts.rules.statement import Line
from core.clock import database_now
from core.text import clean
from journal.actions import Held
from marketplace.entries import payer_refused


def preview(by: Organisation, lines: Sequence[Line]) -> list[Match]:
    """What an import of these lines would do. Writes nothing."""
    return match(lines, queries.open_payables(by), queries.fingerprints(by))


def import_lines(user: User, by: Organisation, lines: Sequence[Line]) -> Counter[Verdict]:
    """Take the lines in: what matches is settled, the rest waits in the queue; how many of each verdict."""
    return Counter(_take(user, by, found).verdict for found in preview(by, lines))


@transaction.atomic(durable=True)
def _take(user: User, by: Organisation, seen: Match) -> Match:
    """Take one line in. Judged anew under the lock of the contract that its code names."""
    if seen.verdict is Verdict.SEEN:
        return seen
    payable = Payable.objects.filter(code=seen.code, contract__agency=by).first() if seen.code else None
    if payable is None:
        _line, new = _keep(by, seen)
        return seen if new else replace(seen, verdict=Verdict.SEEN)
    held, contract, payable = hold_payable(payable.pk)
    [found] = match([seen.line], queries.open_payables(by, payable), ())
    line, new = _keep(by, found)
    if not new:
        return replace(found, verdict=Verdict.SEEN)
    if found.verdict in TAKEN:
        _settle(held, contract, payable, line, user)
    elif found.verdict is Verdict.OTHER_PAYER and contract.government:
        _hold_back(held, contract, line)
    return found


def allocate_line(user: User, by: Organisation, line_id: int, payable_id: int) -> BankLine:
    """The payee says which amount a waiting line belongs to, such as one whose code was mistyped.

    Raises LineRuled, NotThePayee or PayerOnStatementDiffers (and records that another paid, P20.7).
    """
    try:
        return _allocate_line(user, by, line_id, payable_id)
    except rules.PayerOnStatementDiffers:
        _record_refused_transfer(by, payable_id)
        raise


@transaction.atomic(durable=True)
def _allocate_line(user: User, by: Organisation, line_id: int, payable_id: int) -> BankLine:
    held, contract, payable = hold_payable(payable_id)
    line = _waiting(by, line_id)
    if contract.agency_id != by.pk:
        raise rules.NotThePayee()
    if contract.government and line.payer_name and not same_name(line.payer_name, contract.payer.name):
        raise rules.PayerOnStatementDiffers(name=line.payer_name, payer=contract.payer.name)
    _settle(held, contract, payable, line, user)
    return line


@transaction.atomic(durable=True)
def dismiss_line(user: User, by: Organisation, line_id: int, ruling: LineRuling, note: str) -> BankLine:
    """The payee says that a waiting line is none of the platform's, or that it was sent back. Raises LineRuled."""
    line = _waiting(by, line_id)
    line.ruling, line.ruled_by, line.ruled_at, line.note = ruling, user, database_now(), clean(note)[:200]
    line.save()
    return line


@transaction.atomic(durable=True)
def _record_refused_transfer(by: Organisation, payable_id: int) -> None:
    held, _contract = hold(number_of_payable(payable_id))
    held.append(*payer_refused(by, "transfer"))


def _keep(by: Organisation, found: Match) -> tuple[BankLine, bool]:
    """The line, and whether it is new: another import may have been faster."""
    line = found.line
    return BankLine.objects.get_or_create(
        organisation=by,
        fingerprint=line.fingerprint,
        defaults={
            "booked_on": line.booked_on,
            "amount": line.amount,
            "payer_name": line.payer_name[:120],
            "remark": line.remark[:300],
            "verdict": found.verdict.value,
            "imported_at": database_now(),
        },
    )


def _settle(held: Held, contract: Contract, payable: Payable, line: BankLine, user: User) -> None:
    """The line pays what was announced for this amount, if anything was; else it is a payment of its own."""
    payment, pending = _announced(payable, line.amount)
    if payment is None:
        payment = Payment.objects.create(
            contract=contract,
            payable=payable,
            method=PaymentMethod.TRANSFER,
            amount=line.amount,
            key=uuid.uuid4(),
            started_at=held.now,
            paid_on=line.booked_on,
        )
    movement = settle(held, contract, payment, line.amount, pending)
    line.ruling, line.movement, line.ruled_by, line.ruled_at = LineRuling.ALLOCATED, movement, user, held.now
    line.save()


def _hold_back(held: Held, contract: Contract, line: BankLine) -> None:
    """Public money paid by somebody else may settle nothing: it waits in suspense until it goes back (P20.7)."""
    movement = post(held, contract, MovementKind.RECEIVED, ledger.held_back(line.amount), reason=OTHER_PAYER)
    held.append(*entries.suspense(line.amount, OTHER_PAYER))
    held.append(*payer_refused(contract.agency, "transfer"))
    line.ruling, line.movement, line.ruled_at = LineRuling.ALLOCATED, movement, held.now
    line.save()


def _announced(payable: Payable, amount: int) -> tuple[Payment | None, int]:
    """The announced transfer that a line most likely is: of the same amount, else the oldest; with what is pending of it."""
    waiting: list[tuple[Payment | None, int]] = [
        (payment, pending)
        for payment in payable.payments.filter(method=PaymentMethod.TRANSFER).order_by("pk")
        if (pending := balances_of_payment(payment).pending) > 0
    ]
    equal = [(payment, pending) for payment, pending in waiting if payment and payment.amount == amount]
    return (equal or waiting or [(None, 0)])[0]


def _waiting(by: Organisation, line_id: int) -> BankLine:
    line = BankLine.objects.select_for_update().filter(pk=line_id, organisation=by).first()
    if line is None or line.ruling != LineRuling.WAITING:
        raise rules.LineRuled()
    return line
