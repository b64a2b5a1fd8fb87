"""The postings of each movement (DESIGN §6). Plain amounts in fen in, signed postings out; every list sums to zero.

The book of the price: agreed (−) · undue · due · pending · paid. The book of the money: payer (−) · payee · suspense.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.models import Account

Postings = dict[Account, int]
PRICE_BOOK = (Account.AGREED, Account.UNDUE, Account.DUE, Account.PENDING, Account.PAID)
MONEY_BOOK = (Account.PAYER, Account.SUSPENSE, Account.PAYEE)


@dataclass(frozen=True)
class Balances:
    """What the accounts hold, of a contract or of one payable."""

    of: Mapping[Account, int] = field(default_factory=dict)

    def __getitem__(self, account: Account) -> int:
        return self.of.get(account, 0)

    @property
    def due(self) -> int:
        return self[Account.DUE]

    @property
    def pending(self) -> int:
        return self[Account.PENDING]

    @property
    def paid(self) -> int:
        return self[Account.PAID]

    @property
    def open(self) -> int:
        """What is still to be settled of what fell due."""
        return self.due + self.pending

    @property
    def nothing_open(self) -> bool:
        """Is all of the price paid, and nothing left in suspense?"""
        return not any(self[a] for a in (Account.UNDUE, Account.DUE, Account.PENDING, Account.SUSPENSE))


def signed(price: int) -> Postings:
    """The price is agreed; nothing of it is due yet."""
    return {Account.AGREED: -price, Account.UNDUE: price}


def changed(by: int) -> Postings:
    """The price changes by `by`, which may be negative: what is accepted already stays."""
    return _moved({Account.AGREED: -by, Account.UNDUE: by})


def fell_due(amount: int) -> Postings:
    """A part of the price was accepted."""
    return {Account.UNDUE: -amount, Account.DUE: amount}


def started(amount: int) -> Postings:
    """The payer is paying: the amount is on its way and cannot be paid a second time."""
    return {Account.DUE: -amount, Account.PENDING: amount}


def failed(pending: int) -> Postings:
    """The payment came to nothing: what was on its way is due again."""
    return {Account.PENDING: -pending, Account.DUE: pending}


def received(amount: int, *, pending: int, due: int) -> Postings:
    """`amount` arrived for a payment with `pending` on its way, on a payable that owes `due` besides.

    It settles what is owed; what was announced and did not come is due again; what is too much waits in suspense.
    """
    takes = min(amount, pending + due)
    return _moved(
        {
            Account.PENDING: -pending,
            Account.DUE: pending - takes,
            Account.PAID: takes,
            Account.PAYER: -amount,
            Account.PAYEE: takes,
            Account.SUSPENSE: amount - takes,
        }
    )


def held_back(amount: int) -> Postings:
    """Money came in that may not settle anything yet: all of it waits in suspense."""
    return {Account.PAYER: -amount, Account.SUSPENSE: amount}


def allocated(amount: int) -> Postings:
    """Money in suspense settles something due."""
    return {Account.SUSPENSE: -amount, Account.PAYEE: amount, Account.DUE: -amount, Account.PAID: amount}


def returned(amount: int) -> Postings:
    """Money in suspense goes back to whoever sent it."""
    return {Account.SUSPENSE: -amount, Account.PAYER: amount}


def refunded(amount: int) -> Postings:
    """The payee gives back what was paid (or a card dispute takes it): it is owed again."""
    return {Account.PAID: -amount, Account.DUE: amount, Account.PAYEE: -amount, Account.PAYER: amount}


def came_back(amount: int, *, due: int) -> Postings:
    """A dispute was won, or a refund failed: the payee has the money again. Meanwhile it may have been paid in another way."""
    return received(amount, pending=0, due=due)


def _moved(postings: Postings) -> Postings:
    return {account: amount for account, amount in postings.items() if amount}
