"""Pay online. Three steps, of which the middle one talks to the provider and holds no transaction:

    begin (ledger: due → pending)  ·  open the checkout, by the payment's own key  ·  keep its reference

Whoever dies between two of them leaves something that the clock finishes: a payment without a reference is opened again by
the same key, and one with a reference is read anew until there is nothing more to learn.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Organisation, User
from contracts.actions.follow import FIRST_CHECK, follow
from contracts.actions.hold import must_be
from contracts.actions.ledger import balances_of_payable, balances_of_payment
from contracts.actions.money import (
    begin,
    fail,
    hold_payable,
    hold_payment,
    number_of_payable,
)
from contracts.actions.payer import refuse_strangers_money
from contracts.models import Account, PayeeAccount, Payment, PaymentMethod, Side
from contracts.providers import Opened, Order, PaymentProvider, Rejected, Standing, Unavailable, offered
from contracts.queries import sees_private
from contracts.rules import payment as rules
from core.clock import database_now
from core.money import shown

log = logging.getLogger(__name__)

# A checkout stays open so long; the shortest that Stripe takes is half an hour from when it hears of it.
OPEN_FOR = timedelta(minutes=60)


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
        check_at=held.now + FIRST_CHECK,
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
    follow(payment_id, standing)
    return standing


def ask_what_came_of_it(by: Organisation, payment_id: int) -> Payment:
    """Ask the provider, for somebody who sees the contract's private side; silent where there is nobody to ask.

    Raises Http404.
    """
    payment = get_object_or_404(Payment.objects.select_related("contract"), pk=payment_id)
    if not sees_private(payment.contract, by):
        raise Http404
    with suppress(Unavailable, rules.OnlineNotOffered):
        check(payment_id)
    return payment


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
    Payment.objects.filter(pk=payment_id).update(check_at=database_now() + FIRST_CHECK)
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


def _stop_checking(payment: Payment) -> None:
    payment.check_at = None
    payment.save(update_fields=["check_at"])
