"""Let the ledger say what a provider says of a payment. Only what is new is written, so the order of answers does not matter."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from contracts import entries, news
from contracts.actions.closing import close_if_done
from contracts.actions.ledger import balances_of, balances_of_payable, balances_of_payment, moved, post
from contracts.actions.money import fail, hold_payment, note_settled, settle
from contracts.models import Account, Contract, MovementKind, Payable, Payment
from contracts.providers import Stage, Standing
from contracts.rules import ledger
from contracts.rules.payment import payment_due
from contracts.rulesets import contract_rules
from journal.actions import Held

log = logging.getLogger(__name__)

FIRST_CHECK = timedelta(seconds=60)
_LONGEST_WAIT = timedelta(hours=6)
# A card can be disputed for months after.
_WATCHED_FOR = timedelta(days=120)


@transaction.atomic(durable=True)
def follow(payment_id: int, standing: Standing) -> None:
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
        owed = _take_back(held, contract, payment, MovementKind.REFUNDED, more)
        held.append(*entries.refunded(payment, more, owed))
    if more := news_of(MovementKind.UNREFUNDED, standing.unrefunded):
        settled = _give_again(held, contract, payment, MovementKind.UNREFUNDED, more)
        held.append(*entries.refund_failed(payment, more, settled))
        news.refund_failed(contract, payment, more)
    if more := news_of(MovementKind.WITHDRAWN, standing.withdrawn):
        owed = _take_back(held, contract, payment, MovementKind.WITHDRAWN, more)
        held.append(*entries.dispute_lost(payment, more, owed))
    if more := news_of(MovementKind.REINSTATED, standing.reinstated):
        settled = _give_again(held, contract, payment, MovementKind.REINSTATED, more)
        held.append(*entries.dispute_won(payment, more, settled))
    note_settled(held, payment.payable)
    close_if_done(held, contract)


def _take_back(
    held: Held, contract: Contract, payment: Payment, kind: MovementKind, amount: int
) -> list[tuple[Payable, int]]:
    """Money goes back to the payer: first what of this payment lies in suspense, then what was settled with it.

    What came too late or too much may have been used for another payable since; then that is owed again. Returns what is
    owed again of which payable.
    """
    loose = min(amount, balances_of_payment(payment)[Account.SUSPENSE], balances_of(contract)[Account.SUSPENSE])
    if loose:
        post(held, contract, kind, ledger.returned(loose), payable=payment.payable, payment=payment)
    left, owed = amount - loose, []
    for payable in [payment.payable, *contract.payables.exclude(pk=payment.payable_id)]:
        if taken := min(left, balances_of_payable(payable).paid):
            post(held, contract, kind, ledger.refunded(taken), payable=payable, payment=payment)
            if kind == MovementKind.REFUNDED:
                _owe_anew(held, contract, payable)
            note_settled(held, payable)
            owed.append((payable, taken))
            left -= taken
    if left:
        log.error("%s: %s fen more went back than ever came", held.name, left)
    news.money_went_back(contract, payment, amount)
    return owed


def _owe_anew(held: Held, contract: Contract, payable: Payable) -> None:
    """What the payee gives back of its own will may be paid in as many days as before; who was late already stays so."""
    due_at = payment_due(held.now, contract_rules(contract.ruleset).payment_days)
    Payable.objects.filter(pk=payable.pk, overdue_noted_at__isnull=True, due_at__lt=due_at).update(due_at=due_at)
    payable.refresh_from_db(fields=["due_at"])


def _give_again(held: Held, contract: Contract, payment: Payment, kind: MovementKind, amount: int) -> int:
    """Money that had gone back is the payee's again: it settles what is due of its payable, the rest waits in suspense.

    Returns how much it settles.
    """
    postings = ledger.came_back(amount, due=balances_of_payable(payment.payable).due)
    post(held, contract, kind, postings, payable=payment.payable, payment=payment)
    return postings.get(Account.PAID, 0)


def _next_check(payment: Payment, standing: Standing, now: datetime) -> None:
    """Look again soon while it is open, ever more seldom, and no more when nothing can happen."""
    payment.checks += 1
    wait = min(FIRST_CHECK * 2 ** min(payment.checks, 12), _LONGEST_WAIT)
    watched = standing.stage is not Stage.PAID or now - payment.started_at < _WATCHED_FOR
    over = standing.stage in (Stage.DECLINED, Stage.EXPIRED)
    payment.check_at = None if over or not watched else now + wait
    payment.save(update_fields=["intent", "checks", "check_at"])
