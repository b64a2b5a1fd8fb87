"""Changes of a told contract: a little dearer, much dearer, more time, or everything given up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum, auto
from typing import Any

from contracts import entries
from contracts.models import (
    ContractStatus,
    Milestone,
    MilestoneStatus,
    MovementKind,
    Side,
    Version,
    VersionStatus,
)
from contracts.rules import ledger, plan, signing
from contracts.rules.plan import Stage
from core.errors import Refused
from demo.dossier import Dossier
from marketplace.models import RequestStatus

_CHANGED, _REFUSED = 0.07, 0.15


class _Wish(Enum):
    A_LITTLE = auto()
    MUCH = auto()
    TIME = auto()
    THE_END = auto()


_LIKELY = {_Wish.A_LITTLE: 7, _Wish.MUCH: 2, _Wish.TIME: 2, _Wish.THE_END: 1}
_WHY = {
    _Wish.A_LITTLE: "评审要求补充一项监测内容，双方协商增加相应费用。",
    _Wish.MUCH: "项目线路调整，工作范围增加一个区段，双方协商增加费用。",
    _Wish.TIME: "主体工程设计方案调整，成果须在新方案确定后完成。",
    _Wish.THE_END: "项目立项未获批准，不再需要该项服务，双方协商解除合同。",
}


class Changes:
    """Proposed by one side, confirmed or refused by the other."""

    def __init__(
        self, dossier: Dossier, write: Callable[..., Version], confirm: Callable[[datetime, Version, Side], None]
    ) -> None:
        self._d, self._write, self._confirm = dossier, write, confirm
        self._signed = 0

    def begin(self, at: datetime) -> None:
        """The contract is signed; some are changed before the work is done."""
        d = self._d
        if not d.happens(_CHANGED):
            return
        wish = d.rng.choices(list(_LIKELY), list(_LIKELY.values()))[0]
        soon = wish is _Wish.THE_END
        last = d.milestones[-1].due_wd
        wd = d.rng.randint(0, 1) if soon else d.rng.randint(1, max(1, last // 2))
        d.agenda.after(at, wd, lambda then: self._propose(then, wish))

    def _propose(self, at: datetime, wish: _Wish) -> None:
        d, stages = self._d, self._wanted(wish)
        if not d.in_force or not self._may_be(stages):
            return
        side = Side.BUYER if wish is _Wish.THE_END or d.rng.random() < 0.4 else Side.AGENCY
        version = self._write(at, stages, by=side, change=self._signed + 1, reason=_WHY[wish])
        d.note(at, entries.proposed(version))
        self._confirm(at, version, side)
        other = Side.AGENCY if side == Side.BUYER else Side.BUYER
        wd = d.rng.randint(0, 1) if wish is _Wish.THE_END else d.rng.randint(0, 4)
        d.agenda.after(at, wd, lambda then: self._answer(then, version, other))

    def _wanted(self, wish: _Wish) -> list[Stage]:
        """The plan after the change; what is under way stays as it is."""
        d = self._d
        if wish is _Wish.THE_END:
            return []
        stages = [_stage(one) for one in d.milestones if one.status != MilestoneStatus.DROPPED]
        last = stages[-1]
        match wish:
            case _Wish.TIME:
                stages[-1] = replace(last, due_wd=last.due_wd + max(2, last.due_wd * d.rng.randint(20, 50) // 100))
            case _:
                percent = d.rng.randint(2, 6) if wish is _Wish.A_LITTLE else d.rng.randint(13, 20)
                stages[-1] = replace(last, amount=last.amount + d.contract.price * percent // 10_000 * 100)
        return stages

    def _may_be(self, stages: Sequence[Stage]) -> bool:
        """As the real action judges it, when it is proposed and again when it is confirmed."""
        d = self._d
        standing = [one for one in d.milestones if one.status != MilestoneStatus.DROPPED]
        untouched = [_stage(one) for one in standing if one.status != MilestoneStatus.OPEN]
        begun = {one.n: d.accepted[one.pk] for one in standing if one.status == MilestoneStatus.OPEN}
        try:
            plan.judge_plan(stages, sum(stage.amount for stage in stages), d.scene.numbers, least=0)
            plan.judge_kept(untouched, {n: amount for n, amount in begun.items() if amount}, stages)
        except Refused:
            return False
        return True

    def _answer(self, at: datetime, version: Version, side: Side) -> None:
        d = self._d
        if version.status != VersionStatus.OPEN:
            return
        if not self._may_be(plan.from_json(version.plan)):
            version.status, d.proposal = VersionStatus.WITHDRAWN, None
            d.note(at, entries.withdrawn(version))
        elif version.plan and d.happens(_REFUSED):
            version.status, d.proposal = VersionStatus.REFUSED, None
            version.answer = "所述内容已包含在原合同范围内，不同意变更。"
            d.note(at, entries.refused(version, side))
        else:
            self._confirm(at, version, side)
            self._apply(at, version)

    def _apply(self, at: datetime, version: Version) -> None:
        d, contract = self._d, self._d.contract
        before, stages = contract.price, plan.from_json(version.plan)
        standing = [one.due_wd for one in d.milestones if one.status != MilestoneStatus.DROPPED]
        version.published = signing.is_published(
            d.scene.numbers,
            earlier_changes=self._signed,
            price=(before, version.price),
            time_wd=(max(standing, default=0), max((stage.due_wd for stage in stages), default=0)),
        )
        version.status, d.proposal = VersionStatus.SIGNED, None
        self._signed += 1
        self._replace({stage.n: stage for stage in stages})
        contract.price = version.price
        if not stages:
            contract.status = ContractStatus.TERMINATED
        if version.price != before:
            d.post(at, MovementKind.CHANGED, ledger.changed(version.price - before), reason=version.reason)
        left = [one for one in d.milestones if one.status != MilestoneStatus.DROPPED]
        d.note(at, entries.changed(version, before, left))
        if contract.status == ContractStatus.TERMINATED:
            d.request.status = RequestStatus.FAILED
            d.note(at, entries.terminated())

    def _replace(self, wanted: dict[int, Stage]) -> None:
        d = self._d
        assert d.contract.signed_at is not None
        for milestone in d.milestones:
            stage = wanted.get(milestone.n)
            if stage is None:
                milestone.status = MilestoneStatus.DROPPED
            elif _stage(milestone) != stage:
                values: dict[str, Any] = stage.as_json()
                milestone.amount, milestone.due_wd = values["amount"], values["due_wd"]
                wd = stage.due_wd + milestone.extended_wd
                milestone.due_at = d.scene.calendar.add(d.contract.signed_at, wd)


def _stage(milestone: Milestone) -> Stage:
    return Stage(milestone.n, milestone.name, milestone.deliverables, milestone.amount, milestone.due_wd)
