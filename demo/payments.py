"""The money of a told contract: payable, invoiced, paid by bank or online, overpaid, refunded, late."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from contracts import entries
from contracts.actions.online import OPEN_FOR
from contracts.models import Account, Delivery, MovementKind, Payable, Payment, PaymentMethod
from contracts.rules import ledger
from contracts.rules import payment as rules
from contracts.rules.remittance import ALPHABET, new_code
from core.clock import BEIJING
from demo.dossier import Dossier, Step
from demo.models import Outcome, PretendCheckout
from demo.words import SEED

# One payer in so many is a late one, and pays late so often; the others hardly ever do.
_LATE_PAYERS, _LATE_ONES_LATE, _OTHERS_LATE = 0.1, 0.6, 0.01
_IN_TWO, _TOO_MUCH, _NOT_RECEIVED, _ONLINE, _DECLINED, _REFUNDED = 0.08, 0.02, 0.015, 0.1, 0.15, 0.02
_OFF_BY = (100_00, 500_00, 1_000_00)
_COPRIME = 7_368_787


class Payments:
    """What becomes of each accepted amount."""

    def __init__(self, dossier: Dossier) -> None:
        self._d = dossier

    def fall_due(self, at: datetime, delivery: Delivery) -> None:
        """A part was accepted: it is payable."""
        d = self._d
        payable = Payable(
            contract=d.contract,
            milestone=delivery.milestone,
            delivery=delivery,
            amount=delivery.accepted,
            code=code(d.books.count()),
            accepted_at=at,
        )
        d.keep(payable)
        d.post(at, MovementKind.FELL_DUE, ledger.fell_due(payable.amount), payable=payable)
        d.note(at, entries.payable(payable))
        wd = d.rng.randint(10, 20) if d.happens(0.03) else d.workdays(0, 5)
        d.agenda.after(at, wd, lambda then: self._invoice(then, payable))

    def _invoice(self, at: datetime, payable: Payable) -> None:
        d = self._d
        if d.stops(Step.INVOICE):
            return
        number = f"{at.astimezone(BEIJING):%y}62{d.rng.randrange(10**16):016d}"
        rules.judge_invoice(number, invoiced=False)
        payable.invoice_number, payable.invoiced_at = number, at
        payable.invoice = d.scene.papers.invoice if d.rng.random() < 0.7 else None
        payable.due_at = due_at = rules.payment_due(at, d.scene.numbers.payment_days)
        d.note(at, entries.invoiced(payable))
        d.agenda.at(due_at + timedelta(seconds=1), lambda then: self._overdue(then, payable))
        if late(d.request.buyer.uscc, d.rng) and not d.staged:
            d.agenda.after(due_at, d.rng.randint(2, 25), lambda then: self._pay(then, payable))
        else:
            d.agenda.after(at, d.workdays(1, 14), lambda then: self._pay(then, payable))

    def _overdue(self, at: datetime, payable: Payable) -> None:
        if payable.settled_at is None:
            payable.overdue_noted_at = at
            self._d.note(at, entries.overdue(payable, self._d.balances(payable).open))

    def _pay(self, at: datetime, payable: Payable) -> None:
        """The payer settles what is due, in one of the ways that there are."""
        d = self._d
        due = d.balances(payable)[Account.DUE]
        if due <= 0 or d.stops(Step.PAY):
            return
        if d.happens(_ONLINE):
            self._pay_online(at, payable, due)
        elif due > 10_000_00 and d.happens(_IN_TWO):
            self._transfer(at, payable, due * 6 // 1_000 * 100)
            d.agenda.after(at, d.rng.randint(3, 9), lambda then: self._pay(then, payable))
        elif d.happens(_TOO_MUCH):
            self._transfer(at, payable, due + d.rng.choice(_OFF_BY))
        else:
            self._transfer(at, payable, due)

    def _begin(self, at: datetime, payment: Payment) -> None:
        d = self._d
        pending = min(payment.amount, d.balances(payment.payable)[Account.DUE])
        d.keep(payment)
        d.post(at, MovementKind.STARTED, ledger.started(pending), payable=payment.payable, payment=payment)
        d.note(at, entries.started(payment))

    def _transfer(self, at: datetime, payable: Payable, amount: int) -> None:
        d = self._d
        payment = Payment(
            contract=d.contract,
            payable=payable,
            method=PaymentMethod.TRANSFER,
            amount=amount,
            key=self._key(),
            started_by_id=d.buyer.user,
            started_at=at,
            receipt=d.scene.papers.receipt if d.rng.random() < 0.6 else None,
            paid_on=at.astimezone(BEIJING).date(),
        )
        self._begin(at, payment)
        wd = d.workdays(0, 2)
        if d.happens(_NOT_RECEIVED):
            said = "对账单中没有该笔款项。"
            d.agenda.after(at, wd, lambda then: self._failed(then, payment, "not_received", said))
        else:
            d.agenda.after(at, wd, lambda then: self._arrived(then, payment))

    def _arrived(self, at: datetime, payment: Payment) -> None:
        d = self._d
        if payment.method == PaymentMethod.TRANSFER and d.stops(Step.RECEIVE):
            return
        payable = payment.payable
        pending, due = d.balances(payment)[Account.PENDING], d.balances(payable)[Account.DUE]
        postings = ledger.received(payment.amount, pending=pending, due=due)
        d.post(at, MovementKind.RECEIVED, postings, payable=payable, payment=payment)
        d.note(at, entries.paid(payable, postings[Account.PAID], payment.method, payment))
        if over := postings.get(Account.SUSPENSE, 0):
            d.note(at, entries.suspense(over, "over"))
            d.agenda.after(at, d.workdays(1, 5), lambda then: self._return(then, over))
        self._settled(at, payable)

    def _failed(self, at: datetime, payment: Payment, because: str, said: str = "") -> None:
        d, payable = self._d, payment.payable
        pending = d.balances(payment)[Account.PENDING]
        d.post(
            at, MovementKind.FAILED, ledger.failed(pending), payable=payable, payment=payment, reason=said or because
        )
        d.note(at, entries.failed(payment, because))
        d.agenda.after(at, d.rng.randint(0, 3), lambda then: self._pay(then, payable))

    def _return(self, at: datetime, amount: int) -> None:
        """The payee sends back what it got too much."""
        d = self._d
        d.post(at, MovementKind.RETURNED, ledger.returned(amount), reason="多付款项原路退回")
        d.note(at, entries.returned(amount))
        d.close_if_done(at)

    def _pay_online(self, at: datetime, payable: Payable, due: int) -> None:
        """By the demo's own provider. What is over is not looked at any more: `check_at` stays empty."""
        d = self._d
        number = f"pretend_{d.rng.getrandbits(96):024x}"
        payment = Payment(
            contract=d.contract,
            payable=payable,
            method=PaymentMethod.PRETEND,
            amount=due,
            key=self._key(),
            started_by_id=d.buyer.user,
            started_at=at,
            reference=number,
            expires_at=at + OPEN_FOR,
            checks=1,
        )
        self._begin(at, payment)
        assert payment.expires_at is not None
        checkout = PretendCheckout(
            reference=number,
            key=str(payment.key),
            amount=due,
            title=f"{d.request.number} {payable.milestone.name}"[:200],
            number=d.request.number or "",
            opened_at=at,
            expires_at=payment.expires_at,
        )
        d.keep(checkout)
        if d.happens(_DECLINED):
            checkout.outcome = Outcome.DECLINED
            d.agenda.shortly(at, 6, lambda then: self._failed(then, payment, "declined"))
            return
        checkout.outcome, checkout.paid_at = Outcome.PAID, at
        payment.intent = checkout.intent
        d.agenda.shortly(at, 6, lambda then: self._arrived(then, payment))
        if d.happens(_REFUNDED):
            d.agenda.after(at, d.rng.randint(1, 4), lambda then: self._refund(then, payment, checkout))

    def _refund(self, at: datetime, payment: Payment, checkout: PretendCheckout) -> None:
        """Paid from the wrong account, say: it goes back and is paid anew."""
        d, payable, amount = self._d, payment.payable, payment.amount
        if d.balances(payment)[Account.PAID] < amount:
            return
        checkout.refunded = amount
        d.post(at, MovementKind.REFUNDED, ledger.refunded(amount), payable=payable, payment=payment)
        d.note(at, entries.refunded(payment, amount, [(payable, amount)]))
        self._settled(at, payable)
        d.agenda.after(at, d.rng.randint(1, 3), lambda then: self._pay(then, payable))

    def _settled(self, at: datetime, payable: Payable) -> None:
        settled = self._d.balances(payable)[Account.PAID] >= payable.amount
        payable.settled_at = (payable.settled_at or at) if settled else None
        self._d.close_if_done(at)

    def _key(self) -> UUID:
        return UUID(int=self._d.rng.getrandbits(128), version=4)


def late(uscc: str, rng: Random) -> bool:
    """Does this payer pay late this time? Some do more often than others, whatever the run."""
    habit = Random(f"{SEED}/payer/{uscc}").random() < _LATE_PAYERS  # noqa: S311 (the same each time)
    return rng.random() < (_LATE_ONES_LATE if habit else _OTHERS_LATE)


def code(number: int) -> str:
    """The remittance code of the demo's n-th payable: no two are alike, and none shows its place."""
    size = len(ALPHABET)
    rest = number * _COPRIME % size**7

    def digit(alphabet: Sequence[str]) -> str:
        nonlocal rest
        rest, place = divmod(rest, size)
        return alphabet[place]

    return new_code(digit)
