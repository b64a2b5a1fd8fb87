"""Paying online, against the stand-in over HTTP with the real SDK: whatever comes, the ledger ends right, to the fen."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from stripe import InvalidRequestError

from accounts.models import Organisation, User
from contracts import actions
from contracts.clockwork import check_due_payments, do_due_duties, handle_events
from contracts.models import ContractStatus, Payable, PayeeAccount, Payment, ProviderEvent
from contracts.providers import offer, withdraw
from contracts.providers.stripe import StripeProvider
from contracts.rules.payment import (
    MoreThanDue,
    NothingDue,
    NothingToReturn,
    NotThePayer,
    OnlineNotOffered,
    ProviderUnavailable,
)
from core.clock import database_now, rfc3339
from tests.contracts import play
from tests.plumbing.standin import Standin

# A process of its own stands beside each.
pytestmark = pytest.mark.slow


@pytest.fixture
def stripe(stripe_standin: Standin) -> Iterator[Standin]:
    """The platform offers Stripe, which is the stand-in."""
    offer(StripeProvider(stripe_standin.api_key, stripe_standin.secret, stripe_standin.url))
    yield stripe_standin
    withdraw("stripe")


def pay(payable: Payable, *, key: uuid.UUID | None = None, amount: int = 9_000_000) -> Payment:
    payer = play.contract(play.number_of(payable)).payer
    return actions.pay_online(play.user_of(payer), payer, payable.pk, key or uuid.uuid4(), "stripe", amount)


def look(payment: Payment) -> dict[str, int]:
    """Read it anew, as the clock does when it is time."""
    Payment.objects.filter(pk=payment.pk).update(check_at=database_now())
    check_due_payments()
    return play.sums(play.number_of(payment.payable))


DUE = {"agreed": -9_000_000, "due": 9_000_000}
PENDING = {"agreed": -9_000_000, "pending": 9_000_000}
PAID = {"agreed": -9_000_000, "paid": 9_000_000, "payer": -9_000_000, "payee": 9_000_000}


def test_without_keys_it_is_not_offered(payable: Payable) -> None:
    with pytest.raises(OnlineNotOffered):
        pay(payable)


def test_it_is_pending_at_once_and_paid_when_the_provider_says_so(
    stripe: Standin, number: str, payable: Payable
) -> None:
    payment = pay(payable)
    assert payment.address.startswith(stripe.url)
    assert play.sums(number) == PENDING
    assert look(payment) == PENDING
    stripe.act(payment.reference, "pay")
    assert look(payment) == PAID
    assert look(payment) == PAID
    assert play.contract(number).status == ContractStatus.COMPLETED


@pytest.mark.parametrize("ending", ["expire", "async_fail"])
def test_what_comes_to_nothing_is_due_again(stripe: Standin, payable: Payable, ending: str) -> None:
    payment = pay(payable)
    if ending == "async_fail":
        stripe.act(payment.reference, "promise", "alipay")
        assert look(payment) == PENDING
    stripe.act(payment.reference, ending)
    assert look(payment) == DUE
    assert look(payment) == DUE
    assert look(pay(payable)) == PENDING


def test_a_declined_card_may_be_tried_again_on_the_same_page(stripe: Standin, payable: Payable) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "decline")
    assert look(payment) == PENDING
    stripe.act(payment.reference, "pay")
    assert look(payment) == PAID


def test_a_method_that_confirms_later(stripe: Standin, payable: Payable) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "promise", "wechat_pay")
    assert look(payment) == PENDING
    stripe.act(payment.reference, "async_succeed")
    assert look(payment) == PAID


def test_one_press_opens_one_checkout_and_two_presses_cannot_pay_twice(stripe: Standin, payable: Payable) -> None:
    key = uuid.uuid4()
    assert pay(payable, key=key).reference == pay(payable, key=key).reference
    with pytest.raises(NothingDue):
        pay(payable)
    assert len(stripe.client().v1.checkout.sessions.list().data) == 1


def test_a_part_online_and_the_rest_by_bank(stripe: Standin, number: str, payable: Payable) -> None:
    with pytest.raises(MoreThanDue):
        pay(payable, amount=9_000_001)
    payment = pay(payable, amount=2_000_000)
    stripe.act(payment.reference, "pay")
    look(payment)
    actions.confirm_receipt(play.contract(number).agency, play.transfer(payable, "70000.00").pk, 7_000_000)
    assert play.sums(number) == PAID


def test_nobody_else_begins_to_pay(
    stripe: Standin, payable: Payable, river_bureau: Organisation, river_officer: User
) -> None:
    with pytest.raises(NotThePayer):
        actions.pay_online(river_officer, river_bureau, payable.pk, uuid.uuid4(), "stripe", 1)


@pytest.mark.parametrize("mode", ["500", "lost"])
def test_an_answer_that_never_came_is_asked_for_again_by_the_same_key(
    stripe: Standin, number: str, payable: Payable, mode: str
) -> None:
    stripe.fail_next(mode, times=2, path="/v1/checkout/sessions")
    with pytest.raises(ProviderUnavailable):
        pay(payable)
    assert play.sums(number) == PENDING
    payment = Payment.objects.get()
    assert look(payment) == PENDING
    payment.refresh_from_db()
    stripe.act(payment.reference, "pay")
    assert look(payment) == PAID
    assert len(stripe.client().v1.checkout.sessions.list().data) == 1


@pytest.mark.parametrize("mode", ["500", "lost"])
def test_a_checkout_whose_answer_never_came_can_be_given_up(
    stripe: Standin, number: str, payable: Payable, mode: str
) -> None:
    stripe.fail_next(mode, times=2, path="/v1/checkout/sessions")
    with pytest.raises(ProviderUnavailable):
        pay(payable)
    actions.cancel_online(play.contract(number).payer, Payment.objects.get().pk)
    assert play.sums(number) == DUE
    assert [one.status for one in stripe.client().v1.checkout.sessions.list().data] == ["expired"]


def test_what_the_provider_never_took_is_due_again_and_is_not_opened_later(
    stripe: Standin, number: str, payable: Payable
) -> None:
    play.account(play.contract(number).agency, online="no such account")
    key = uuid.uuid4()
    assert pay(payable, key=key).reference == ""
    assert play.sums(number) == DUE
    PayeeAccount.objects.update(online="")
    assert pay(payable, key=key).reference == ""
    actions.check(Payment.objects.get().pk)
    assert not stripe.client().v1.checkout.sessions.list().data


def test_paid_after_it_expired_here_is_not_lost(stripe: Standin, number: str, payable: Payable) -> None:
    payment = pay(payable)
    actions.cancel_online(play.contract(number).payer, payment.pk)
    assert play.sums(number) == DUE
    other = pay(payable)
    stripe.act(other.reference, "pay")
    assert look(other) == PAID


def test_refunds_are_given_once_and_are_owed_again(stripe: Standin, number: str, payable: Payable) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "pay")
    look(payment)
    agency, key = play.contract(number).agency, uuid.uuid4()
    for _ in range(2):
        actions.refund_online(agency, payment.pk, 1_000_000, key)
    assert play.sums(number) == {
        "agreed": -9_000_000,
        "due": 1_000_000,
        "paid": 8_000_000,
        "payer": -8_000_000,
        "payee": 8_000_000,
    }
    assert play.contract(number).status == ContractStatus.SIGNED
    assert play.kinds(number)[-1] == "contract.reopened"
    with pytest.raises(NothingToReturn):
        actions.refund_online(agency, payment.pk, 8_000_001, uuid.uuid4())
    actions.refund_online(agency, payment.pk, 8_000_000, uuid.uuid4())
    assert play.sums(number) == DUE


def test_a_refund_that_fails_is_the_payees_again(stripe: Standin, number: str, payable: Payable) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "pay")
    look(payment)
    actions.refund_online(play.contract(number).agency, payment.pk, 1_000_000, uuid.uuid4())
    [refund] = stripe.client().v1.refunds.list().data
    stripe.control(refund=refund.id, act="fail")
    assert look(payment) == PAID
    assert look(payment) == PAID
    failed = play.said(number, "payment.refund_failed")[0]
    assert (failed["amount"], failed["settled"]) == ("10000.00", "10000.00")
    assert play.contract(number).status == ContractStatus.COMPLETED
    actions.refund_online(play.contract(number).agency, payment.pk, 1_000_000, uuid.uuid4())
    assert play.owed(payable) == 1_000_000


@pytest.mark.parametrize("was_late", [False, True])
def test_what_the_payee_gives_back_makes_nobody_late(
    stripe: Standin, number: str, payable: Payable, *, was_late: bool
) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "pay")
    look(payment)
    now = database_now()
    noted = now if was_late else None
    Payable.objects.update(due_at=now - timedelta(days=1), settled_at=now - timedelta(days=2), overdue_noted_at=noted)
    actions.refund_online(play.contract(number).agency, payment.pk, 1, uuid.uuid4())
    do_due_duties()
    payable.refresh_from_db()
    assert payable.due_at is not None
    assert (payable.due_at > now + timedelta(days=29)) != was_late
    said = play.said(number, "payment.refunded")[0]
    assert said["owed"] == [{"payable": payable.pk, "amount": "0.01", "due": rfc3339(payable.due_at)}]
    assert play.said(number, "payment.overdue") == []


@pytest.mark.parametrize("passed_on", [True, False])
def test_what_was_passed_on_to_the_agency_is_refunded_from_there(
    stripe: Standin, number: str, payable: Payable, *, passed_on: bool
) -> None:
    agency = play.contract(number).agency
    actions.set_account(play.user_of(agency), agency, "建设银行", "62001234567890", "acct_swift" if passed_on else "")
    payment = pay(payable)
    stripe.act(payment.reference, "pay")
    look(payment)
    actions.refund_online(agency, payment.pk, 1_000_000, uuid.uuid4())
    [refund] = stripe.client().v1.refunds.list().data
    assert bool(refund.transfer_reversal) == passed_on
    if not passed_on:
        with pytest.raises(InvalidRequestError, match="associated transfer"):
            stripe.client().v1.refunds.create({"payment_intent": refund.payment_intent, "reverse_transfer": True})


@pytest.mark.parametrize(("outcome", "expected"), [("open", DUE), ("lost", DUE), ("won", PAID)])
def test_disputes_take_money_back_and_may_return_it(
    stripe: Standin, payable: Payable, outcome: str, expected: dict[str, int]
) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "pay")
    look(payment)
    payment.refresh_from_db()
    stripe.dispute(payment.intent, "open")
    assert look(payment) == DUE
    if outcome != "open":
        stripe.dispute(payment.intent, outcome)
    assert look(payment) == expected
    assert look(payment) == expected


def test_events_are_kept_once_and_followed_by_a_fresh_read(stripe: Standin, number: str, payable: Payable) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "pay")
    provider = StripeProvider(stripe.api_key, stripe.secret, stripe.url)
    assert provider.name == "stripe"
    for name, about in (("evt_1", payment.reference), ("evt_1", payment.reference), ("evt_2", "pi_of_somebody_else")):
        ProviderEvent.objects.get_or_create(
            provider="stripe", event_id=name, defaults={"kind": "checkout.session.completed", "about": about}
        )
    handle_events()
    assert play.sums(number) == PAID
    assert [one.handled_at is not None for one in ProviderEvent.objects.order_by("event_id")] == [True, False]


def test_a_payment_is_looked_at_ever_more_seldom_and_for_as_long_as_it_can_change(
    stripe: Standin, payable: Payable
) -> None:
    payment = pay(payable)
    stripe.act(payment.reference, "pay")
    look(payment)
    payment.refresh_from_db()
    assert payment.check_at is not None
    Payment.objects.update(started_at=database_now() - timedelta(days=121))
    look(payment)
    payment.refresh_from_db()
    assert payment.check_at is None
