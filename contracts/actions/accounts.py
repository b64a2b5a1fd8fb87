"""Where to pay, and what a department's budget lines hold."""

from django.db import transaction

from accounts.models import Kind, Organisation, User
from contracts import entries, news
from contracts.actions.hold import hold
from contracts.actions.texts import new_version
from contracts.models import BudgetLine, Contract, ContractStatus, PayeeAccount, VersionStatus
from contracts.rules import payment as rules
from contracts.rules import plan
from contracts.rules.signing import NoContractYet, NotAParty
from core.clock import database_now
from core.text import clean
from journal.actions import lock_platform
from marketplace.entries import party


def set_account(user: User, by: Organisation, bank: str, number: str, online: str = "") -> PayeeAccount:
    """The agency's account to be paid on, in its own name. Unsigned contracts get a text that names it.

    Whoever has signed is told when it changes: the annex of their contract names another. Raises NotAParty for others
    than agencies, AccountNumberWrong or OnlineAccountWrong.
    """
    if by.kind != Kind.AGENCY:
        raise NotAParty()
    plain = rules.judge_account(number, clean(online))
    with transaction.atomic(durable=True):
        before = PayeeAccount.objects.select_for_update().filter(organisation=by).first()
        account, _made = PayeeAccount.objects.update_or_create(
            organisation=by,
            defaults={
                "bank": clean(bank),
                "number": plain,
                "online": clean(online),
                "changed_by": user,
                "changed_at": database_now(),
            },
        )
        if before is not None and (before.number, before.online) != (account.number, account.online):
            _tell_of_another_account(by)
    unsigned = Contract.objects.filter(agency=by, status=ContractStatus.DRAFTED)
    for number_of in unsigned.values_list("award__request__number", flat=True):
        _redraft(number_of or "")
    return account


def _tell_of_another_account(by: Organisation) -> None:
    """Somebody may have taken the agency's place: it hears of it, and so does everybody who is to pay there."""
    news.account_changed(by.pk)
    for contract in Contract.objects.filter(agency=by, status=ContractStatus.SIGNED).select_related("award__request"):
        news.pay_elsewhere(contract)


@transaction.atomic(durable=True)
def _redraft(number: str) -> None:
    try:
        held, contract = hold(number)
    except NoContractYet:
        return
    old = contract.versions.filter(status=VersionStatus.OPEN).first()
    if contract.status == ContractStatus.DRAFTED and old is not None:
        held.append(*entries.proposed(new_version(held, contract, plan.from_json(old.plan), old.terms)))


@transaction.atomic(durable=True)
def set_budget_line(by: Organisation, name: str, total: int) -> BudgetLine:
    """A department states, in public, what a budget line holds (fen). Raises NotAParty or AmountNotPayable."""
    if by.kind != Kind.DEPARTMENT:
        raise NotAParty()
    if total <= 0:
        raise rules.AmountNotPayable()
    held = lock_platform()
    line, _made = BudgetLine.objects.update_or_create(organisation=by, name=clean(name), defaults={"total": total})
    held.append(*entries.budget_set(party(by), line.name, total))
    return line
