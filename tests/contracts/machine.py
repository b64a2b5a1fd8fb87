"""The ground a contract is driven on at random: how it begins, what always holds, and how it can be brought to its end."""

import itertools
import json
import uuid
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
)

from accounts.models import Kind
from contracts import actions
from contracts.actions.hold import accepted_of
from contracts.actions.ledger import balances_of, balances_of_payable, balances_of_payment
from contracts.models import (
    Account,
    Contract,
    ContractStatus,
    DeliveryStatus,
    MilestoneStatus,
    Payable,
    Payment,
    PaymentMethod,
    Posting,
)
from contracts.providers import Stage, Standing, offer, withdraw
from contracts.rules import ledger
from contracts.rules.bills import bills_in
from contracts.rules.statement import Line
from core.errors import Refused
from journal import queries as journal
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.contracts import play
from tests.contracts.purse import Purse, left_of
from tests.journal.checks import assert_chain_holds

PRICE = 100_000
names = itertools.count(1)


class ContractGround(RuleBasedStateMachine):
    """One contract with its two parties, a regulator and a provider. Rules that drive it stand in the test."""

    @initialize(government=st.booleans(), begun=st.sampled_from(["drafted", "signed", "due", "due", "due"]))
    def begin(self, government: bool, begun: str) -> None:
        self.savepoint = transaction.atomic()
        # As Django's own tests do: the verbs may think that theirs is the outermost transaction.
        self.savepoint._from_testcase = True  # type: ignore[attr-defined]
        self.savepoint.__enter__()
        kind = Kind.DEPARTMENT if government else Kind.ENTERPRISE
        serial = next(names)
        self.buyer = cast.organisation(kind, "采购单位", field="水利" if government else "")
        self.buyer_user = cast.person(f"payer{serial}@machine.example", self.buyer)
        winner = cast.agency(f"第{serial}咨询有限公司")
        self.agency, self.agency_user = winner.organisation, winner.user  # type: ignore[attr-defined]
        self.regulator = cast.organisation(Kind.REGULATOR, "监管局")
        self.officer = cast.person(f"officer{serial}@machine.example", self.regulator)
        item = cast.service_item(f"CON-{serial}")
        self.number = play.quick_award(self.buyer, self.buyer_user, item, winner, PRICE)
        self.purse = Purse()
        offer(self.purse)
        self.heard: list[tuple[int, Standing]] = []
        self.by_bank = 0
        actions.draft_contract(self.number)
        if begun != "drafted":
            play.signed_in(self.number, ("初稿", "400.00", 10), ("报告书", "600.00", 20))
        if begun == "due":
            play.due(self.number, 1)
            play.due(self.number, 2)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            withdraw("stripe")
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # -- what always holds ----------------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "number"):
            return
        contract = self.contract
        balances = balances_of(contract)
        self.books_balance(contract)
        self.money_comes_from_somewhere()
        self.the_entries_say_what_was_paid_and_since_when()
        standing = contract.milestones.exclude(status=MilestoneStatus.DROPPED)
        signed = contract.status not in (ContractStatus.DRAFTED, ContractStatus.VOID)
        assert sum(m.amount for m in standing) == (contract.price if signed else 0)
        payables = sum(p.amount for p in contract.payables.all())
        assert payables == sum(accepted_of(m) for m in contract.milestones.all())
        assert payables == balances[Account.DUE] + balances[Account.PENDING] + balances[Account.PAID]
        if contract.status == ContractStatus.COMPLETED:
            assert balances.nothing_open
            assert all(m.status == MilestoneStatus.ACCEPTED for m in standing)
        else:
            assert not (signed and standing and balances.nothing_open), "everything is done and it is not completed"
        assert (
            Request.objects.get(number=self.number).status
            == {
                ContractStatus.DRAFTED: RequestStatus.AWARDED,
                ContractStatus.SIGNED: RequestStatus.CONTRACTED,
                ContractStatus.COMPLETED: RequestStatus.COMPLETED,
                ContractStatus.TERMINATED: RequestStatus.FAILED,
            }[ContractStatus(contract.status)]
        )
        for payable in contract.payables.all():
            assert (payable.settled_at is not None) == (balances_of_payable(payable)[Account.PAID] >= payable.amount)
        _first, lines = journal.lines_after(self.number, 0, 10_000)
        assert_chain_holds([{**json.loads(line), "case": self.number} for line in lines])

    def books_balance(self, contract: Contract) -> None:
        rows = Posting.objects.filter(movement__contract=contract).values_list("movement_id", "account", "amount")
        books: dict[tuple[int, bool], int] = {}
        sums: dict[str, int] = {}
        for movement, account, amount in rows:
            place = (movement, Account(account) in ledger.MONEY_BOOK)
            books[place] = books.get(place, 0) + amount
            sums[account] = sums.get(account, 0) + amount
        assert not any(books.values())
        assert -sums.get("agreed", 0) == (contract.price if contract.signed_at else 0)
        assert all(amount >= 0 for account, amount in sums.items() if account not in ("agreed", "payer"))
        assert sums.get("paid", 0) == sums.get("payee", 0)

    def money_comes_from_somewhere(self) -> None:
        """What the ledger says came in is what banks and provider brought, as far as the provider was heard."""
        rows = Posting.objects.filter(movement__contract=self.contract, account=Account.PAYER)
        by_bank = rows.exclude(movement__payment__method=PaymentMethod.STRIPE).aggregate(sum=Sum("amount"))["sum"] or 0
        assert -by_bank == self.by_bank
        for payment in Payment.objects.filter(method=PaymentMethod.STRIPE).exclude(reference=""):
            came = -(rows.filter(movement__payment=payment).aggregate(sum=Sum("amount"))["sum"] or 0)
            assert came <= self.purse.standings[payment.reference].received

    def the_entries_say_what_was_paid_and_since_when(self) -> None:
        """Whoever has only the case file knows of every bill what the platform knows. (Dates are shifted here.)"""
        told = bills_in((entry.kind, entry.at, entry.data) for entry in journal.entries_of(self.number).order_by("seq"))
        known = {one.pk: one for one in Payable.objects.filter(contract__award__request__number=self.number)}
        assert told.keys() == known.keys()
        for pk, bill in told.items():
            assert (bill.paid, bill.settled_at) == (balances_of_payable(known[pk]).paid, known[pk].settled_at)
            assert (bill.due_at is None) == (known[pk].due_at is None)

    def ledger_says_what_the_provider_says(self, payment: Payment) -> None:
        """After a fresh answer was followed: no fen more or less came or went back."""
        known = Posting.objects.filter(movement__payment=payment, account=Account.PAYER)
        came = -(known.aggregate(sum=Sum("amount"))["sum"] or 0)
        assert came == left_of(self.purse.standings[payment.reference])

    # -- odds and ends --------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """From wherever it is: both agree, all is delivered, accepted and paid."""
        for _ in range(12):
            contract = self.contract
            if contract.status in (ContractStatus.COMPLETED, ContractStatus.TERMINATED):
                return
            self.a_side_confirms("buyer")
            self.a_side_confirms("agency")
            self.a_side_refuses("buyer")
            self.a_side_refuses("agency")
            for n in (1, 2, 3):
                self.the_agency_delivers(n)
                self.the_buyer_decides(n, "accepted", 0)
            for payment in contract.payments.filter(method=PaymentMethod.STRIPE):
                self.end_online(payment)
            for over in {balances_of(contract)[Account.SUSPENSE], self.loose_from_banks()} - {0}:
                self.what_is_too_much_is_dealt_with(over, back=True, which=0)
            for place, payable in enumerate(contract.payables.order_by("pk")):
                self.the_agency_invoices(place)
                for which in range(contract.payments.count()):
                    self.the_payee_got_nothing(which)
                if owed := balances_of_payable(payable)[Account.DUE]:
                    line = Line(1, date(2026, 11, 23), owed, self.buyer.name, "", payable.code, "", uuid.uuid4().hex)
                    actions.import_lines(self.agency_user, self.agency, [line])
                    self.by_bank += owed
        assert self.contract.status in (ContractStatus.COMPLETED, ContractStatus.TERMINATED)

    def end_online(self, payment: Payment) -> None:
        """Nothing stays open with the provider, and what came too much goes back there."""
        actions.cancel_online(self.buyer, payment.pk)
        reference = Payment.objects.get(pk=payment.pk).reference
        if reference and self.purse.standings[reference].stage is Stage.PROCESSING:
            self.purse.move(reference, lambda _now: Standing(Stage.DECLINED, intent=reference))
            actions.check(payment.pk)
        if loose := balances_of_payment(payment)[Account.SUSPENSE]:
            with suppress(Refused):
                actions.refund_online(self.agency, payment.pk, loose, uuid.uuid4())

    def loose_from_banks(self) -> int:
        online_part = sum(
            balances_of_payment(p)[Account.SUSPENSE] for p in self.contract.payments.exclude(reference="")
        )
        return max(0, balances_of(self.contract)[Account.SUSPENSE] - online_part)

    @property
    def contract(self) -> Contract:
        return play.contract(self.number)

    def side(self, side: str) -> tuple[Any, Any]:
        return (self.buyer, self.buyer_user) if side == "buyer" else (self.agency, self.agency_user)

    def decide(self, user: Any, by: Any, n: int, verdict: str, amount: int) -> None:
        with suppress(Refused):
            actions.decide(
                user, by, self.number, n, DeliveryStatus(verdict), amount=amount, reason="quality", opinion="见附件"
            )

    def on_payable(self, which: int, do: Any) -> None:
        payables = list(self.contract.payables.order_by("pk"))
        if payables:
            with suppress(Refused):
                do(payables[which % len(payables)])

    def on_payment(self, which: int, method: PaymentMethod, do: Any) -> None:
        payments = list(self.contract.payments.filter(method=method).order_by("pk"))
        if method == PaymentMethod.STRIPE:
            payments = [payment for payment in payments if payment.reference]
        if payments:
            with suppress(Refused):
                do(payments[which % len(payments)])
