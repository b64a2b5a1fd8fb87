"""The department pays, from its own budget (P20.7): whoever tries otherwise is refused, and the attempt is on record.

Each of these records in a transaction of its own and refuses after it, so that the refusal does not undo its record.
"""

from django.db import transaction

from accounts.models import Organisation
from contracts.actions.hold import hold, party_of
from contracts.rules.payment import NotThePayer
from contracts.rules.signing import PayerIsFixed
from marketplace.entries import payer_refused
from marketplace.policy import patterns


def refuse_another_payer(by: Organisation, number: str, payer_uscc: str) -> None:
    """A form that names another payer than the notice; raises PayerIsFixed."""
    with transaction.atomic(durable=True):
        held, contract = hold(number)
        party_of(contract, by)
        if not payer_uscc or payer_uscc == contract.payer.uscc:
            return
        held.append(*payer_refused(by, "form", payer_uscc))
    raise PayerIsFixed(payer=contract.payer.name)


def refuse_passing_the_fee_on(by: Organisation, number: str, *texts: str) -> None:
    """Terms, deliverables or reasons that let applicants bear the fee of what public money commissions; raises PayerIsFixed."""
    found = next((words for _start, words in patterns.matches(patterns.FEE_PASSED_ON, "\n".join(texts))), "")
    if not found:
        return
    with transaction.atomic(durable=True):
        held, contract = hold(number)
        party_of(contract, by)
        if not contract.government:
            return
        held.append(*payer_refused(by, "terms", found))
    raise PayerIsFixed(payer=contract.payer.name)


def refuse_strangers_money(by: Organisation, number: str, attempt: str) -> None:
    """Somebody else than the payer begins to pay; raises NotThePayer. `attempt` is `online` or `transfer`."""
    with transaction.atomic(durable=True):
        held, contract = hold(number)
        if by.pk == contract.payer_id:
            return
        held.append(*payer_refused(by, attempt))
    raise NotThePayer(payer=contract.payer.name)
