"""The work of a told contract: handed in, accepted, returned, silent buyers, and more time."""

from datetime import datetime, timedelta

from contracts import entries
from contracts.actions.duties import SOON
from contracts.models import (
    Delivery,
    DeliveryFile,
    DeliveryStatus,
    Extension,
    ExtensionStatus,
    Milestone,
    MilestoneStatus,
    ReturnReason,
    Side,
)
from contracts.rules import delivery as rules
from demo.dossier import Dossier, Step
from demo.payments import Payments

_LATE, _SILENT, _RETURNED, _PARTLY, _CONFIDENTIAL, _MORE_TIME = 0.08, 0.03, 0.08, 0.04, 0.15, 0.06
_BECAUSE = ("涉及商业秘密", "含未公开的基础地理信息")
_NOTES = ("按合同约定提交本期成果。", "成果已经内部三级校审，请予验收。", "")
_DELAYS = ("现场踏勘受降雪影响推迟。", "委托方基础资料补充提供较晚。", "评审会因专家日程调整顺延。")
_SHORT = {
    ReturnReason.QUALITY: "计算过程与结论不一致，请复核后重新提交。",
    ReturnReason.INCOMPLETE: "缺少附图和专家评审意见，请补齐。",
    ReturnReason.OTHER_SUBJECT: "评价范围与合同约定不一致，请调整。",
    ReturnReason.FORM: "封面未加盖公章，签字页不全。",
}
_FINE = ("成果完整，符合合同约定。", "同意验收。", "")


class Deliveries:
    """What becomes of each milestone."""

    def __init__(self, dossier: Dossier, money: Payments) -> None:
        self._d, self._money = dossier, money
        self._made: dict[int, list[Delivery]] = {}

    def begin(self, at: datetime, milestone: Milestone) -> None:
        """The contract is signed: the work begins."""
        d = self._d
        self._made[milestone.pk] = []
        self._watch(at, milestone)
        wd = max(1, round(milestone.due_wd * d.rng.uniform(0.55, 0.98)))
        if d.staged:
            wd = milestone.n
        elif d.happens(_LATE):
            wd = milestone.due_wd + d.rng.randint(1, 9)
        elif d.happens(_MORE_TIME):
            more = d.rng.randint(3, 10)
            d.agenda.after(at, max(0, milestone.due_wd - 4), lambda then: self._ask(then, milestone, more))
            wd = milestone.due_wd + more - 1
        d.agenda.after(at, wd, lambda then: self._deliver(then, milestone))

    def _watch(self, at: datetime, milestone: Milestone) -> None:
        """Its date is called to mind when it is near."""
        self._d.agenda.at(max(at, milestone.due_at - SOON), lambda then: self._remind(then, milestone))

    def _remind(self, at: datetime, milestone: Milestone) -> None:
        if not self._open(milestone) or milestone.reminded_at is not None:
            return
        if milestone.due_at > at + SOON:
            self._watch(at, milestone)
        else:
            milestone.reminded_at = at

    def _open(self, milestone: Milestone) -> bool:
        return self._d.in_force and milestone.status == MilestoneStatus.OPEN

    def _deliver(self, at: datetime, milestone: Milestone) -> None:
        d, made = self._d, self._made[milestone.pk]
        if not self._open(milestone) or d.stops(Step.DELIVER):
            return
        due_at = d.scene.calendar.add(at, d.scene.numbers.acceptance_wd)
        delivery = Delivery(
            milestone=milestone,
            version=len(made) + 1,
            note=d.rng.choice(_NOTES),
            delivered_by_id=d.player.user,
            delivered_at=at,
            due_at=due_at,
        )
        made.append(d.keep(delivery))
        files = self._files(delivery)
        milestone.status = MilestoneStatus.DELIVERED
        d.note(at, entries.delivered(delivery, files, due_at, late=at > milestone.due_at))
        d.agenda.at(due_at, lambda then: self._silent(then, delivery))
        if d.stop is not Step.JUDGE and not d.happens(_SILENT):
            d.agenda.after(at, d.workdays(1, 8), lambda then: self._decide(then, delivery, Side.BUYER))

    def _files(self, delivery: Delivery) -> list[dict[str, object]]:
        d, papers = self._d, self._d.scene.papers
        name = delivery.milestone.name[:60]
        handed = [(papers.report, f"{name}.pdf", "")]
        if d.rng.random() < 0.5:
            handed.append((papers.drawing, "附图.pdf", ""))
        if d.rng.random() < _CONFIDENTIAL:
            handed.append((papers.raw, "原始数据.pdf", d.rng.choice(_BECAUSE)))
        for file, called, because in handed:
            kept = DeliveryFile(
                delivery=delivery, file=file, name=called, confidential=bool(because), confidential_because=because
            )
            d.keep(kept)
        return [entries.file(called, file.sha256, file.size, because) for file, called, because in handed]

    def _silent(self, at: datetime, delivery: Delivery) -> None:
        """The buyer says nothing: reminded first, then it goes to the regulator."""
        d = self._d
        if delivery.status != DeliveryStatus.WAITING or delivery.milestone.status == MilestoneStatus.DROPPED:
            return
        if delivery.reminded_at is None:
            next_at = d.scene.calendar.add(at, d.scene.numbers.reminder_wd)
            delivery.reminded_at, delivery.due_at = at, next_at
            d.note(at, entries.reminded(delivery, next_at))
            d.agenda.at(next_at, lambda then: self._silent(then, delivery))
            if d.happens(0.45):
                d.agenda.after(at, 1, lambda then: self._decide(then, delivery, Side.BUYER))
        else:
            delivery.escalated_at, delivery.due_at = at, None
            d.note(at, entries.escalated(delivery))
            if not d.stops(Step.JUDGE):
                wd = d.rng.randint(2, 5)
                d.agenda.after(at, wd, lambda then: self._decide(then, delivery, Side.REGULATOR))

    def _decide(self, at: datetime, delivery: Delivery, side: Side) -> None:
        d, milestone = self._d, delivery.milestone
        if delivery.status != DeliveryStatus.WAITING or d.stops(Step.ACCEPT):
            return
        verdict, amount, reason = self._verdict(delivery)
        opinion = _SHORT[reason] if reason else d.rng.choice(_FINE)
        left = self._left(milestone)
        accepted = rules.judge_verdict(
            DeliveryStatus.WAITING, verdict, left=left, amount=amount, reason=str(reason or ""), opinion=opinion
        )
        delivery.status, delivery.accepted, delivery.opinion = verdict, accepted, opinion
        d.accepted[milestone.pk] += accepted
        delivery.return_reason = str(reason or "")
        delivery.decided_by_id = d.buyer.user if side == Side.BUYER else d.scene.regulator
        delivery.decided_at, delivery.decided_as, delivery.due_at = at, side, None
        milestone.status = MilestoneStatus.ACCEPTED if accepted == left else MilestoneStatus.OPEN
        d.note(at, entries.decided(delivery))
        if accepted:
            self._money.fall_due(at, delivery)
        if milestone.status == MilestoneStatus.OPEN:
            self._watch(at, milestone)
            d.agenda.after(at, d.workdays(2, 8), lambda then: self._deliver(then, milestone))

    def _verdict(self, delivery: Delivery) -> tuple[DeliveryStatus, int, ReturnReason | None]:
        """Mostly fine; a first version is sometimes returned, or accepted in part."""
        d, left = self._d, self._left(delivery.milestone)
        first = delivery.version == 1
        reason = d.rng.choice(list(ReturnReason))
        if d.happens(_RETURNED if first else _RETURNED / 3):
            return DeliveryStatus.RETURNED, 0, reason
        if first and left > 1_000_00 and d.happens(_PARTLY):
            return DeliveryStatus.PARTLY, left * d.rng.randint(4, 8) // 1_000 * 100, reason
        return DeliveryStatus.ACCEPTED, 0, None

    def _left(self, milestone: Milestone) -> int:
        return milestone.amount - self._d.accepted[milestone.pk]

    def _ask(self, at: datetime, milestone: Milestone, wd: int) -> None:
        """The agency asks for more time; who answers, and what, follows."""
        d = self._d
        if not self._open(milestone):
            return
        extension = Extension(
            milestone=milestone,
            wd=wd,
            reason=d.rng.choice(_DELAYS),
            asked_at=at,
            answer_due_at=d.scene.calendar.add(at, d.scene.numbers.extension_answer_wd),
        )
        d.keep(extension)
        d.note(at, entries.extension_asked(extension))
        if d.happens(0.2):
            later = extension.answer_due_at + timedelta(minutes=1)
            d.agenda.after(later, 1, lambda then: self._answer(then, extension, Side.REGULATOR))
        else:
            d.agenda.after(at, d.rng.randint(0, 3), lambda then: self._answer(then, extension, Side.BUYER))

    def _answer(self, at: datetime, extension: Extension, side: Side) -> None:
        d, milestone = self._d, extension.milestone
        if at < extension.answer_due_at and side == Side.REGULATOR:
            return
        granted = d.rng.random() < 0.8
        extension.status = ExtensionStatus.GRANTED if granted else ExtensionStatus.REFUSED
        extension.answer = "情况属实，同意延期。" if granted else "所述情况在签订前已知，不同意延期。"
        extension.answered_at, extension.answered_as = at, side
        if granted:
            milestone.extended_wd += extension.wd
            milestone.due_at = d.scene.calendar.add(milestone.due_at, extension.wd)
        d.note(at, entries.extension_answered(extension))
