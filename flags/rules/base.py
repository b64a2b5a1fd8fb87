"""What every rule is: words for people, and one pure function from rows to findings."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flags.rows import Window
from flags.rulesets import Numbers

Text = str | Promise
Value = str | int | float | None


class About(StrEnum):
    """What a flag is about; `subject` lists numbers of requests, else USCCs, else an item's code and a region's."""

    REQUEST = "request"
    AUCTION = "auction"
    CONTRACT = "contract"
    PAIR = "pair"
    GROUP = "group"
    AGENCY = "agency"
    BUYER = "buyer"
    DEPARTMENT = "department"
    MARKET = "market"


class Scope(StrEnum):
    """Whose year a rule looks at."""

    MARKET = "market"  # an item in a region: the peers
    BUYER = "buyer"
    AGENCY = "agency"


# Columns of evidence, as tables name them; a column that is not here is no evidence.
COLUMNS: Mapping[str, Text] = {
    "number": _("编号"),
    "agency": _("机构"),
    "winner": _("中选机构"),
    "buyer": _("采购人"),
    "enterprise": _("企业"),
    "at": _("时间"),
    "until": _("截止"),
    "amount": _("金额"),
    "ceiling": _("最高限价"),
    "kind": _("相同之处"),
    "value": _("数值"),
    "mark": _("评价"),
    "back": _("回评"),
    "wins": _("中选次数"),
    "count": _("次数"),
    "share": _("占比"),
    "outcome": _("结果"),
}
MONEY = ("amount", "ceiling")
SHARES = ("share",)


@dataclass(frozen=True)
class Found:
    """One finding. `numbers` fill the rule's sentence, `evidence` are rows of COLUMNS, `agencies` those it reproaches."""

    about: About
    subject: tuple[str, ...]
    numbers: Mapping[str, Value]
    evidence: tuple[Mapping[str, Value], ...]
    agencies: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Names the evidence: the same facts, found again, have the same digest."""
        said = sorted(json.dumps(dict(row), sort_keys=True, ensure_ascii=False) for row in self.evidence)
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


class Rule(ABC):
    """One row of R10. A change of the formula is a new `version`, whose precision is counted anew.

    `formula` has places for the numbers of the rule set, `finding` for those of what was found.
    """

    code: ClassVar[str]
    version: ClassVar[int] = 1
    scope: ClassVar[Scope] = Scope.MARKET
    severity: ClassVar[int] = 1
    name: ClassVar[Text]
    formula: ClassVar[Text]
    finding: ClassVar[Text]
    ground: ClassVar[Text]
    check: ClassVar[Text]
    innocent: ClassVar[tuple[Text, ...]]

    @property
    def row(self) -> str:
        """The row of R10 it belongs to: two rules may be the halves of one."""
        return self.code.removesuffix("b")

    @abstractmethod
    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        """What the rule sees in this window; `n` are its numbers. Pure: no database, no clock."""


def percent(share: float) -> str:
    """`12.3%`."""
    return f"{share:.1%}"


def number(value: float) -> str:
    """Three digits after the point are more than any of these deserve."""
    return f"{value:.3f}"
