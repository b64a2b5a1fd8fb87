"""Objection, answer, complaint, decision (R5.9), and what follows when an award falls. Plain values in, verdict out."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum, auto

from django.utils.translation import gettext_lazy as _

from bidding.models import ObjectionStatus
from core.errors import Refused
from journal.awards.outcome import Place


class Step(Enum):
    """What can be done with an objection."""

    ANSWER = auto()
    COMPLAIN = auto()
    EXTEND = auto()
    DECIDE = auto()
    WITHDRAW = auto()


class StandstillOver(Refused):
    """Objections are taken while the award stands open to them, by the database's clock."""

    code = "E_STANDSTILL_OVER"
    basis = ("R5.9",)
    message = _("公示期已结束或结果尚未公布，不能再提出异议")


class NotAnEntrant(Refused):
    """Whoever took part and did not win may object."""

    code = "E_NOT_AN_ENTRANT"
    basis = ("R5.9", "P19.4")
    message = _("只有参加本次选取且未中选的机构可以提出异议")
    fix = _("公众可向监管部门反映情况")


class ObjectionPending(Refused):
    """One objection at a time for each party."""

    code = "E_OBJECTION_PENDING"
    basis = ("R5.9",)
    message = _("贵机构的异议正在处理中")


class NotYourTurn(Refused):
    """The step belongs to somebody else."""

    code = "E_NOT_YOUR_TURN"
    basis = ("R5.9",)
    message = _("这一步由其他单位办理")


class StepNotDue(Refused):
    """The objection is past this step or not yet there; perhaps somebody was faster."""

    code = "E_OBJECTION_STEP"
    basis = ("R5.9",)
    message = _("该异议目前为“%(status)s”，不能进行此操作；可能他人已先办理")
    fix = _("刷新页面查看最新进展")


class PartyDecides(Refused):
    """Nobody decides a case that he opened or is party to (I9)."""

    code = "E_PARTY_DECIDES"
    basis = ("I9", "P20.9")
    message = _("不得裁决自己发起或参与的案件")
    fix = _("由其他监管人员办理")


class TextMissing(Refused):
    """Every step says why."""

    code = "E_TEXT_MISSING"
    basis = ("R5.9",)
    field = "text"
    message = _("请写明理由")


class NotTheWinner(Refused):
    """Only the winner can decline, and only while the award stands."""

    code = "E_NOT_THE_WINNER"
    basis = ("R5.9",)
    message = _("只有中选机构可以放弃中选，且须在签约前")


def judge_step(
    step: Step, status: ObjectionStatus, *, now: datetime, due_at: datetime | None, extended: bool = False
) -> None:
    """Raise StepNotDue unless `step` may be taken from `status` at `now`."""
    unanswered = status == ObjectionStatus.FILED and due_at is not None and now >= due_at
    allowed = {
        Step.ANSWER: status == ObjectionStatus.FILED,
        Step.COMPLAIN: status == ObjectionStatus.ANSWERED or unanswered,
        Step.EXTEND: status == ObjectionStatus.COMPLAINED and not extended,
        Step.DECIDE: status == ObjectionStatus.COMPLAINED,
        Step.WITHDRAW: status in (ObjectionStatus.FILED, ObjectionStatus.ANSWERED),
    }
    if not allowed[step]:
        raise StepNotDue(status=str(status.label))


def judge_decider(decider: int, parties: Collection[int | None]) -> None:
    """Raise PartyDecides if the person, or their organisation, is among the parties (I9)."""
    if decider in parties:
        raise PartyDecides()


def next_in_rank(ranking: Sequence[Place], fallen: Collection[str], price: int, percent: int) -> Place | None:
    """Who follows when the awards of `fallen` labels fell: the best of the rest, if within `percent` of `price` (fen)."""
    rest = [place for place in ranking if place.label not in fallen]
    if not rest or rest[0].amount * 100 > price * percent:
        return None
    return rest[0]
