"""Invented parties that move their contracts on through the real actions, a step at a time; never those of the demo's roles."""

import logging
import uuid
from collections.abc import Callable
from random import Random
from typing import TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model, Q, QuerySet, Sum

from accounts.models import Organisation, User
from contracts import actions
from contracts.actions.ledger import balances_of_payable, balances_of_payment
from contracts.models import (
    Account,
    Contract,
    ContractStatus,
    Delivery,
    DeliveryStatus,
    Milestone,
    MilestoneStatus,
    Payable,
    Payment,
    PaymentMethod,
    Side,
    Version,
    VersionStatus,
)
from core.clock import BEIJING, database_now
from core.errors import Refused
from demo import roles
from demo.papers import report

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)


def move_one(rng: Random) -> str | None:
    """Take one step of one contract, if any can be taken; its name."""
    steps: list[Callable[[Random], bool]] = [_confirm, _deliver, _accept, _invoice, _pay, _receive]
    for step in rng.sample(steps, len(steps)):
        try:
            if step(rng):
                return step.__name__.lstrip("_")
        except Refused as refused:
            log.info("%s was not possible: %s", step.__name__, refused)
    return None


def _confirm(rng: Random) -> bool:
    """The agency confirms the first text; the buyer whatever its agency has confirmed."""
    texts = Version.objects.filter(
        status=VersionStatus.OPEN, change=False, contract__status=ContractStatus.DRAFTED
    ).select_related("contract__agency", "contract__buyer")
    first = texts.filter(contract__agency__in=_others()).exclude(confirmations__side=Side.AGENCY)
    text, by = _pick(rng, first), Side.AGENCY
    if text is None:
        second = texts.filter(contract__buyer__in=_others(), confirmations__side=Side.AGENCY)
        text, by = _pick(rng, second.exclude(confirmations__side=Side.BUYER)), Side.BUYER
    if text is None:
        return False
    party = text.contract.agency if by == Side.AGENCY else text.contract.buyer
    actions.confirm(_user(party), party, _number(text.contract), text.sha256)
    return True


def _deliver(rng: Random) -> bool:
    milestone = _pick(
        rng,
        Milestone.objects.filter(
            status=MilestoneStatus.OPEN, contract__status=ContractStatus.SIGNED, contract__agency__in=_others()
        ),
    )
    if milestone is None:
        return False
    by = milestone.contract.agency
    paper = SimpleUploadedFile(f"{milestone.name[:60]}.pdf", report())
    actions.deliver(_user(by), by, _number(milestone.contract), milestone.n, [actions.Upload(paper)])
    return True


def _accept(rng: Random) -> bool:
    waiting = Delivery.objects.filter(
        status=DeliveryStatus.WAITING,
        milestone__status=MilestoneStatus.DELIVERED,
        milestone__contract__buyer__in=_others(),
    )
    delivery = _pick(rng, waiting)
    if delivery is None:
        return False
    contract = delivery.milestone.contract
    by, n = contract.buyer, delivery.milestone.n
    actions.decide(_user(by), by, _number(contract), n, DeliveryStatus.ACCEPTED, opinion="同意验收。")
    return True


def _invoice(rng: Random) -> bool:
    payable = _pick(rng, Payable.objects.filter(invoiced_at=None, contract__agency__in=_others()))
    if payable is None:
        return False
    actions.invoice(payable.contract.agency, payable.pk, f"{database_now():%y}62{rng.randrange(10**16):016d}")
    return True


def _pay(rng: Random) -> bool:
    owed = Payable.objects.filter(invoiced_at__isnull=False, settled_at=None, contract__payer__in=_others())
    due = owed.annotate(due=_held(Account.DUE)).filter(due__gt=0)
    payable = _pick(rng, due)
    if payable is None:
        return False
    by, amount = payable.contract.payer, balances_of_payable(payable)[Account.DUE]
    today = database_now().astimezone(BEIJING).date()
    actions.announce_transfer(_user(by), by, payable.pk, uuid.uuid4(), amount, today)
    return True


def _receive(rng: Random) -> bool:
    announced = Payment.objects.filter(method=PaymentMethod.TRANSFER, contract__agency__in=_others())
    payment = _pick(rng, announced.annotate(pending=_held(Account.PENDING)).filter(pending__gt=0))
    if payment is None:
        return False
    actions.confirm_receipt(payment.contract.agency, payment.pk, balances_of_payment(payment)[Account.PENDING])
    return True


def _held(account: Account) -> Sum:
    """What an account holds of a payable or payment."""
    return Sum("movements__postings__amount", filter=Q(movements__postings__account=account))


def _others() -> QuerySet[Organisation]:
    """Invented organisations that no visitor acts for."""
    taken = [roles.email(role) for role in roles.ROLES]
    return Organisation.objects.filter(demo=True).exclude(memberships__user__email__in=taken)


def _pick(rng: Random, rows: QuerySet[Row]) -> Row | None:
    count = rows.count()
    return rows.order_by("pk")[rng.randrange(count)] if count else None


def _user(organisation: Organisation) -> User:
    return organisation.memberships.order_by("pk")[0].user


def _number(contract: Contract) -> str:
    return contract.award.request.number or ""
