"""Write movements and know balances. Parts of larger verbs: the case is held by the caller."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, Sum

from contracts.models import Account, Contract, Movement, MovementKind, Payable, Payment, Posting
from contracts.rules.ledger import Balances, Postings
from journal.actions import Held


def post(
    held: Held,
    contract: Contract,
    kind: MovementKind,
    postings: Postings,
    *,
    payable: Payable | None = None,
    payment: Payment | None = None,
    reason: str = "",
) -> Movement:
    """Append one movement. The database refuses it if it does not sum to zero or takes more than there is."""
    movement = Movement.objects.create(
        contract=contract, kind=kind, payable=payable, payment=payment, at=held.now, reason=reason
    )
    # One statement: the trigger looks at all of them together.
    Posting.objects.bulk_create(
        [Posting(movement=movement, account=account, amount=amount) for account, amount in postings.items()]
    )
    return movement


def balances_of(contract: Contract) -> Balances:
    """What each account of the contract holds."""
    return _balances(movement__contract=contract)


def balances_of_payable(payable: Payable) -> Balances:
    """What the accounts hold of one payable."""
    return _balances(movement__payable=payable)


def balances_of_payment(payment: Payment) -> Balances:
    """What the accounts hold of one attempt to pay."""
    return _balances(movement__payment=payment)


def kinds_of(payment: Payment) -> Iterable[str]:
    """The movements of one attempt, in order."""
    return payment.movements.order_by("pk").values_list("kind", flat=True)


def moved(payment: Payment, kind: MovementKind, account: Account) -> int:
    """How much movements of that kind have put into `account` for this payment so far (absolute, fen)."""
    total = Posting.objects.filter(movement__payment=payment, movement__kind=kind, account=account)
    return abs(_sum(total))


OTHER_PAYER = "other_payer"


def strangers_money(contract: Contract) -> int:
    """What of the money in suspense another than the payer sent, in fen: it can only go back (P20.7)."""
    loose = Posting.objects.filter(movement__contract=contract, account=Account.SUSPENSE)
    came = loose.filter(movement__kind=MovementKind.RECEIVED, movement__reason=OTHER_PAYER)
    went = loose.filter(movement__kind=MovementKind.RETURNED)
    # What is returned counts as theirs first.
    return max(0, _sum(came) + _sum(went))


def _sum(postings: QuerySet[Posting]) -> int:
    return int(postings.aggregate(sum=Sum("amount"))["sum"] or 0)


def _balances(**which: Any) -> Balances:
    rows = Posting.objects.filter(**which).values_list("account").annotate(sum=Sum("amount")).order_by()
    return Balances({Account(account): amount for account, amount in rows})
