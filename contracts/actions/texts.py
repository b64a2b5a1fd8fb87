"""Make the versions of a contract's text. Parts of larger verbs: the case is held by the caller."""

from collections.abc import Sequence

from accounts.models import User
from contracts import annex, wording
from contracts.models import Contract, Version, VersionStatus
from contracts.rules.plan import Stage
from contracts.rulesets import contract_rules
from journal.actions import Held


def new_version(
    held: Held,
    contract: Contract,
    stages: Sequence[Stage],
    terms: str = "",
    *,
    by: str = "",
    user: User | None = None,
    change: bool = False,
    reason: str = "",
) -> Version:
    """The next text of the contract; what was open before is superseded, and with it every confirmation of it."""
    contract.versions.filter(status=VersionStatus.OPEN).update(status=VersionStatus.SUPERSEDED)
    private = annex.annex_of(contract)
    hashed = annex.commitment(bytes(contract.salt), private)
    facts = facts_of(contract, stages, terms, hashed, _number_of_change(contract) if change else 0, reason)
    body = wording.chinese(facts)
    text = wording.as_text(body)
    return Version.objects.create(
        contract=contract,
        number=contract.versions.count() + 1,
        change=change,
        proposed_by=by,
        proposer=user,
        proposed_at=held.now,
        reason=reason,
        price=facts.price,
        plan=[stage.as_json() for stage in stages],
        terms=terms,
        body=body,
        body_en=wording.english(facts),
        text=text,
        sha256=wording.sha256(text),
        annex=private,
    )


def facts_of(
    contract: Contract, stages: Sequence[Stage], terms: str, hashed: str, change: int, reason: str
) -> wording.Facts:
    """What a text with these stages is made of; `hashed` commits to the annex, `change` counts from 1."""
    request, numbers = contract.award.request, contract_rules(contract.ruleset)
    return wording.Facts(
        number=request.number or "",
        title=request.title,
        item=request.item.name_zh,
        region=request.region.name_zh,
        buyer=(contract.buyer.name, contract.buyer.uscc),
        agency=(contract.agency.name, contract.agency.uscc),
        payer=contract.payer.name,
        budget_line=contract.budget_line,
        government=contract.government,
        scope=request.scope,
        deliverables=request.deliverables,
        price=sum(stage.amount for stage in stages),
        award_price=contract.award.amount,
        stages=stages,
        terms=terms,
        annex=hashed,
        acceptance_wd=numbers.acceptance_wd,
        reminder_wd=numbers.reminder_wd,
        payment_days=numbers.payment_days,
        change=change,
        reason=reason,
    )


def _number_of_change(contract: Contract) -> int:
    return contract.versions.filter(change=True, status=VersionStatus.SIGNED).count() + 1
