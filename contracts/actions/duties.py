"""What time does to contracts: everything that is due under one case lock. Each is noted once."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from bidding.models import AwardStatus
from contracts import entries, news
from contracts.actions.ledger import balances_of_payable
from contracts.actions.signing import draft, void
from contracts.models import (
    Contract,
    ContractStatus,
    Delivery,
    DeliveryStatus,
    Milestone,
    MilestoneStatus,
    Payable,
    Side,
    VersionStatus,
)
from contracts.rules.signing import NoContractYet
from contracts.rulesets import contract_rules
from core.queries import calendar
from journal.actions import Held

# A delivery's date is called to mind so long before.
SOON = timedelta(days=3)


def do_duties(held: Held) -> int:
    """Everything that is due for this case at `held.now`; returns how much it was. Part of a larger verb."""
    contracts = Contract.objects.filter(award__request__number=held.name).select_related(
        "award__request__item", "award__winner", "buyer", "agency", "payer"
    )
    done = sum(_fallen(one) for one in contracts.filter(status=ContractStatus.DRAFTED))
    newest = _newest(held, contracts)
    if newest is None:
        return done
    done += newest.drafted_at == held.now
    return (
        done
        + _unsigned(held, newest)
        + sum(_remind_of(newest, one, held.now) for one in soon_due(held.now).filter(contract=newest))
        + sum(_silent(held, newest, one) for one in _silent_deliveries(newest, held.now))
        + sum(_overdue(held, newest, one) for one in _overdue_payables(newest, held.now))
    )


def _newest(held: Held, contracts: QuerySet[Contract]) -> Contract | None:
    try:
        return draft(held)
    except NoContractYet:
        return contracts.order_by("-pk").first()


def _fallen(contract: Contract) -> int:
    if contract.award.status == AwardStatus.FINAL:
        return 0
    void(contract)
    return 1


def _unsigned(held: Held, contract: Contract) -> int:
    over = contract.status == ContractStatus.DRAFTED and held.now >= contract.sign_due_at
    if not over or contract.sign_overdue_noted_at is not None:
        return 0
    contract.sign_overdue_noted_at = held.now
    contract.save(update_fields=["sign_overdue_noted_at"])
    version = contract.versions.filter(status=VersionStatus.OPEN).first()
    confirmed = set(version.confirmations.values_list("side", flat=True)) if version else set()
    held.append(*entries.unsigned([side for side in (Side.BUYER, Side.AGENCY) if side not in confirmed]))
    news.sign_overdue(contract)
    return 1


def soon_due(now: datetime) -> QuerySet[Milestone]:
    """Milestones whose date is near and has not been called to mind yet."""
    return Milestone.objects.filter(
        contract__status=ContractStatus.SIGNED,
        status=MilestoneStatus.OPEN,
        due_at__lte=now + SOON,
        reminded_at__isnull=True,
    )


def _remind_of(contract: Contract, milestone: Milestone, now: datetime) -> int:
    milestone.reminded_at = now
    milestone.save(update_fields=["reminded_at"])
    news.delivery_due(contract, milestone)
    return 1


def _silent_deliveries(contract: Contract, now: datetime) -> list[Delivery]:
    waiting = Delivery.objects.filter(
        milestone__contract=contract, status=DeliveryStatus.WAITING, due_at__lte=now
    ).exclude(milestone__status=MilestoneStatus.DROPPED)
    return list(waiting.select_related("milestone"))


def _silent(held: Held, contract: Contract, delivery: Delivery) -> int:
    """The buyer says nothing: reminded first, then it goes to the regulator (R9)."""
    if delivery.reminded_at is None:
        next_at = calendar().add(held.now, contract_rules(contract.ruleset).reminder_wd)
        delivery.reminded_at, delivery.due_at = held.now, next_at
        held.append(*entries.reminded(delivery, next_at))
        news.acceptance_reminder(contract, delivery.milestone, next_at)
    else:
        delivery.escalated_at, delivery.due_at = held.now, None
        held.append(*entries.escalated(delivery))
    delivery.save(update_fields=["reminded_at", "escalated_at", "due_at"])
    return 1


def _overdue_payables(contract: Contract, now: datetime) -> list[Payable]:
    return list(contract.payables.filter(due_at__lt=now, settled_at__isnull=True, overdue_noted_at__isnull=True))


def _overdue(held: Held, contract: Contract, payable: Payable) -> int:
    """Not paid in time: a fact about the buyer, for everybody to see."""
    payable.overdue_noted_at = held.now
    payable.save(update_fields=["overdue_noted_at"])
    amount = balances_of_payable(payable).open
    held.append(*entries.overdue(payable, amount))
    news.payment_overdue(contract, payable, amount)
    return 1
