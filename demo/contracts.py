"""What followed an award of the past: drafted, negotiated, confirmed, changed now and then, and all that hangs on it."""

from collections.abc import Sequence
from datetime import datetime

from contracts import annex, entries, wording
from contracts.actions.texts import facts_of
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
from contracts.rules.plan import Stage
from demo.changes import Changes
from demo.deliveries import Deliveries
from demo.dossier import Dossier, Step
from demo.payments import Payments
from marketplace.models import RequestStatus

_NEGOTIATED, _SLOW = 0.5, 0.05
_PARTS = (
    (("成果初稿", 40), ("报批稿", 60)),
    (("中期成果", 50), ("最终成果", 50)),
    (("工作方案与资料收集", 30), ("成果初稿", 40), ("报批稿", 30)),
)
_TERMS = (
    "甲方应于签订后及时提供基础资料，并协调现场踏勘。",
    "报批稿须附专家评审意见及逐条修改说明。",
    "成果文件同时提供可编辑的电子版一份。",
)


class Deal:
    """The contract of one final award, told up to now."""

    def __init__(self, dossier: Dossier) -> None:
        self._d = dossier
        # How many texts there are, and who has confirmed the one that is open.
        self._texts, self._confirmed = 0, list[Side]()
        self._money = Payments(dossier)
        self._work = Deliveries(dossier, self._money)
        self._changes = Changes(dossier, self._new_version, self._confirm)

    def tell(self, final_at: datetime) -> None:
        """Everything from the draft on; rows and entries are kept in the dossier's books and case file."""
        self._d.agenda.at(final_at, self._draft)
        self._d.agenda.run()

    def _draft(self, at: datetime) -> None:
        d, request = self._d, self._d.request
        request.region = d.scene.regions[request.region_id]
        d.award.request = request
        d.contract = contract = Contract(
            award=d.award,
            buyer=request.buyer,
            agency=d.player.organisation,
            payer=request.payer,
            budget_line=request.budget_line,
            government=request.government,
            price=d.award.amount,
            ruleset=d.scene.numbers.id,
            salt=d.rng.randbytes(32),
            drafted_at=at,
            sign_due_at=d.scene.calendar.add(at, d.scene.numbers.sign_wd),
        )
        d.keep(contract)
        d.note(at, entries.drafted(contract, d.scene.numbers))
        whole = plan.whole(
            request.item.name_zh[:80], request.deliverables[:1000], contract.price, request.term_workdays
        )
        self._new_version(at, whole)
        d.note(at, entries.proposed(self._open))
        d.agenda.at(contract.sign_due_at, self._unsigned)
        patience = d.rng.randint(8, 16) if d.happens(_SLOW) else d.workdays(0, 4)
        d.agenda.after(at, patience, self._propose if d.happens(_NEGOTIATED) else self._first)

    def _propose(self, at: datetime) -> None:
        """The agency, mostly, asks for parts; what it proposes it has confirmed."""
        d = self._d
        side = Side.AGENCY if d.rng.random() < 0.8 else Side.BUYER
        terms = d.rng.choice(_TERMS) if d.rng.random() < 0.4 else ""
        stages = self._parts()
        plan.judge_plan(stages, d.contract.price, d.scene.numbers)
        plan.judge_public(terms, *(stage.deliverables + stage.name for stage in stages))
        version = self._new_version(at, stages, terms, by=side)
        d.note(at, entries.proposed(version))
        self._confirm(at, version, side)
        other = Side.BUYER if side == Side.AGENCY else Side.AGENCY
        d.agenda.after(at, d.workdays(0, 3), lambda then: self._second(then, other))

    def _first(self, at: datetime) -> None:
        d = self._d
        if d.stops(Step.CONFIRM):
            return
        first, second = d.rng.choice(((Side.BUYER, Side.AGENCY), (Side.AGENCY, Side.BUYER)))
        self._confirm(at, self._open, first)
        d.agenda.after(at, d.workdays(0, 3), lambda then: self._second(then, second))

    def _second(self, at: datetime, side: Side) -> None:
        version = self._open
        self._confirm(at, version, side)
        self._sign(at, version)

    def _sign(self, at: datetime, version: Version) -> None:
        d, contract = self._d, self._d.contract
        d.milestones = [
            d.keep(Milestone(contract=contract, due_at=d.scene.calendar.add(at, stage.due_wd), **stage.as_json()))
            for stage in plan.from_json(version.plan)
        ]
        contract.status, contract.signed_at = ContractStatus.SIGNED, at
        version.status, d.proposal = VersionStatus.SIGNED, None
        d.request.status = RequestStatus.CONTRACTED
        d.note(at, entries.signed(version, d.milestones))
        d.post(at, MovementKind.SIGNED, ledger.signed(contract.price))
        for milestone in d.milestones:
            self._work.begin(at, milestone)
        self._changes.begin(at)

    def _unsigned(self, at: datetime) -> None:
        contract = self._d.contract
        if contract.status == ContractStatus.DRAFTED:
            contract.sign_overdue_noted_at = at
            missing = [side for side in (Side.BUYER, Side.AGENCY) if side not in self._confirmed]
            self._d.note(at, entries.unsigned(missing))

    @property
    def _open(self) -> Version:
        assert self._d.proposal is not None
        return self._d.proposal

    def _confirm(self, at: datetime, version: Version, side: Side) -> None:
        d = self._d
        user = d.buyer.user if side == Side.BUYER else d.player.user
        d.keep(Confirmation(version=version, side=side, by_id=user, at=at))
        self._confirmed.append(side)
        d.note(at, entries.confirmed(version, side))

    def _new_version(
        self, at: datetime, stages: Sequence[Stage], terms: str = "", *, by: str = "", change: int = 0, reason: str = ""
    ) -> Version:
        """As `contracts.actions.texts.new_version` makes it; `change` counts from 1."""
        d, contract = self._d, self._d.contract
        if d.proposal is not None:
            d.proposal.status = VersionStatus.SUPERSEDED
        private = annex.annex_with(contract, d.player.account)
        facts = facts_of(contract, stages, terms, annex.commitment(bytes(contract.salt), private), change, reason)
        body = wording.chinese(facts)
        text = wording.as_text(body)
        self._texts += 1
        version = Version(
            contract=contract,
            number=self._texts,
            change=bool(change),
            proposed_by=by,
            proposer_id={Side.BUYER: d.buyer.user, Side.AGENCY: d.player.user}.get(Side(by)) if by else None,
            proposed_at=at,
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
        self._confirmed = []
        d.proposal = d.keep(version)
        return version

    def _parts(self) -> list[Stage]:
        """Two or three parts that add up; the last has what the notice asked for."""
        d, price, term = self._d, self._d.contract.price, self._d.request.term_workdays
        parts = d.rng.choice(_PARTS)
        stages, left = [], price
        for n, (name, percent) in enumerate(parts, 1):
            last = n == len(parts)
            amount = left if last else price * percent // 10_000 * 100
            left -= amount
            deliverables = d.request.deliverables[:1000] if last else ""
            stages.append(Stage(n, name, deliverables, amount, max(n, round(term * n / len(parts)))))
        return stages
