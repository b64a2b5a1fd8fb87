"""Changes (变更) after the signing: both sides confirm the same text; large ones are published with their reason (R9)."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import Organisation, User
from contracts import entries, news
from contracts.actions.closing import close_if_done, end_if_terminated
from contracts.actions.hold import accepted_of, hold, must_be, party_of
from contracts.actions.ledger import post
from contracts.actions.payer import refuse_passing_the_fee_on
from contracts.actions.texts import new_version
from contracts.models import (
    Confirmation,
    Contract,
    ContractStatus,
    Milestone,
    MilestoneStatus,
    MovementKind,
    Side,
    Version,
    VersionStatus,
)
from contracts.rules import ledger, plan
from contracts.rules import signing as rules
from contracts.rules.plan import Stage
from contracts.rulesets import contract_rules
from core.queries import calendar
from core.text import clean
from journal.actions import Held


def propose_change(
    user: User, by: Organisation, number: str, stages: Sequence[Stage], reason: str, terms: str = ""
) -> Version:
    """A party proposes to change the open milestones; stages left out are dropped, the price is what they add up to.

    What was delivered or accepted stands. Raises NotAParty, ContractStep, ReasonMissing, AcceptedStays, PayerIsFixed,
    PersonalInPublicText, or what `judge_plan` raises.
    """
    refuse_passing_the_fee_on(by, number, terms, reason, *plan.words_of(stages))
    with transaction.atomic(durable=True):
        held, contract = hold(number)
        side = party_of(contract, by)
        rules.judge_open(ContractStatus(contract.status), ContractStatus.SIGNED)
        if contract.versions.filter(status=VersionStatus.OPEN).exists():
            raise rules.ContractStep(status=str(VersionStatus.OPEN.label))
        if not clean(reason):
            raise rules.ReasonMissing()
        _judge(contract, stages)
        plan.judge_public(terms, reason, *plan.words_of(stages))
        version = new_version(
            held, contract, stages, clean(terms), by=side, user=user, change=True, reason=clean(reason)
        )
        held.append(*entries.proposed(version))
        Confirmation.objects.create(version=version, side=side, by=user, at=held.now)
        held.append(*entries.confirmed(version, side))
        news.text_to_confirm(contract, side)
    return version


@transaction.atomic(durable=True)
def refuse_change(by: Organisation, number: str, answer: str) -> Version:
    """The other side does not agree; the contract stays as it is.

    Raises NotAParty, ContractStep, ReasonMissing or PersonalInPublicText.
    """
    held, contract = hold(number)
    side = party_of(contract, by)
    version = _open_change(contract)
    if version.proposed_by == side:
        raise rules.NotAParty()
    if not clean(answer):
        raise rules.ReasonMissing()
    plan.judge_public(answer)
    version.status, version.answer = VersionStatus.REFUSED, clean(answer)
    version.save(update_fields=["status", "answer"])
    held.append(*entries.refused(version, side))
    return version


@transaction.atomic(durable=True)
def withdraw_change(by: Organisation, number: str) -> Version:
    """Whoever proposed a change takes it back. Raises NotAParty or ContractStep."""
    held, contract = hold(number)
    version = _open_change(contract)
    must_be(contract, by, Side(version.proposed_by))
    version.status = VersionStatus.WITHDRAWN
    version.save(update_fields=["status"])
    held.append(*entries.withdrawn(version))
    return version


def apply_change(held: Held, contract: Contract, version: Version) -> None:
    """Both have confirmed: milestones, price and ledger follow. Part of a larger verb."""
    before, stages = contract.price, plan.from_json(version.plan)
    # Between proposal and confirmation something may have been delivered.
    _judge(contract, stages)
    published = rules.is_published(
        contract_rules(contract.ruleset),
        earlier_changes=contract.versions.filter(change=True, status=VersionStatus.SIGNED).count(),
        price=(before, version.price),
        time_wd=(_longest(_standing(contract)), max((stage.due_wd for stage in stages), default=0)),
    )
    version.status, version.published = VersionStatus.SIGNED, published
    version.save(update_fields=["status", "published"])
    _replace_milestones(contract, stages)
    contract.price = version.price
    if not stages:
        contract.status = ContractStatus.TERMINATED
    contract.save(update_fields=["price", "status"])
    if version.price != before:
        post(held, contract, MovementKind.CHANGED, ledger.changed(version.price - before), reason=version.reason[:200])
    standing = [m for m in contract.milestones.all() if m.status != MilestoneStatus.DROPPED]
    held.append(*entries.changed(version, before, standing))
    news.contract_signed(contract)
    end_if_terminated(held, contract)
    close_if_done(held, contract)


def _judge(contract: Contract, stages: Sequence[Stage]) -> None:
    numbers, standing = contract_rules(contract.ruleset), _standing(contract)
    plan.judge_plan(stages, sum(stage.amount for stage in stages), numbers, least=0)
    untouched = [_stage(m) for m in standing if m.status != MilestoneStatus.OPEN]
    begun = {m.n: accepted_of(m) for m in standing if m.status == MilestoneStatus.OPEN}
    plan.judge_kept(untouched, {n: amount for n, amount in begun.items() if amount}, stages)


def _replace_milestones(contract: Contract, stages: Sequence[Stage]) -> None:
    assert contract.signed_at is not None
    days, wanted = calendar(), {stage.n: stage for stage in stages}
    for milestone in _standing(contract):
        stage = wanted.pop(milestone.n, None)
        if stage is None:
            milestone.status = MilestoneStatus.DROPPED
        elif _stage(milestone) != stage:
            milestone.name, milestone.deliverables, milestone.amount = stage.name, stage.deliverables, stage.amount
            milestone.due_wd = stage.due_wd
            milestone.due_at = days.add(contract.signed_at, stage.due_wd + milestone.extended_wd)
            if accepted_of(milestone) == milestone.amount:
                milestone.status = MilestoneStatus.ACCEPTED
        milestone.save()
    for stage in wanted.values():
        due_at = days.add(contract.signed_at, stage.due_wd)
        Milestone.objects.create(contract=contract, due_at=due_at, **stage.as_json())


def _standing(contract: Contract) -> list[Milestone]:
    return list(contract.milestones.exclude(status=MilestoneStatus.DROPPED))


def _stage(milestone: Milestone) -> Stage:
    return Stage(milestone.n, milestone.name, milestone.deliverables, milestone.amount, milestone.due_wd)


def _longest(milestones: Sequence[Milestone]) -> int:
    return max((milestone.due_wd for milestone in milestones), default=0)


def _open_change(contract: Contract) -> Version:
    version = contract.versions.filter(status=VersionStatus.OPEN, change=True).first()
    if version is None:
        raise rules.ContractStep(status=contract.get_status_display())
    return version
