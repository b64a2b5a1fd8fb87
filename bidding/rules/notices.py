"""Between publication and selection (R3): who may change, ask and answer until when, and what holds the deadline.

Plain values in, verdict out. What bounds the delay: questions are taken until `asking_ends`, which holds and answers never
move; after that each hold is one of `holds_most`, and the one last answer adds `answer_wd`. Only a change, of which there
are `changes_most`, and the one extension for too few entrants begin all this anew.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext_lazy as _

from core.clock import BEIJING, to_milliseconds
from core.errors import Refused
from core.private import private_words
from core.workdays import Calendar
from marketplace.models import RequestStatus
from marketplace.rulesets import Notice


class NoticeIsOver(Refused):
    """After the deadline by the database's clock, or once the selection has begun, nothing of a request changes."""

    code = "E_NOTICE_OVER"
    basis = ("R3", "P19.4")
    message = _("报名已经截止或需求已经结束，公告不能再变更，问题也不能再答复")


class FixedAtPublication(Refused):
    """Buyer, item, method, payer, budget line and kind of money are fixed when the request is published."""

    code = "E_FIXED_AT_PUBLICATION"
    basis = ("R3", "P20.7")
    message = _("公告发布后，采购人、服务事项、选取方式、付款单位、预算项目和资金性质不能变更：%(fields)s")
    fix = _("确需调整的，撤回需求后重新发布")


class NothingChanged(Refused):
    """The change says what the notice says already."""

    code = "E_NOTHING_CHANGED"
    basis = ("R3",)
    message = _("没有任何变更")


class TooManyChanges(Refused):
    """A notice that keeps changing is no notice."""

    code = "E_TOO_MANY_CHANGES"
    basis = ("R3",)
    message = _("同一公告最多变更 %(most)s 次")
    fix = _("撤回需求，改好后重新发布；新公告与本次关联")


class AskingOver(Refused):
    """Questions are taken until some time before the deadline, so that they can be answered."""

    code = "E_ASKING_OVER"
    basis = ("R3",)
    field = "text"
    message = _("提问已于 %(asking_ends)s 截止")


class MayNotAsk(Refused):
    """Who may not take part has nothing to ask, and may hold up nobody."""

    code = "E_MAY_NOT_ASK"
    basis = ("P20.9", "R8")
    message = _("贵机构目前不能参与选取，不能提问")
    fix = _("可在机构页面查看决定书，并申请申诉或信用修复")


class TooManyQuestions(Refused):
    """One agency asks a few questions about one notice; several points may stand in one."""

    code = "E_TOO_MANY_QUESTIONS"
    basis = ("R3",)
    field = "text"
    message = _("每家机构对同一公告最多提 %(most)s 个问题")


class AskedAlready(Refused):
    """The same question stands there already."""

    code = "E_ASKED_ALREADY"
    basis = ("R3",)
    field = "text"
    message = _("同样的问题已经提出（第 %(n)s 问）")


class AnsweredAlready(Refused):
    """An answer is given once, in public; what it should have said is said by a change or to another question."""

    code = "E_ANSWERED_ALREADY"
    basis = ("R3", "P10.1")
    field = "text"
    message = _("第 %(n)s 问已经答复，公开的答复不能再改")
    fix = _("要改变公告内容的，请变更公告")


class TextNotForTheCaseFile(Refused):
    """Questions, answers and reasons are public for ever: no way to reach anybody, no number of a person, no asker's name."""

    code = "E_TEXT_NOT_PUBLIC"
    basis = ("R3", "P10.1")
    field = "text"
    message = _("文字将永久公开，不得含联系方式、个人信息或提问单位名称：%(words)s")
    fix = _("删去这些内容后再提交")


class TextTooLong(Refused):
    """There is something to say, and room for so much."""

    code = "E_TEXT_LENGTH"
    basis = ("R3",)
    field = "text"
    message = _("请填写 1 至 %(most)s 个字")


@dataclass(frozen=True)
class Announced:
    """The newest notice: when it was given, the deadline that it gave, and how often questions have held that since."""

    at: dt.datetime
    enrol_until: dt.datetime
    holds: int = 0


class Hold(Enum):
    """What follows from open questions when the deadline comes."""

    FREE = auto()
    HOLD = auto()
    GIVE_UP = auto()


def judge_open(status: RequestStatus, enrol_until: dt.datetime, now: dt.datetime) -> None:
    """Raise NoticeIsOver unless the request takes enrolments at `now`."""
    if status != RequestStatus.PUBLISHED or now >= enrol_until:
        raise NoticeIsOver()


def judge_changes(changed: int, numbers: Notice) -> None:
    """Raise TooManyChanges if the notice has changed as often as it may."""
    if changed >= numbers.changes_most:
        raise TooManyChanges(most=numbers.changes_most)


def asking_ends(announced: Announced, numbers: Notice, calendar: Calendar) -> dt.datetime:
    """Until when questions are taken: `ask_before_wd` before the announced deadline, but for the first half of the notice at least."""
    until = announced.enrol_until.astimezone(BEIJING)
    day = calendar.before(until.date(), numbers.ask_before_wd)
    half = announced.at + (announced.enrol_until - announced.at) / 2
    return max(dt.datetime.combine(day, until.time(), BEIJING).astimezone(dt.UTC), to_milliseconds(half))


def judge_question(
    text: str, *, now: dt.datetime, until: dt.datetime, own: int, asked: Sequence[str], numbers: Notice
) -> None:
    """Raise AskingOver, TooManyQuestions or AskedAlready. `own` counts the asker's questions since the notice, `asked` are all texts."""
    if now >= until:
        raise AskingOver(asking_ends=f"{until.astimezone(BEIJING):%Y-%m-%d %H:%M}")
    if own >= numbers.questions_most:
        raise TooManyQuestions(most=numbers.questions_most)
    if text in asked:
        raise AskedAlready(n=asked.index(text) + 1)


def judge_hold(unanswered: int, holds: int, numbers: Notice) -> Hold:
    """The deadline has come. No selection begins over an unanswered question; the buyer's silence ends it instead."""
    if not unanswered:
        return Hold.FREE
    return Hold.HOLD if holds < numbers.holds_most else Hold.GIVE_UP


def judge_text(text: str, most: int, names: Sequence[str] = ()) -> None:
    """Raise TextTooLong or TextNotForTheCaseFile. `names` may not stand in it: an asker's own."""
    if not 0 < len(text) <= most:
        raise TextTooLong(most=most)
    if words := private_words(text, names):
        raise TextNotForTheCaseFile(words="、".join(words))
