"""What both parties, the regulator, banks, a provider and time may do to a contract, in any order."""

import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import F

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contracts import actions
from contracts.actions import follow
from contracts.clockwork import do_due_duties
from contracts.models import (
    Contract,
    ContractStatus,
    Delivery,
    Milestone,
    Payable,
    Payment,
    PaymentMethod,
    VersionStatus,
)
from contracts.providers import Stage, Standing
from contracts.rules.plan import Stage as Part
from contracts.rules.statement import Line
from core.errors import Refused
from tests.contracts import play
from tests.contracts.machine import ContractGround, names
from tests.contracts.purse import left_of

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

    @rule(
        which=st.integers(0, 5),
        what=st.sampled_from(["refund", "refund fails", "withdraw", "reinstate"]),
        amount=_amounts,
    )
    def the_provider_takes_back(self, which: int, what: str, amount: int) -> None:
        def move(payment: Payment) -> None:
            now = self.purse.standings[payment.reference]
            left = left_of(now)
            out = now.withdrawn - now.reinstated
            match what:
                case "refund" if amount <= left:
                    actions.refund_online(self.agency, payment.pk, amount, uuid.uuid4())
                case "refund fails" if now.refunded > now.unrefunded:
                    self.purse.move(payment.reference, lambda n: replace(n, unrefunded=n.refunded))
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
        follow.follow(*self.heard[which % len(self.heard)])

    @rule(which=st.integers(0, 5))
    def the_payer_gives_a_checkout_up(self, which: int) -> None:
        self.on_payment(which, PaymentMethod.STRIPE, lambda one: actions.cancel_online(self.buyer, one.pk))

    # -- walks that chance alone seldom takes ---------------------------------------------------------------------

    @rule(which=st.integers(0, 5), amount=_amounts, back=st.booleans(), fails=st.booleans())
    def an_online_payment_goes_well(self, which: int, amount: int, back: bool, fails: bool = False) -> None:
        self.the_agency_invoices(which)
        self.the_payer_pays_online(which, amount, away=False)
        for which_payment in range(3):
            self.the_provider_moves(which_payment, "pay")
            self.somebody_reads(which_payment)
            if back:
                self.the_provider_takes_back(which_payment, "refund", 30_000)
            if fails:
                self.the_provider_takes_back(which_payment, "refund fails", 0)
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
