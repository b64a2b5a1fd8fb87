"""What the contract page shows, shaped by who reads it. Doors are open where the pure rules let the reader through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import Form

from accounts.models import Kind, Organisation
from contracts import page_money, queries
from contracts.deadlines import Deadline, open_deadlines
from contracts.models import (
    Contract,
    ContractStatus,
    Delivery,
    DeliveryStatus,
    Extension,
    ExtensionStatus,
    Milestone,
    MilestoneStatus,
    Side,
    Version,
    VersionStatus,
)
from contracts.rules import delivery as delivery_rules
from contracts.rules import plan as plan_rules
from contracts.rules import signing as signing_rules
from contracts.rules.plan import Stage
from core.clock import database_now
from core.errors import Refused
from marketplace.models import Request


@dataclass(frozen=True)
class VersionRow:
    """One text of the contract. `readable` if the reader may see it."""

    version: Version
    confirmed: list[tuple[str, datetime]]
    readable: bool


@dataclass
class MilestoneRow:
    """A milestone with its deliveries, and the doors that the reader may take; views put a form behind each."""

    milestone: Milestone
    deliveries: list[Delivery]
    extensions: list[Extension]
    accepted: int
    doors: tuple[str, ...]
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"m{self.milestone.n}"

    @property
    def left(self) -> int:
        return self.milestone.amount - self.accepted


@dataclass
class ContractPage:
    """All of it. `side` is empty for the public; `private` readers see annex, account and confidential files."""

    contract: Contract
    request: Request
    number: str
    side: str
    private: bool
    version: Version | None
    proposal: Version | None
    versions: list[VersionRow]
    milestones: list[MilestoneRow]
    payables: list["page_money.PayableRow"]
    suspense: "page_money.Suspense"
    deadlines: list[Deadline]
    doors: tuple[str, ...]
    forms: dict[str, Form] = field(default_factory=dict)

    key = "c"

    @property
    def next_deadline(self) -> Deadline | None:
        return self.deadlines[0] if self.deadlines else None

    @property
    def signed(self) -> bool:
        return self.contract.signed_at is not None

    @property
    def sides(self) -> list[tuple[str, str]]:
        """The two who confirm."""
        return [(side.value, str(side.label)) for side in (Side.BUYER, Side.AGENCY)]

    @property
    def confirmed_sides(self) -> set[str]:
        """Who has confirmed the text that waits."""
        return {one.side for one in self.proposal.confirmations.all()} if self.proposal else set()

    @property
    def annex_account(self) -> dict[str, str] | None:
        """The payee's account as the text's annex names it."""
        return ((self.version.annex if self.version else None) or {}).get("account")

    @property
    def annex_parties(self) -> list[dict[str, str]]:
        """The contacts that the text's annex names."""
        annex = (self.version.annex if self.version else None) or {}
        return [annex[side] for side, _label in self.sides if side in annex]


def page_of(number: str, reader: Organisation | None, shown_version: int | None = None) -> ContractPage:
    """The page of the newest contract of that number; raises Http404 where there is none."""
    contract = queries.contract_in_public(number)
    side, private = _side(contract, reader), queries.sees_private(contract, reader)
    versions = [_version_row(one, private) for one in contract.versions.prefetch_related("confirmations")]
    proposal = next((row.version for row in versions if row.version.status == VersionStatus.OPEN), None)
    milestones = list(contract.milestones.prefetch_related("deliveries__files__file", "extensions"))
    payables, suspense = page_money.payables_of(contract, side)
    return ContractPage(
        contract=contract,
        request=contract.award.request,
        number=number,
        side=side,
        private=private,
        version=_version_to_show(versions, shown_version),
        proposal=proposal if proposal and (private or not proposal.change) else None,
        versions=versions[::-1],
        milestones=[_milestone_row(contract, one, side) for one in milestones],
        payables=payables,
        suspense=suspense,
        deadlines=open_deadlines(contract),
        doors=_doors(contract, proposal, side, suspense.by_bank),
    )


def fixed_stages(page: ContractPage) -> list[Stage]:
    """The milestones that a change must leave as they are: delivered, or accepted."""
    standing = [row.milestone for row in page.milestones if row.milestone.status != MilestoneStatus.DROPPED]
    return [stage_of(one) for one in standing if one.status != MilestoneStatus.OPEN]


def standing_stages(page: ContractPage) -> list[Stage]:
    """The plan as it is now: of the open text before the signing, of the milestones after it."""
    if not page.signed:
        return plan_rules.from_json(page.version.plan) if page.version else []
    return [stage_of(row.milestone) for row in page.milestones if row.milestone.status != MilestoneStatus.DROPPED]


def stage_of(milestone: Milestone) -> Stage:
    """A milestone as a plan states it."""
    return Stage(milestone.n, milestone.name, milestone.deliverables, milestone.amount, milestone.due_wd)


def allowed(judge: Callable[..., Any], *facts: Any, **named: Any) -> bool:
    """Does the rule let this through?"""
    try:
        judge(*facts, **named)
    except Refused:
        return False
    return True


def _side(contract: Contract, reader: Organisation | None) -> str:
    if reader is None:
        return ""
    if reader.pk == contract.buyer_id:
        return Side.BUYER
    if reader.pk == contract.agency_id:
        return Side.AGENCY
    return Side.REGULATOR if reader.kind == Kind.REGULATOR else ""


def _version_row(version: Version, private: bool) -> VersionRow:
    confirmed = [(one.get_side_display(), one.at) for one in version.confirmations.all()]
    return VersionRow(version, confirmed, private or not version.change or version.published)


def _version_to_show(versions: Sequence[VersionRow], wanted: int | None) -> Version | None:
    """The text asked for; else the last that was signed and may be read, else the last that may be."""
    readable = [row.version for row in versions if row.readable]
    if asked := [one for one in readable if one.number == wanted]:
        return asked[0]
    signed = [one for one in readable if one.status == VersionStatus.SIGNED]
    found = signed or readable
    return found[-1] if found else None


def _milestone_row(contract: Contract, milestone: Milestone, side: str) -> MilestoneRow:
    deliveries = list(milestone.deliveries.all())
    extensions = list(milestone.extensions.all())
    accepted = sum(one.accepted for one in deliveries)
    return MilestoneRow(
        milestone, deliveries, extensions, accepted, _milestone_doors(contract, milestone, deliveries, extensions, side)
    )


def _milestone_doors(
    contract: Contract, milestone: Milestone, deliveries: list[Delivery], extensions: list[Extension], side: str
) -> tuple[str, ...]:
    status, own = ContractStatus(contract.status), MilestoneStatus(milestone.status)
    asked = any(one.status == ExtensionStatus.ASKED for one in extensions)
    last = deliveries[-1] if deliveries else None
    found = []
    if side == Side.AGENCY and allowed(delivery_rules.judge_delivery, status, own, files=1):
        found.append("deliver")
    if side == Side.AGENCY and allowed(delivery_rules.judge_extension, status, own, wd=1, asked=asked):
        found.append("extend")
    if own == MilestoneStatus.DELIVERED and last is not None and last.status == DeliveryStatus.WAITING:
        late = side == Side.REGULATOR and allowed(delivery_rules.judge_regulator, last.escalated_at)
        if side == Side.BUYER or late:
            found.append("decide")
    if asked and side in (Side.BUYER, Side.REGULATOR) and _may_answer(extensions[-1], Side(side)):
        found.append("answer")
    return tuple(found)


def _may_answer(extension: Extension, side: Side) -> bool:
    return allowed(
        delivery_rules.judge_extension_answer,
        ExtensionStatus(extension.status),
        side,
        now=database_now(),
        answer_due_at=extension.answer_due_at,
    )


def _doors(contract: Contract, proposal: Version | None, side: str, returnable: int) -> tuple[str, ...]:
    """The doors of the contract as a whole."""
    status = ContractStatus(contract.status)
    found = []
    if side in (Side.BUYER, Side.AGENCY):
        if allowed(signing_rules.judge_open, status, ContractStatus.DRAFTED):
            found.append("propose")
        elif proposal is None and allowed(signing_rules.judge_open, status, ContractStatus.SIGNED):
            found.append("change")
        found += _proposal_doors(status, proposal, Side(side))
    if side == Side.BUYER and allowed(
        signing_rules.judge_passing_over,
        status,
        due_at=contract.sign_due_at,
        now=database_now(),
        agency_confirmed=_has_confirmed(proposal, Side.AGENCY),
    ):
        found.append("pass_over")
    if side == Side.AGENCY and returnable:
        found.append("return")
    return tuple(found)


def _proposal_doors(status: ContractStatus, proposal: Version | None, side: Side) -> list[str]:
    if proposal is None:
        return []
    found = []
    if allowed(
        signing_rules.judge_confirm,
        status,
        VersionStatus(proposal.status),
        expected=proposal.sha256,
        sha256=proposal.sha256,
        confirmed={one.side for one in proposal.confirmations.all()},
        side=side,
    ):
        found.append("confirm")
    if proposal.change:
        found.append("withdraw" if proposal.proposed_by == side else "refuse")
    return found


def _has_confirmed(proposal: Version | None, side: Side) -> bool:
    return proposal is not None and any(one.side == side for one in proposal.confirmations.all())
