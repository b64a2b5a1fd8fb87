"""Deliver, accept, return, ask for more time (R9). A buyer's silence goes to the regulator, never into praise."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import Kind, Organisation, User
from contracts import entries, news
from contracts.actions.closing import close_if_done
from contracts.actions.hold import accepted_of, hold, must_be
from contracts.actions.ledger import post
from contracts.models import (
    Contract,
    ContractStatus,
    Delivery,
    DeliveryFile,
    DeliveryStatus,
    Extension,
    ExtensionStatus,
    Milestone,
    MilestoneStatus,
    MovementKind,
    Payable,
    Side,
)
from contracts.rules import delivery as rules
from contracts.rules import ledger
from contracts.rules.plan import judge_public
from contracts.rules.remittance import new_code
from contracts.rulesets import contract_rules
from core.files import store
from core.queries import calendar
from core.text import clean
from journal.actions import Held

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True)
class Upload:
    """A file as the agency hands it in; `because` says why it is confidential, empty for a public one."""

    file: "UploadedFile[Any]"
    confidential: bool = False
    because: str = ""


@transaction.atomic(durable=True)
def deliver(
    user: User | None, by: Organisation, number: str, n: int, uploads: Sequence[Upload], note: str = ""
) -> Delivery:
    """Hand in the next version of milestone `n`; the buyer's time to accept it begins.

    Raises NotAParty, MilestoneStep, NothingDelivered, ConfidentialWithoutReason, PersonalInPublicText, FileTooLarge or
    FileNotReadable.
    """
    held, contract = hold(number)
    must_be(contract, by, Side.AGENCY)
    milestone = _milestone(contract, n)
    rules.judge_delivery(ContractStatus(contract.status), MilestoneStatus(milestone.status), files=len(uploads))
    judge_public(note)
    due_at = calendar().add(held.now, contract_rules(contract.ruleset).acceptance_wd)
    delivery = Delivery.objects.create(
        milestone=milestone,
        version=milestone.deliveries.count() + 1,
        note=clean(note),
        delivered_by=user,
        delivered_at=held.now,
        due_at=due_at,
    )
    files = [_keep(delivery, upload) for upload in uploads]
    _move(milestone, MilestoneStatus.DELIVERED)
    late = held.now > milestone.due_at
    held.append(*entries.delivered(delivery, [_as_entry(one) for one in files], due_at, late=late))
    news.delivery_to_accept(contract, milestone, due_at)
    return delivery


@transaction.atomic(durable=True)
def decide(
    user: User,
    by: Organisation,
    number: str,
    n: int,
    verdict: DeliveryStatus,
    *,
    amount: int = 0,
    reason: str = "",
    opinion: str = "",
) -> Delivery:
    """Accept milestone `n`'s delivery, accept a part of it (`amount`, fen), or return it with reasons.

    The buyer decides; after reminder and silence the regulator may in the buyer's place. Raises NotAParty, MilestoneStep,
    AcceptedAmount, OpinionMissing or BuyerStillHasTime.
    """
    held, contract = hold(number)
    side = Side.REGULATOR if by.kind == Kind.REGULATOR else Side.BUYER
    must_be(contract, by, side)
    milestone = _milestone(contract, n)
    delivery = _newest(milestone)
    if side == Side.REGULATOR:
        rules.judge_regulator(delivery.escalated_at)
    judge_public(opinion)
    left = milestone.amount - accepted_of(milestone)
    accepted = rules.judge_verdict(
        DeliveryStatus(delivery.status), verdict, left=left, amount=amount, reason=reason, opinion=clean(opinion)
    )
    delivery.status, delivery.accepted, delivery.opinion = verdict, accepted, clean(opinion)
    delivery.return_reason = "" if verdict == DeliveryStatus.ACCEPTED else reason
    delivery.decided_at, delivery.decided_by, delivery.decided_as, delivery.due_at = held.now, user, side, None
    delivery.save()
    _move(milestone, MilestoneStatus.ACCEPTED if accepted == left else MilestoneStatus.OPEN)
    held.append(*entries.decided(delivery))
    if accepted:
        _fall_due(held, contract, delivery)
    news.delivery_decided(contract, milestone, verdict)
    close_if_done(held, contract)
    return delivery


@transaction.atomic(durable=True)
def ask_for_time(by: Organisation, number: str, n: int, wd: int, reason: str) -> Extension:
    """The agency asks for `wd` more working days, for a reason that is not its own.

    Raises NotAParty, MilestoneStep, ExtensionStep, ExtensionDays or OpinionMissing.
    """
    held, contract = hold(number)
    must_be(contract, by, Side.AGENCY)
    milestone = _milestone(contract, n)
    asked = milestone.extensions.filter(status=ExtensionStatus.ASKED).exists()
    rules.judge_extension(ContractStatus(contract.status), MilestoneStatus(milestone.status), wd=wd, asked=asked)
    if not clean(reason):
        raise rules.OpinionMissing()
    judge_public(reason)
    extension = Extension.objects.create(
        milestone=milestone,
        wd=wd,
        reason=clean(reason),
        asked_at=held.now,
        answer_due_at=calendar().add(held.now, contract_rules(contract.ruleset).extension_answer_wd),
    )
    held.append(*entries.extension_asked(extension))
    news.extension_to_answer(contract, milestone, extension.answer_due_at)
    return extension


@transaction.atomic(durable=True)
def answer_extension(by: Organisation, number: str, n: int, answer: str, *, granted: bool) -> Extension:
    """The buyer answers with reasons, or after silence the regulator. Granted days move the milestone's date.

    Raises NotAParty, ExtensionStep, BuyerStillHasTime or OpinionMissing.
    """
    held, contract = hold(number)
    side = Side.REGULATOR if by.kind == Kind.REGULATOR else Side.BUYER
    must_be(contract, by, side)
    milestone = _milestone(contract, n)
    extension = milestone.extensions.order_by("-pk").first()
    if extension is None:
        raise rules.ExtensionStep()
    rules.judge_extension_answer(
        ExtensionStatus(extension.status), side, now=held.now, answer_due_at=extension.answer_due_at
    )
    if not granted and not clean(answer):
        raise rules.OpinionMissing()
    judge_public(answer)
    extension.status = ExtensionStatus.GRANTED if granted else ExtensionStatus.REFUSED
    extension.answer, extension.answered_at, extension.answered_as = clean(answer), held.now, side
    extension.save()
    if granted:
        milestone.extended_wd += extension.wd
        milestone.due_at = calendar().add(milestone.due_at, extension.wd)
        milestone.save(update_fields=["extended_wd", "due_at"])
    extension.milestone = milestone
    held.append(*entries.extension_answered(extension))
    news.extension_answered(contract, milestone)
    return extension


def _fall_due(held: Held, contract: Contract, delivery: Delivery) -> None:
    """What was accepted becomes payable, with a remittance code of its own."""
    payable = Payable.objects.create(
        contract=contract,
        milestone=delivery.milestone,
        delivery=delivery,
        amount=delivery.accepted,
        code=_unused_code(),
        accepted_at=held.now,
    )
    post(held, contract, MovementKind.FELL_DUE, ledger.fell_due(payable.amount), payable=payable)
    held.append(*entries.payable(payable))


def _unused_code() -> str:
    """Random; the unique index has the last word, and 32⁷ codes make a second try rare."""
    while Payable.objects.filter(code=(code := new_code(secrets.choice))).exists():
        pass
    return code


def _milestone(contract: Contract, n: int) -> Milestone:
    found = contract.milestones.filter(n=n).exclude(status=MilestoneStatus.DROPPED).first()
    if found is None:
        raise rules.MilestoneStep(status=str(MilestoneStatus.DROPPED.label))
    return found


def _newest(milestone: Milestone) -> Delivery:
    found = milestone.deliveries.order_by("-version").first()
    if found is None:
        raise rules.MilestoneStep(status=milestone.get_status_display())
    return found


def _move(milestone: Milestone, status: MilestoneStatus) -> None:
    before = milestone.status
    changed = Milestone.objects.filter(pk=milestone.pk, status=before).update(status=status)
    assert changed == 1, f"milestone {milestone.pk} was not {before}"
    milestone.status = status


def _keep(delivery: Delivery, upload: Upload) -> DeliveryFile:
    because = clean(upload.because)
    if upload.confidential and not because:
        raise rules.ConfidentialWithoutReason()
    name = clean(upload.file.name or "成果")[-120:]
    # Of a confidential file the public sees why, of others what they are called.
    judge_public(because if upload.confidential else name)
    stored = store(upload.file)
    kept, _made = DeliveryFile.objects.get_or_create(
        delivery=delivery,
        file=stored,
        defaults={
            "name": name,
            "confidential": upload.confidential,
            "confidential_because": because if upload.confidential else "",
        },
    )
    return kept


def _as_entry(one: DeliveryFile) -> dict[str, Any]:
    return entries.file(one.name, one.file.sha256, one.file.size, one.confidential_because)
