"""The dates that stand open in a contract, soonest first, each with how it was counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from contracts.models import (
    Contract,
    ContractStatus,
    Delivery,
    DeliveryStatus,
    ExtensionStatus,
    Milestone,
    MilestoneStatus,
    Payable,
    Side,
)
from contracts.rulesets import contract_rules
from core.clock import BEIJING
from core.queries import calendar
from core.workdays import Calendar


@dataclass(frozen=True)
class Deadline:
    """What is to be done by when, by whom; `key` names it for good, `because` says how the date was counted."""

    key: str
    what: str
    who: str
    at: datetime
    because: str


def open_deadlines(contract: Contract) -> list[Deadline]:
    """What the contract waits for now."""
    days = calendar()
    if contract.status == ContractStatus.DRAFTED:
        return [_signing(contract, days)]
    if contract.status != ContractStatus.SIGNED:
        return []
    milestones = contract.milestones.exclude(status__in=[MilestoneStatus.DROPPED, MilestoneStatus.ACCEPTED])
    found = [deadline for milestone in milestones for deadline in _of_milestone(contract, milestone, days)]
    owed = contract.payables.filter(due_at__isnull=False, settled_at__isnull=True).select_related("milestone")
    found += [_of_payable(contract, payable) for payable in owed]
    return sorted(found, key=lambda deadline: deadline.at)


def _signing(contract: Contract, days: Calendar) -> Deadline:
    numbers = contract_rules(contract.ruleset)
    said = counted(days, contract.drafted_at, numbers.sign_wd, contract.sign_due_at)
    return Deadline("sign", _("双方确认合同"), _("双方"), contract.sign_due_at, said)


def _of_milestone(contract: Contract, milestone: Milestone, days: Calendar) -> Iterator[Deadline]:
    numbers, names = contract_rules(contract.ruleset), {"n": milestone.n, "name": milestone.name}
    if milestone.status == MilestoneStatus.OPEN:
        assert contract.signed_at is not None
        said = counted(days, contract.signed_at, milestone.due_wd + milestone.extended_wd, milestone.due_at)
        what = _("交付第 %(n)s 期 %(name)s") % names
        yield Deadline(f"deliver-{milestone.n}", what, str(Side.AGENCY.label), milestone.due_at, said)
    waiting = milestone.deliveries.filter(status=DeliveryStatus.WAITING, due_at__isnull=False).first()
    if waiting is not None:
        yield _of_delivery(waiting, names, days, numbers.acceptance_wd, numbers.reminder_wd)
    asked = milestone.extensions.filter(status=ExtensionStatus.ASKED).first()
    if asked is not None:
        said = counted(days, asked.asked_at, numbers.extension_answer_wd, asked.answer_due_at)
        what = _("答复第 %(n)s 期的延期申请") % names
        yield Deadline(f"extension-{asked.pk}", what, str(Side.BUYER.label), asked.answer_due_at, said)


def _of_delivery(delivery: Delivery, names: dict[str, object], days: Calendar, first: int, then: int) -> Deadline:
    assert delivery.due_at is not None
    key = f"accept-{names['n']}-{delivery.version}"
    if delivery.reminded_at is None:
        said = counted(days, delivery.delivered_at, first, delivery.due_at)
        return Deadline(key, _("验收第 %(n)s 期 %(name)s") % names, str(Side.BUYER.label), delivery.due_at, said)
    said = counted(days, delivery.reminded_at, then, delivery.due_at)
    what = _("验收第 %(n)s 期 %(name)s（已提醒，逾期由监管部门决定）") % names
    return Deadline(key, what, str(Side.BUYER.label), delivery.due_at, said)


def _of_payable(contract: Contract, payable: Payable) -> Deadline:
    assert payable.due_at is not None
    said = _("发票登记之日起 %(days)s 日（自然日）") % {"days": contract_rules(contract.ruleset).payment_days}
    what = _("支付第 %(n)s 期款项") % {"n": payable.milestone.n}
    return Deadline(f"pay-{payable.pk}", what, str(Side.BUYER.label), payable.due_at, said)


def counted(days: Calendar, start: datetime, wd: int, at: datetime) -> str:
    """How `at` follows from `wd` working days after `start`; empty where it was counted otherwise."""
    found = days.after(start.astimezone(BEIJING).date(), wd)
    return found.explain() if found.date == at.astimezone(BEIJING).date() else ""
