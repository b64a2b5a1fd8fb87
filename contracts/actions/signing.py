"""From a final award to a signed contract (R9): draft, propose, confirm, or pass to the next in rank."""

import secrets
from collections.abc import Sequence

from django.db import transaction

from accounts.models import Organisation, User
from bidding.actions import lapse_award
from bidding.models import Award, AwardStatus
from contracts import entries, news
from contracts.actions.changes import apply_change
from contracts.actions.hold import hold, must_be, number_of, party_of
from contracts.actions.ledger import post
from contracts.actions.payer import refuse_another_payer, refuse_passing_the_fee_on
from contracts.actions.texts import new_version
from contracts.models import (
    Confirmation,
    Contract,
    ContractStatus,
    Milestone,
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
from journal.actions import Held, lock_case
from marketplace.models import Request, RequestStatus


@transaction.atomic(durable=True)
def draft_contract(number: str) -> Contract:
    """Draft the contract of a final award; the one there is, if there is one. Raises NoContractYet."""
    held = lock_case(number)
    return draft(held)


def draft(held: Held) -> Contract:
    """The same under a case lock already held. Part of a larger verb."""
    award = (
        Award.objects.filter(request__number=held.name, status=AwardStatus.FINAL, request__status=RequestStatus.AWARDED)
        .select_related("request__buyer", "request__payer", "request__item", "request__region")
        .select_related("winner__agency__organisation")
        .first()
    )
    if award is None:
        raise rules.NoContractYet()
    if existing := Contract.objects.filter(award=award).first():
        return existing
    contract = _create(held, award)
    held.append(*entries.drafted(contract, contract_rules(contract.ruleset)))
    request = award.request
    name = request.item.name_zh[:80]
    stages = plan.whole(name, request.deliverables[:1000], award.amount, request.term_workdays)
    held.append(*entries.proposed(new_version(held, contract, stages)))
    news.contract_to_sign(contract)
    return contract


def propose(
    user: User, by: Organisation, number: str, stages: Sequence[Stage], terms: str = "", payer_uscc: str = ""
) -> Version:
    """A party proposes another text before the signing; it counts as that party's confirmation.

    Raises NotAParty, ContractStep, PayerIsFixed, PersonalInPublicText, or what `judge_plan` raises.
    """
    refuse_another_payer(by, number, payer_uscc)
    refuse_passing_the_fee_on(by, number, terms, *plan.words_of(stages))
    with transaction.atomic(durable=True):
        held, contract = hold(number)
        side = party_of(contract, by)
        rules.judge_open(ContractStatus(contract.status), ContractStatus.DRAFTED)
        plan.judge_plan(stages, contract.price, contract_rules(contract.ruleset))
        plan.judge_public(terms, *plan.words_of(stages))
        version = new_version(held, contract, stages, clean(terms), by=side, user=user)
        held.append(*entries.proposed(version))
        _confirm(held, version, side, user)
        news.text_to_confirm(contract, side)
    return version


@transaction.atomic(durable=True)
def confirm(user: User, by: Organisation, number: str, sha256: str) -> Version:
    """A party confirms one exact text; the second confirmation signs it.

    Raises NotAParty, ContractStep, AnotherText or AlreadyConfirmed.
    """
    held, contract = hold(number)
    side = party_of(contract, by)
    version = contract.versions.filter(status=VersionStatus.OPEN).first()
    if version is None:
        raise rules.ContractStep(status=contract.get_status_display())
    rules.judge_confirm(
        ContractStatus(contract.status),
        VersionStatus(version.status),
        expected=version.sha256,
        sha256=sha256,
        confirmed=set(version.confirmations.values_list("side", flat=True)),
        side=side,
    )
    _confirm(held, version, side, user)
    if version.confirmations.count() == 2:
        if version.change:
            apply_change(held, contract, version)
        else:
            _sign(held, contract, version)
    else:
        news.text_to_confirm(contract, side)
    return version


@transaction.atomic(durable=True)
def pass_over(by: Organisation, number: str) -> Award:
    """The winner let the signing date pass without confirming: the buyer passes to the next in rank (R5.9).

    Raises NotAParty or SigningNotOverdue.
    """
    held, contract = hold(number)
    must_be(contract, by, Side.BUYER)
    rules.judge_passing_over(
        ContractStatus(contract.status),
        due_at=contract.sign_due_at,
        now=held.now,
        agency_confirmed=Confirmation.objects.filter(
            version__contract=contract, version__status=VersionStatus.OPEN, side=Side.AGENCY
        ).exists(),
    )
    void(contract)
    return lapse_award(held, contract.award, "unsigned")


def void(contract: Contract) -> None:
    """The award has fallen: its unsigned contract is nothing any more. Part of a larger verb."""
    changed = Contract.objects.filter(pk=contract.pk, status=ContractStatus.DRAFTED).update(status=ContractStatus.VOID)
    assert changed == 1, f"contract {contract.pk} was not drafted"
    contract.versions.filter(status=VersionStatus.OPEN).update(status=VersionStatus.WITHDRAWN)


def _create(held: Held, award: Award) -> Contract:
    request, numbers = award.request, contract_rules()
    return Contract.objects.create(
        award=award,
        buyer=request.buyer,
        agency=award.winner.agency.organisation,
        payer=request.payer,
        budget_line=request.budget_line,
        government=request.government,
        price=award.amount,
        ruleset=numbers.id,
        salt=secrets.token_bytes(32),
        drafted_at=held.now,
        # From the draft on, which follows the final award at once: a platform that is late takes no time from anybody.
        sign_due_at=calendar().add(held.now, numbers.sign_wd),
    )


def _confirm(held: Held, version: Version, side: Side, user: User) -> None:
    Confirmation.objects.create(version=version, side=side, by=user, at=held.now)
    held.append(*entries.confirmed(version, side))


def _sign(held: Held, contract: Contract, version: Version) -> None:
    days = calendar()
    milestones = Milestone.objects.bulk_create(
        [
            Milestone(contract=contract, due_at=days.add(held.now, stage.due_wd), **stage.as_json())
            for stage in plan.from_json(version.plan)
        ]
    )
    changed = Contract.objects.filter(pk=contract.pk, status=ContractStatus.DRAFTED).update(
        status=ContractStatus.SIGNED, signed_at=held.now
    )
    assert changed == 1, f"contract {contract.pk} was not drafted"
    contract.status, contract.signed_at = ContractStatus.SIGNED, held.now
    version.status = VersionStatus.SIGNED
    version.save(update_fields=["status"])
    moved = Request.objects.filter(number=number_of(contract), status=RequestStatus.AWARDED).update(
        status=RequestStatus.CONTRACTED
    )
    assert moved == 1, f"{held.name} was not awarded"
    held.append(*entries.signed(version, milestones))
    post(held, contract, MovementKind.SIGNED, ledger.signed(contract.price))
    news.contract_signed(contract)
