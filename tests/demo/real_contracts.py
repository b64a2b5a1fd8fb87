"""Every kind of entry that follows an award, written by the platform's own actions: what the demo's are compared with."""

import uuid
from datetime import timedelta

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from contracts import actions
from contracts.clockwork import check_due_payments, do_due_duties
from contracts.models import Contract, Delivery, DeliveryStatus, Payable, Payment, Version
from core.clock import database_now
from demo import gateway
from demo.models import Outcome
from marketplace.models import ServiceItem
from tests import cast
from tests.contracts import play

PRICE = 10_000_000


def write_all(by: User, agency: Agency, item: ServiceItem, department: Organisation) -> None:
    """Play contracts of `by` with that agency until every kind was written."""
    buyer = by.memberships.get().organisation

    def award() -> str:
        return play.quick_award(buyer, by, item, agency, PRICE)

    _unsigned(award())
    _changed(award())
    _terminated(award())
    _late_and_silent(award())
    _paid_by_bank(award())
    _paid_online(award(), by, buyer)
    actions.set_budget_line(department, "某经费", PRICE)


def _unsigned(number: str) -> None:
    actions.draft_contract(number)
    Contract.objects.filter(pk=play.contract(number).pk).update(sign_due_at=database_now())
    do_due_duties()


def _changed(number: str) -> None:
    one = play.signed_in(number, ("初稿", "40000.00", 10), ("报批稿", "60000.00", 20))
    parties = (one.buyer, one.agency)

    def change(amount: str) -> Version:
        plan = play.stages(("初稿", "40000.00", 10), ("报批稿", amount, 20))
        return actions.propose_change(play.user_of(one.buyer), one.buyer, number, plan, "双方协商一致")

    change("61000.00")
    actions.withdraw_change(parties[0], number)
    change("61000.00")
    actions.refuse_change(parties[1], number, "不同意")
    for amount in ("61000.00", "99000.00"):
        text = change(amount)
        actions.confirm(play.user_of(parties[1]), parties[1], number, text.sha256)


def _terminated(number: str) -> None:
    one = play.sign(number)
    text = actions.propose_change(play.user_of(one.buyer), one.buyer, number, [], "不再需要")
    actions.confirm(play.user_of(one.agency), one.agency, number, text.sha256)


def _late_and_silent(number: str) -> None:
    one = play.sign(number)
    actions.ask_for_time(one.agency, number, 1, 5, "资料提供较晚")
    actions.answer_extension(one.buyer, number, 1, "同意", granted=True)
    play.deliver(number)
    for _twice in range(2):
        Delivery.objects.filter(milestone__contract=one).update(due_at=database_now())
        do_due_duties()
    regulator = cast.organisation(Kind.REGULATOR, "某监管局")
    official = cast.person("official@regulator.example", regulator)
    actions.decide(official, regulator, number, 1, DeliveryStatus.ACCEPTED)


def _paid_by_bank(number: str) -> None:
    one = play.sign(number)
    payable = play.due(number)
    Payable.objects.filter(pk=payable.pk).update(due_at=database_now() - timedelta(days=1))
    do_due_duties()
    actions.deny_receipt(one.agency, play.transfer(payable, "100000.00").pk, "没有到账")
    payment = play.transfer(payable, "100500.00")
    actions.confirm_receipt(one.agency, payment.pk, 10_050_000)
    actions.return_suspense(one.agency, number, 50_000, "多付")


def _paid_online(number: str, by: User, buyer: Organisation) -> None:
    agency = play.sign(number).agency
    payable = play.due(number)

    def pay(outcome: Outcome) -> Payment:
        payment = actions.pay_online(by, buyer, payable.pk, uuid.uuid4(), "pretend", PRICE)
        gateway.choose(payment.reference, outcome)
        _look(payment.pk)
        return payment

    pay(Outcome.DECLINED)
    payment = pay(Outcome.PAID)
    actions.refund_online(agency, payment.pk, PRICE, uuid.uuid4())


def _look(payment_id: int) -> None:
    Payment.objects.filter(pk=payment_id).update(check_at=database_now())
    check_due_payments()
