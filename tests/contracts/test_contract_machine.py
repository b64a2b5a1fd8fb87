"""A contract driven at random by both parties, the regulator, banks, a provider and time holds its invariants.

Sum of entries = balance in every state; no money from nowhere; no contract completed with money or deliverables open. And
whatever happened before, it can be brought to its end. Planted bugs are found.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contracts import actions
from contracts.actions import changes, closing, money, online
from contracts.actions.ledger import balances_of
from contracts.clockwork import do_due_duties
from contracts.models import (
    Account,
    Contract,
    ContractStatus,
    Delivery,
    Milestone,
    MovementKind,
    Payable,
    Payment,
    PaymentMethod,
    VersionStatus,
)
from contracts.providers import Stage, Standing
from contracts.rules import ledger
from contracts.rules.plan import Stage as Part
from contracts.rules.statement import Line
from core.errors import Refused
from marketplace.models import RequestStatus
from tests.contracts import play
from tests.contracts.machine import ContractGround, names

_amounts = st.sampled_from([1, 30_000, 50_000, 99_999, 100_000, 120_000])
_stages = st.integers(1, 3)
_sides = st.sampled_from(["buyer", "agency"])


class ContractMachine(ContractGround):
    """From its draft to its end. What is refused is refused; nothing of it may remain."""

    # -- texts ----------------------------------------------------------------------------------------------------

    @rule(side=_sides, parts=st.lists(st.sampled_from([30_000, 70_000, 100_000, 40_000]), max_size=3))
    def a_side_proposes(self, side: str, parts: list[int]) -> None:
        plan = [Part(n, f"第{n}期", "", amount, 10 * n) for n, amount in enumerate(parts, 1)]
        party, user = self.side(side)
        with suppress(Refused):
            if self.contract.status == ContractStatus.DRAFTED:
                actions.propose(user, party, self.number, plan)
            else:
                actions.propose_change(user, party, self.number, plan, "范围调整")

    @rule(side=_sides)
    def a_side_confirms(self, side: str) -> None:
        version = self.contract.versions.filter(status=VersionStatus.OPEN).first()
        party, user = self.side(side)
        if version:
            with suppress(Refused):
                actions.confirm(user, party, self.number, version.sha256)

    @rule(side=_sides)
    def a_side_refuses(self, side: str) -> None:
        with suppress(Refused):
            actions.refuse_change(self.side(side)[0], self.number, "不同意")

    # -- work -----------------------------------------------------------------------------------------------------

    @rule(n=_stages)
    def the_agency_delivers(self, n: int) -> None:
        with suppress(Refused):
            actions.deliver(self.agency_user, self.agency, self.number, n, [play.upload(f"{next(names)}.pdf")])

    @rule(n=_stages, verdict=st.sampled_from(["accepted", "accepted", "partly", "returned"]), amount=_amounts)
    def the_buyer_decides(self, n: int, verdict: str, amount: int) -> None:
        self.decide(self.buyer_user, self.buyer, n, verdict, amount)

    @rule(n=_stages, verdict=st.sampled_from(["accepted", "returned"]))
    def the_regulator_decides(self, n: int, verdict: str) -> None:
        self.decide(self.officer, self.regulator, n, verdict, 0)

    @rule(n=_stages, granted=st.booleans())
    def more_time(self, n: int, granted: bool) -> None:
        with suppress(Refused):
            actions.ask_for_time(self.agency, self.number, n, 5, "汛期")
            actions.answer_extension(self.buyer, self.number, n, "已核实", granted=granted)

    # -- money ----------------------------------------------------------------------------------------------------

    @rule(which=st.integers(0, 5))
    def the_agency_invoices(self, which: int) -> None:
        self.on_payable(which, lambda one: actions.invoice(self.agency, one.pk, f"{one.pk:020d}"))

    @rule(which=st.integers(0, 5), amount=_amounts)
    def the_payer_announces(self, which: int, amount: int) -> None:
        self.on_payable(
            which,
            lambda one: actions.announce_transfer(
                self.buyer_user, self.buyer, one.pk, uuid.uuid4(), amount, date(2026, 11, 23)
            ),
        )

    @rule(which=st.integers(0, 5), amount=_amounts)
    def the_payee_confirms(self, which: int, amount: int) -> None:
        def confirm(payment: Payment) -> None:
            actions.confirm_receipt(self.agency, payment.pk, amount)
            self.by_bank += amount

        self.on_payment(which, PaymentMethod.TRANSFER, confirm)

    @rule(which=st.integers(0, 5))
    def the_payee_got_nothing(self, which: int) -> None:
        self.on_payment(which, PaymentMethod.TRANSFER, lambda one: actions.deny_receipt(self.agency, one.pk, "未到账"))

    @rule(which=st.integers(0, 5), amount=_amounts, own=st.booleans(), right=st.booleans())
    def a_statement_comes(self, which: int, amount: int, own: bool, right: bool) -> None:
        def bring(payable: Payable) -> None:
            remark = payable.code if right else payable.code[:-1]
            payer = self.buyer.name if own else "某建设单位"
            line = Line(1, date(2026, 11, 23), amount, payer, "", remark, "", uuid.uuid4().hex * 2)
            actions.import_lines(self.agency_user, self.agency, [line])
            if right and (own or self.contract.government):
                self.by_bank += amount

        self.on_payable(which, bring)

    @rule(amount=_amounts, back=st.booleans(), which=st.integers(0, 5))
    def what_is_too_much_is_dealt_with(self, amount: int, back: bool, which: int) -> None:
        def deal(payable: Payable) -> None:
            if back:
                actions.return_suspense(self.agency, self.number, amount, "多付")
                self.by_bank -= amount
            else:
                actions.allocate_suspense(self.agency, payable.pk, amount)

        self.on_payable(which, deal)

    @rule(which=st.integers(0, 5), amount=_amounts, away=st.sampled_from([False, False, True]))
    def the_payer_pays_online(self, which: int, amount: int, away: bool) -> None:
        self.purse.away = away
        self.on_payable(
            which,
            lambda one: actions.pay_online(self.buyer_user, self.buyer, one.pk, uuid.uuid4(), "stripe", amount),
        )
        self.purse.away = False

    @rule(which=st.integers(0, 5), what=st.sampled_from(["pay", "pay", "promise", "decline", "expire"]))
    def the_provider_moves(self, which: int, what: str) -> None:
        def move(payment: Payment) -> None:
            stage, intent = self.purse.standings[payment.reference].stage, payment.reference
            to = {
                "pay": Standing(Stage.PAID, received=payment.amount, intent=intent),
                "promise": Standing(Stage.PROCESSING, intent=intent),
                "decline": Standing(Stage.DECLINED, intent=intent),
                "expire": Standing(Stage.EXPIRED),
            }
            if stage in (Stage.OPEN, Stage.PROCESSING):
                self.purse.move(payment.reference, lambda _now: to[what])

        self.on_payment(which, PaymentMethod.STRIPE, move)

    @rule(which=st.integers(0, 5), what=st.sampled_from(["refund", "withdraw", "reinstate"]), amount=_amounts)
    def the_provider_takes_back(self, which: int, what: str, amount: int) -> None:
        def move(payment: Payment) -> None:
            now = self.purse.standings[payment.reference]
            left = now.received - now.refunded - now.withdrawn + now.reinstated
            out = now.withdrawn - now.reinstated
            match what:
                case "refund" if amount <= left:
                    actions.refund_online(self.agency, payment.pk, amount, uuid.uuid4())
                case "withdraw" if left:
                    self.purse.move(payment.reference, lambda n: replace(n, withdrawn=n.withdrawn + left))
                case "reinstate" if out:
                    self.purse.move(payment.reference, lambda n: replace(n, reinstated=n.withdrawn))

        self.on_payment(which, PaymentMethod.STRIPE, move)

    @rule(which=st.integers(0, 5))
    def somebody_reads(self, which: int) -> None:
        """The provider is read; what it said may be followed at once, and is remembered."""

        def read(payment: Payment) -> None:
            self.heard.append((payment.pk, self.purse.read(payment.reference)))
            actions.check(payment.pk)
            self.ledger_says_what_the_provider_says(payment)

        self.on_payment(which, PaymentMethod.STRIPE, read)

    @precondition(lambda self: self.heard)
    @rule(which=st.integers(0, 20))
    def an_old_answer_arrives(self, which: int) -> None:
        """What was read long ago is followed only now, perhaps for the second time."""
        online._follow(*self.heard[which % len(self.heard)])

    @rule(which=st.integers(0, 5))
    def the_payer_gives_a_checkout_up(self, which: int) -> None:
        self.on_payment(which, PaymentMethod.STRIPE, lambda one: actions.cancel_online(self.buyer, one.pk))

    # -- walks that chance alone seldom takes ---------------------------------------------------------------------

    @rule(which=st.integers(0, 5), amount=_amounts, back=st.booleans())
    def an_online_payment_goes_well(self, which: int, amount: int, back: bool) -> None:
        self.the_agency_invoices(which)
        self.the_payer_pays_online(which, amount, away=False)
        for which_payment in range(3):
            self.the_provider_moves(which_payment, "pay")
            self.somebody_reads(which_payment)
            if back:
                self.the_provider_takes_back(which_payment, "refund", 30_000)
            self.somebody_reads(which_payment)

    @rule(which=st.integers(0, 5), announced=_amounts, came=_amounts)
    def a_transfer_arrives(self, which: int, announced: int, came: int) -> None:
        self.the_agency_invoices(which)
        self.the_payer_announces(which, announced)
        self.the_payee_confirms(which, came)

    # -- time -----------------------------------------------------------------------------------------------------

    @rule()
    def time_passes(self) -> None:
        """Every date that lies ahead is over, and a clock comes by."""
        past = timedelta(days=400)
        Contract.objects.update(sign_due_at=F("sign_due_at") - past)
        Milestone.objects.update(due_at=F("due_at") - past)
        Delivery.objects.filter(due_at__isnull=False).update(due_at=F("due_at") - past)
        Payable.objects.filter(due_at__isnull=False).update(due_at=F("due_at") - past)
        do_due_duties()
        assert do_due_duties() == 0 or Delivery.objects.filter(escalated_at__isnull=False).exists()


_SETTINGS = settings(
    # A failing run is not made smaller: that takes many minutes. It repeats itself exactly.
    phases=[Phase.generate],
    max_examples=8,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.django_db


class Finishing(ContractMachine):
    """The same, brought to its end after every run."""

    def teardown(self) -> None:
        try:
            if hasattr(self, "number"):
                self.finish()
                self.everything_holds()
        finally:
            super().teardown()


@pytest.mark.slow
def test_a_contract_driven_at_random_holds_its_invariants_and_can_be_finished() -> None:
    run_state_machine_as_test(Finishing, settings=_SETTINGS)


def _refunds_again(held: Any, contract: Contract, payment: Payment, standing: Standing) -> None:
    """As if every answer told of a refund that is news."""
    if standing.refunded:
        online._take_back(held, contract, payment, MovementKind.REFUNDED, standing.refunded)


def _forgets_what_is_pending(amount: int, *, pending: int, due: int) -> ledger.Postings:
    return _received(amount, pending=0, due=due)


def _completes_whatever_is_open(held: Any, contract: Contract) -> None:
    if contract.status == ContractStatus.SIGNED and balances_of(contract)[Account.PAID]:
        contract.completed_at = held.now
        closing._move(contract, ContractStatus.COMPLETED, RequestStatus.CONTRACTED, RequestStatus.COMPLETED)


_received = ledger.received


class Led(Finishing):
    """Two payables are due, and it is led to where a bug may show; from there on it is driven at random."""

    walk: Callable[["Led"], None]

    @initialize(government=st.booleans())
    def begin(self, government: bool) -> None:
        super().begin(government, "due")
        type(self).walk(self)


def _is_paid_online_and_refunds(machine: Led) -> None:
    machine.an_online_payment_goes_well(1, 60_000, back=True)


def _is_paid_online(machine: Led) -> None:
    machine.an_online_payment_goes_well(0, 30_000, back=False)


def _is_paid_by_bank(machine: Led) -> None:
    machine.a_transfer_arrives(0, 30_000, 30_000)


def _is_changed(machine: Led) -> None:
    machine.a_side_proposes("buyer", [30_000])
    machine.a_side_confirms("agency")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "name", "broken", "walk"),
    [
        (online, "_go_back", _refunds_again, _is_paid_online_and_refunds),
        (ledger, "received", _forgets_what_is_pending, _is_paid_online),
        (money, "close_if_done", _completes_whatever_is_open, _is_paid_by_bank),
        (changes, "_judge", lambda contract, stages: None, _is_changed),
    ],
    ids=["refunds again", "forgets what is pending", "completes what is open", "changes what was accepted"],
)
def test_a_planted_bug_is_found(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, broken: Any, walk: Callable[[Led], None]
) -> None:
    monkeypatch.setattr(module, name, broken)
    monkeypatch.setattr(Led, "walk", walk, raising=False)
    quick = settings(_SETTINGS, max_examples=5, stateful_step_count=5, report_multiple_bugs=False)
    with pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(Led, settings=quick)


@pytest.mark.slow
@pytest.mark.parametrize("walk", [_is_paid_online_and_refunds, _is_paid_online, _is_paid_by_bank, _is_changed])
def test_where_nothing_is_planted_nothing_is_found(
    monkeypatch: pytest.MonkeyPatch, walk: Callable[[Led], None]
) -> None:
    monkeypatch.setattr(Led, "walk", walk, raising=False)
    run_state_machine_as_test(Led, settings=settings(_SETTINGS, max_examples=1, stateful_step_count=1))
