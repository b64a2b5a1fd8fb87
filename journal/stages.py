"""The course of a draw: what may happen when (R4). Values and `now` in, verdict out.

Contributions until T, then list and contributions are sealed, then contributors reveal, after ten minutes the trustees
open the rest, and when all is open the draw is made. There is no way back and nothing is run again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from core.clock import BEIJING
from core.errors import Refused
from journal.contributions import Contribution

REVEAL_FOR = timedelta(minutes=10)


class Stage(StrEnum):
    """Where a draw is; the order of the members is the order in time."""

    CONTRIBUTING = "contributing"
    CLOSED = "closed"
    REVEALING = "revealing"
    FORCING = "forcing"
    OPENED = "opened"
    DRAWN = "drawn"


class ContributionsClosed(Refused):
    """Nobody contributes to a draw after its close."""

    code = "E_DRAW_CLOSED"
    basis = ("R4",)
    message = _("随机抽取的随机数提交已于 %(closed_at)s 截止")


class ContributedBefore(Refused):
    """Each contributes once; what is committed to cannot be exchanged."""

    code = "E_DRAW_CONTRIBUTED"
    basis = ("R4",)
    message = _("您已提交过随机数，提交后不能更换")


class NotYetClosed(Refused):
    """List and contributions are sealed after the close, not before."""

    code = "E_DRAW_NOT_CLOSED"
    basis = ("R4",)
    message = _("随机数提交至 %(closes_at)s 截止，此前不能封存名单")


class CompulsoryContributionMissing(Refused):
    """Without the contribution of each compulsory party nothing is sealed, and so nothing opened."""

    code = "E_DRAW_COMPULSORY"
    basis = ("R4",)
    message = _("%(missing)s 未在截止前提交随机数，本次抽取不能封存")
    fix = _("名单尚未开启，可另定截止时间重新发起抽取")


class NothingToWaitFor(Refused):
    """The close is put off only while a compulsory contribution is missing, and only to a later moment."""

    code = "E_DRAW_NOTHING_MISSING"
    basis = ("R4",)
    message = _("必须提交的随机数均已提交，不得延长征集时间")


class SealedBefore(Refused):
    """The list is sealed once."""

    code = "E_DRAW_SEALED"
    basis = ("R4",)
    message = _("抽取名单已封存，不能更改")


class NotYetSealed(Refused):
    """Nothing is opened before the list and all contributions are sealed."""

    code = "E_DRAW_NOT_SEALED"
    basis = ("R4",)
    message = _("名单和随机数尚未封存，暂不能公开随机数")


class NoContribution(Refused):
    """Only what was contributed before the close is opened."""

    code = "E_DRAW_NO_CONTRIBUTION"
    basis = ("R4",)
    message = _("截止前没有该方提交的随机数")


class OpenedBefore(Refused):
    """A contribution is opened once."""

    code = "E_DRAW_OPENED"
    basis = ("R4",)
    message = _("该随机数已经公开")


class NonceUnfit(Refused):
    """What is revealed is what was committed to."""

    code = "E_DRAW_NONCE"
    basis = ("R4",)
    message = _("公开的随机数与提交时的承诺不符")
    fix = _("请提交当时生成的随机数；逾期未公开的，由保管人强制开启")


class ForcedTooEarly(Refused):
    """The trustees open what is left only after contributors had their time."""

    code = "E_DRAW_FORCED_EARLY"
    basis = ("R4",)
    message = _("%(from_at)s 之后保管人才能强制开启未公开的随机数")


class StillShut(Refused):
    """Nothing is drawn while a contribution is shut or the public beacon not out: none is ever dropped."""

    code = "E_DRAW_SHUT"
    basis = ("R4",)
    message = _("还有 %(left)s 项随机数未公开，暂不能抽取")
    fix = _("等待保管人开启；不得略去未公开的随机数，也不得重新抽取")


class DrawnBefore(Refused):
    """A draw is made once and never run again."""

    code = "E_DRAWN"
    basis = ("R4",)
    message = _("抽取结果已产生，不得重新抽取")


@dataclass(frozen=True)
class Course:
    """What has happened in a draw. `beacon_at`: when the public beacon's value appears, fixed beforehand and after the close."""

    closes_at: datetime
    compulsory: frozenset[str]
    contributed: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    sealed_at: datetime | None = None
    drawn_at: datetime | None = None
    beacon_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.beacon_at is not None and self.beacon_at <= self.closes_at:
            raise ValueError("a beacon known before the close is none")

    @property
    def shut(self) -> frozenset[str]:
        """Whose contributions are still to be opened."""
        return self.contributed - self.opened


def stage(course: Course, now: datetime) -> Stage:
    """Where the draw is now."""
    if course.drawn_at is not None:
        return Stage.DRAWN
    if course.sealed_at is None:
        return Stage.CONTRIBUTING if now < course.closes_at else Stage.CLOSED
    if not course.shut:
        return Stage.OPENED
    return Stage.REVEALING if now < course.sealed_at + REVEAL_FOR else Stage.FORCING


def judge_contribution(course: Course, identity: str, now: datetime) -> None:
    """Raise Refused unless this party may contribute now."""
    if stage(course, now) != Stage.CONTRIBUTING:
        raise ContributionsClosed(closed_at=_day_and_time(course.closes_at))
    if identity in course.contributed:
        raise ContributedBefore()


def judge_extension(course: Course, closes_at: datetime) -> None:
    """Raise Refused unless the close may be put off: something compulsory is missing, and nothing is sealed."""
    if course.sealed_at is not None:
        raise SealedBefore()
    if closes_at <= course.closes_at or course.compulsory <= course.contributed:
        raise NothingToWaitFor()


def judge_seal(course: Course, now: datetime) -> None:
    """Raise Refused unless list and contributions may be sealed now."""
    if course.sealed_at is not None:
        raise SealedBefore()
    if now < course.closes_at:
        raise NotYetClosed(closes_at=_day_and_time(course.closes_at))
    if missing := sorted(course.compulsory - course.contributed):
        raise CompulsoryContributionMissing(missing="、".join(missing))


def judge_reveal(course: Course, contribution: Contribution, r: bytes) -> None:
    """Raise Refused unless its contributor may open it with these bytes; late is allowed, for the same bytes count."""
    _judge_opening(course, contribution.identity)
    if not contribution.fits(r):
        raise NonceUnfit()


def judge_forced_opening(course: Course, identity: str, now: datetime) -> None:
    """Raise Refused unless the trustees may give their shares of this contribution now."""
    sealed_at = _judge_opening(course, identity)
    if now < sealed_at + REVEAL_FOR:
        raise ForcedTooEarly(from_at=_day_and_time(sealed_at + REVEAL_FOR))


def judge_draw(course: Course, now: datetime) -> None:
    """Raise Refused unless the draw may be made now: once, with everything open and the beacon out."""
    if course.drawn_at is not None:
        raise DrawnBefore()
    if course.sealed_at is None:
        raise NotYetSealed()
    waiting = len(course.shut) + (course.beacon_at is not None and now < course.beacon_at)
    if waiting:
        raise StillShut(left=waiting)


def _judge_opening(course: Course, identity: str) -> datetime:
    """When the list was sealed; raises Refused unless there is something of this party to open."""
    if course.sealed_at is None:
        raise NotYetSealed()
    if identity not in course.contributed:
        raise NoContribution()
    if identity in course.opened:
        raise OpenedBefore()
    return course.sealed_at


def _day_and_time(moment: datetime) -> str:
    """Beijing time with its day: a draw may close on another day than it is looked at."""
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
