"""Pay online. Three steps, of which the middle one talks to the provider and holds no transaction:

    begin (ledger: due → pending)  ·  open the checkout, by the payment's own key  ·  keep its reference

Whoever dies between two of them leaves something that the clock finishes: a payment without a reference is opened again by
the same key, and one with a reference is read anew until there is nothing more to learn.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation, User
from contracts import entries, news
from contracts.actions.closing import close_if_done
from contracts.actions.hold import must_be
from contracts.actions.ledger import balances_of, balances_of_payable, balances_of_payment, moved, post
from contracts.actions.money import (
    begin,
    fail,
    hold_payable,
    hold_payment,
    note_settled,
    number_of_payable,
    settle,
)
from contracts.actions.payer import refuse_strangers_money
from contracts.models import Account, Contract, MovementKind, PayeeAccount, Payment, PaymentMethod, Side
from contracts.providers import Opened, Order, PaymentProvider, Rejected, Stage, Standing, Unavailable, offered
from contracts.rules import ledger
from contracts.rules import payment as rules
from core.clock import database_now
from core.money import shown
from journal.actions import Held

log = logging.getLogger(__name__)

# A checkout stays open so long; the shortest that Stripe takes is half an hour from when it hears of it.
OPEN_FOR = timedelta(minutes=60)
_FIRST_CHECK = timedelta(seconds=60)
_LONGEST_WAIT = timedelta(hours=6)
# A card can be disputed for months after.
_WATCHED_FOR = timedelta(days=120)


def provider_of(name: str) -> PaymentProvider:
    """The provider of that name; raises OnlineNotOffered."""
    provider = offered().get(name)
    if provider is None:
        raise rules.OnlineNotOffered()
    return provider


def pay_online(user: User, by: Organisation, payable_id: int, key: UUID, method: str, amount: int) -> Payment:
    """The payer begins to pay online; `payment.address` is where to go on. The same `key` is the same payment.

    Raises OnlineNotOffered, NotThePayer (and records the attempt), NotInvoicedYet, NothingDue, AmountNotPayable,
    MoreThanDue or ProviderUnavailable.
    """
    provider_of(method)
    refuse_strangers_money(by, number_of_payable(payable_id), "online")
    payment = _begin(user, payable_id, key, PaymentMethod(method), amount)
    if not payment.reference:
        try:
            return open_checkout(payment.pk)
        except Unavailable as error:
            raise rules.ProviderUnavailable() from error
    return payment


@transaction.atomic(durable=True)
def _begin(user: User, payable_id: int, key: UUID, method: PaymentMethod, amount: int) -> Payment:
    held, contract, payable = hold_payable(payable_id)
    if before := Payment.objects.filter(key=key, payable=payable).first():
        return before
    due = balances_of_payable(payable).due
    rules.judge_paying(amount, due=due, invoiced=payable.invoiced_at is not None, most=due)
    payment = Payment.objects.create(
        contract=contract,
        payable=payable,
        method=method,
        amount=amount,
        key=key,
        started_by=user,
        started_at=held.now,
        expires_at=held.now + OPEN_FOR,
        check_at=held.now + _FIRST_CHECK,
    )
    begin(held, contract, payment, amount)
    return payment


def open_checkout(payment_id: int) -> Payment:
    """Open the checkout of a payment that has begun, or find it if its answer was lost. Raises Unavailable.

    One that was given up is not opened again: nobody would look at it.
    """
    payment = Payment.objects.select_related("contract__award__request", "payable__milestone").get(pk=payment_id)
    if payment.check_at is None:
        return payment
    provider = provider_of(payment.method)
    order = _order(payment)
    try:
        opened = provider.open(order)
    except Rejected:
        # Perhaps it was opened long ago, by a key that the provider has forgotten.
        found = provider.find(order)
        if found is None:
            return _give_up(payment_id)
        opened = found
    return _keep(payment_id, opened)


@transaction.atomic(durable=True)
def _keep(payment_id: int, opened: Opened) -> Payment:
    _held, _contract, payment = hold_payment(payment_id)
    payment.reference, payment.address = opened.reference, opened.address
    payment.save(update_fields=["reference", "address"])
    return payment


@transaction.atomic(durable=True)
def _give_up(payment_id: int) -> Payment:
    held, contract, payment = hold_payment(payment_id)
    pending = balances_of_payment(payment).pending
    if pending and not payment.reference:
        fail(held, contract, payment, pending, "not_started")
        _stop_checking(payment)
    return payment


def check(payment_id: int) -> Standing | None:
    """Read a payment anew from its provider and let the ledger follow; None where there is nothing to read yet.

    Raises Unavailable.
    """
    payment = Payment.objects.get(pk=payment_id)
    provider = provider_of(payment.method)
    if not payment.reference:
        payment = open_checkout(payment_id)
        if not payment.reference:
            return None
    standing = provider.read(payment.reference)
    _follow(payment_id, standing)
    return standing


@transaction.atomic(durable=True)
def _follow(payment_id: int, standing: Standing) -> None:
    """Let the ledger say what the provider says. Only what is new is written, so the order of answers does not matter."""
    held, contract, payment = hold_payment(payment_id)
    pending = balances_of_payment(payment).pending
    received = moved(payment, MovementKind.RECEIVED, Account.PAYER)
    match standing.stage:
        case Stage.PAID if standing.received > received:
            # After an expiry that came first, nothing is pending any more: what is due takes it.
            settle(held, contract, payment, standing.received - received, pending)
        case Stage.DECLINED | Stage.EXPIRED if pending and not received:
            fail(held, contract, payment, pending, standing.stage.name.lower())
        case _:
            pass
    _go_back(held, contract, payment, standing)
    payment.intent = standing.intent or payment.intent
    _next_check(payment, standing, held.now)


def _go_back(held: Held, contract: Contract, payment: Payment, standing: Standing) -> None:
    """Refunds and disputes, as far as the ledger does not know them yet."""

    def news_of(kind: MovementKind, total: int) -> int:
        return max(0, total - moved(payment, kind, Account.PAYER))

    if more := news_of(MovementKind.REFUNDED, standing.refunded):
        _take_back(held, contract, payment, MovementKind.REFUNDED, more)
        held.append(*entries.refunded(payment, more))
    if more := news_of(MovementKind.UNREFUNDED, standing.unrefunded):
        _give_again(held, contract, payment, MovementKind.UNREFUNDED, more)
        held.append(*entries.refund_failed(payment, more))
        news.refund_failed(contract, payment, more)
    if more := news_of(MovementKind.WITHDRAWN, standing.withdrawn):
        _take_back(held, contract, payment, MovementKind.WITHDRAWN, more)
        held.append(*entries.disputed(payment, more, won=False))
    if more := news_of(MovementKind.REINSTATED, standing.reinstated):
        _give_again(held, contract, payment, MovementKind.REINSTATED, more)
        held.append(*entries.disputed(payment, more, won=True))
    note_settled(held, payment.payable)
    close_if_done(held, contract)


def _take_back(held: Held, contract: Contract, payment: Payment, kind: MovementKind, amount: int) -> None:
    """Money goes back to the payer: first what of this payment lies in suspense, then what was settled with it.

    What came too late or too much may have been used for another payable since; then that is owed again.
    """
    loose = min(amount, balances_of_payment(payment)[Account.SUSPENSE], balances_of(contract)[Account.SUSPENSE])
    if loose:
        post(held, contract, kind, ledger.returned(loose), payable=payment.payable, payment=payment)
    left = amount - loose
    for payable in [payment.payable, *contract.payables.exclude(pk=payment.payable_id)]:
        if taken := min(left, balances_of_payable(payable).paid):
            post(held, contract, kind, ledger.refunded(taken), payable=payable, payment=payment)
            note_settled(held, payable)
            left -= taken
    if left:
        log.error("%s: %s fen more went back than ever came", held.name, left)
    news.money_went_back(contract, payment, amount)


def _give_again(held: Held, contract: Contract, payment: Payment, kind: MovementKind, amount: int) -> None:
    """Money that had gone back is the payee's again: it settles what is due of its payable, the rest waits in suspense."""
    postings = ledger.came_back(amount, due=balances_of_payable(payment.payable).due)
    post(held, contract, kind, postings, payable=payment.payable, payment=payment)


def refund_online(by: Organisation, payment_id: int, amount: int, key: UUID) -> Payment:
    """The payee gives back what was paid online (fen); the same `key` gives it back once.

    Raises NotAParty, OnlineNotOffered, NothingToReturn or ProviderUnavailable.
    """
    payment = _refundable(by, payment_id, amount)
    provider = provider_of(payment.method)
    try:
        provider.refund(payment.intent, amount, str(key))
        check(payment_id)
    except Unavailable as error:
        raise rules.ProviderUnavailable() from error
    except Rejected as error:
        raise rules.NothingToReturn(most=shown(0)) from error
    return Payment.objects.get(pk=payment_id)


@transaction.atomic(durable=True)
def _refundable(by: Organisation, payment_id: int, amount: int) -> Payment:
    _held, contract, payment = hold_payment(payment_id)
    must_be(contract, by, Side.AGENCY)
    own = balances_of_payment(payment)
    most = own[Account.PAYEE] + own[Account.SUSPENSE]
    if not payment.intent or not 0 < amount <= most:
        raise rules.NothingToReturn(most=shown(most))
    # Whatever happens now, the clock looks.
    Payment.objects.filter(pk=payment_id).update(check_at=database_now() + _FIRST_CHECK)
    return payment


def cancel_online(by: Organisation, payment_id: int) -> None:
    """The payer gives a checkout up: nobody can pay it any more, and the amount is due again.

    Raises NotAParty, OnlineNotOffered or ProviderUnavailable.
    """
    payment = Payment.objects.select_related("contract").get(pk=payment_id)
    must_be(payment.contract, by, Side.BUYER)
    provider = provider_of(payment.method)
    try:
        # Whoever opened it may have died before its answer was kept: it is found by its key, or opened to be closed.
        if not payment.reference:
            payment = open_checkout(payment_id)
        if payment.reference:
            provider.expire(payment.reference)
            check(payment_id)
    except Unavailable as error:
        raise rules.ProviderUnavailable() from error


def _order(payment: Payment) -> Order:
    assert payment.expires_at is not None
    request = payment.contract.award.request
    account = PayeeAccount.objects.filter(organisation=payment.contract.agency_id).first()
    page = settings.SITE_URL + reverse("payment_back", args=[payment.pk])
    return Order(
        key=str(payment.key),
        amount=payment.amount,
        title=f"{request.number} {payment.payable.milestone.name}",
        number=request.number or "",
        success_url=page,
        cancel_url=page,
        started_at=payment.started_at,
        expires_at=payment.expires_at,
        payee_account=account.online if account else "",
    )


def _next_check(payment: Payment, standing: Standing, now: datetime) -> None:
    """Look again soon while it is open, ever more seldom, and no more when nothing can happen."""
    payment.checks += 1
    wait = min(_FIRST_CHECK * 2 ** min(payment.checks, 12), _LONGEST_WAIT)
    watched = standing.stage is not Stage.PAID or now - payment.started_at < _WATCHED_FOR
    over = standing.stage in (Stage.DECLINED, Stage.EXPIRED)
    payment.check_at = None if over or not watched else now + wait
    payment.save(update_fields=["intent", "checks", "check_at"])


def _stop_checking(payment: Payment) -> None:
    payment.check_at = None
    payment.save(update_fields=["check_at"])
