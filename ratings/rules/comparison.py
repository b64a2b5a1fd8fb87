"""A comparison of agencies: how many it takes, what stands out in a row of it, and when it becomes the record of a choice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from marketplace.models import Method, RequestStatus
from marketplace.rules import LEAST_COMPARED, MOST_COMPARED

LEAST, MOST = LEAST_COMPARED, MOST_COMPARED
BANDS = 5
# Where the buyer itself chooses whom (R3).
FREE = (Method.DIRECT, Method.CREDIT_DRAW)


class TooFewToCompare(Refused):
    """A comparison has two to four agencies."""

    code = "E_COMPARE_COUNT"
    message = _("比较需要 2 至 4 家机构，现有 %(count)s 家")
    fix = _("请从机构名录中再选几家，或去掉几家")


class UnknownAgency(Refused):
    """No agency bears that code."""

    code = "E_COMPARE_UNKNOWN"
    message = _("没有统一社会信用代码为 %(uscc)s 的机构")
    fix = _("请核对代码，或从机构名录中选择")


class NoFreeChoice(Refused):
    """Where competition or a draw decides, nobody chooses; and a choice is recorded before the contract is drawn up."""

    code = "E_CHOICE_NOT_FREE"
    basis = ("R3",)
    message = _("本需求由规则决定中选人，或者选取已经结束，不能再记录选择理由")
    fix = _("只有直接选取的需求在签约前、信用择优的需求在公示期内可以记录")


class ChosenNotCompared(Refused):
    """The record of a choice compares the agency chosen with others."""

    code = "E_CHOICE_NOT_COMPARED"
    basis = ("R3",)
    message = _("比较中没有选定的机构 %(name)s")
    fix = _("请把选定的机构加入比较")


class ChoiceRecorded(Refused):
    """It is recorded once: what is on record is not replaced."""

    code = "E_CHOICE_RECORDED"
    message = _("本需求的选择理由已经记入案卷")
    fix = _("案卷只能增加，不能替换；可在合同或异议答复中补充说明")


class Better(StrEnum):
    """Which end of a row of numbers stands out."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True)
class Marks:
    """What stands out in a row: whether its cells differ at all, and the places of the highest or lowest among them."""

    differ: bool
    best: frozenset[int]


def judge_count(count: int) -> None:
    """Raise TooFewToCompare unless so many can be compared."""
    if not LEAST <= count <= MOST:
        raise TooFewToCompare(count=count)


def judge_choice(method: str, status: str, *, recorded: bool) -> None:
    """Raise NoFreeChoice or ChoiceRecorded unless the buyer of such a request may record why it chose whom.

    A direct request names its agency in its notice, so from then on the record tells nothing new about who takes part. Whom
    a buyer picks of three that were drawn is secret until the award, so there it comes after the award (I5).
    """
    direct = method == Method.DIRECT and status in (
        RequestStatus.PUBLISHED,
        RequestStatus.SELECTING,
        RequestStatus.STANDSTILL,
    )
    picked = method == Method.CREDIT_DRAW and status == RequestStatus.STANDSTILL
    if not (direct or picked):
        raise NoFreeChoice()
    if recorded:
        raise ChoiceRecorded()


def judge_chosen(chosen: str, name: str, compared: Collection[str]) -> None:
    """Raise ChosenNotCompared unless the chosen agency (its USCC) is among those compared."""
    if chosen not in compared:
        raise ChosenNotCompared(name=name)


def marks(values: Sequence[Decimal | int | None], better: Better) -> Marks:
    """What stands out among numbers, None where nothing is known. Where all known ones are equal, nothing does."""
    known = [value for value in values if value is not None]
    differ = len(set(values)) > 1
    if len(set(known)) < 2:
        return Marks(differ, frozenset())
    end = max(known) if better is Better.HIGH else min(known)
    return Marks(differ, frozenset(place for place, value in enumerate(values) if value == end))


def bands(ratings: Sequence[Decimal]) -> list[int]:
    """How many ratings (0 to 1) fall into each fifth, the best first; 1 belongs to the best."""
    found = [0] * BANDS
    for x in ratings:
        found[BANDS - 1 - min(int(x * BANDS), BANDS - 1)] += 1
    return found
