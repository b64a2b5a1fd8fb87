"""What the page of one flag says: the rule in words, the formula with its numbers, evidence, names, and what may be done."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import shown
from flags.models import Flag, Status
from flags.names import Names, known, subject_of
from flags.rules import COLUMNS, RULES, Rule
from flags.rules.base import MONEY, SHARES
from flags.rules.life import STEPS
from flags.rulesets import flag_rules

_NAMED = ("agency", "winner", "buyer", "enterprise")
_MOMENTS = ("at", "until")


@dataclass(frozen=True)
class Cell:
    """One cell of the evidence: a text, where it leads, and whether it is a figure."""

    text: str
    href: str = ""
    number: bool = False
    name: bool = False


@dataclass
class Verb:
    """One thing an officer may do, with its form, or why not."""

    name: str
    label: str
    primary: bool = False
    blocked: str = ""
    form: Any = None


@dataclass
class Page:
    """Everything of the page."""

    flag: Flag
    rule: Rule
    names: Names
    # Name, heading, and whether its cells are figures.
    columns: list[tuple[str, str, bool]]
    rows: list[list[tuple[str, Cell]]]
    verbs: list[Verb] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """What it is about."""
        return subject_of(self.flag, self.names)

    @property
    def formula(self) -> str:
        """The rule with the numbers of the rule set that it was raised under."""
        return formula_of(self.rule, self.flag.ruleset)

    @property
    def finding(self) -> str:
        """What was found, in one sentence with its numbers."""
        said: str = str(self.rule.finding) % self.flag.numbers
        return said

    @property
    def agencies(self) -> list[tuple[str, str]]:
        """USCC and name of those it reproaches."""
        return [(one, self.names.get(one, one)) for one in self.flag.agencies]

    @property
    def market(self) -> str:
        """Its peers: the item and the region."""
        return " × ".join(self.names.get(one, one) for one in (self.flag.item, self.flag.region) if one)


def page_of(flag: Flag, reader: User | None = None) -> Page:
    """The page of a flag; with a reader, an officer's, with what that officer may do."""
    names = known([flag])
    used = [name for name in COLUMNS if any(row.get(name) is not None for row in flag.evidence)]
    rows = [[(str(COLUMNS[name]), _cell(name, row.get(name), names)) for name in used] for row in flag.evidence]
    figures = {label for row in rows for label, cell in row if cell.number}
    columns = [(name, str(COLUMNS[name]), str(COLUMNS[name]) in figures) for name in used]
    verbs = _verbs(flag, reader) if reader is not None else []
    return Page(flag, RULES[flag.rule], names, columns, rows, verbs)


def formula_of(rule: Rule, ruleset: str) -> str:
    """A rule's formula with the numbers of a rule set."""
    numbers = {name: f"{value:g}" for name, value in flag_rules(ruleset).of(rule.row).items()}
    return str(rule.formula) % numbers


def _cell(name: str, value: Any, names: Names) -> Cell:
    if value is None:
        return Cell("—")
    if name in MONEY:
        return Cell(shown(int(value)), number=True)
    if name in SHARES:
        return Cell(f"{Decimal(str(value)):.1%}", number=True)
    if name == "number":
        return Cell(str(value), reverse("request_page", args=[value]))
    if name in _NAMED:
        known_as = names.get(str(value))
        href = reverse("agency_page", args=[value]) if known_as and name in ("agency", "winner") else ""
        return Cell(known_as or str(value), href, name=known_as is not None)
    if name in _MOMENTS:
        return Cell(str(value).replace("T", " ")[:23])
    if name in ("kind", "outcome"):
        return Cell(_said(str(value)))
    return Cell(str(value), number=True)


def _said(code: str) -> str:
    words = {
        "phone": _("登记电话"),
        "account": _("收款账户"),
        "document": _("方案文件"),
        "network": _("网络段"),
        "device": _("浏览器"),
        "author": _("文件作者"),
        "seconds": _("报价时间"),
        "excluded": _("被排除"),
        "delivered": _("全部交付"),
        "changed": _("变更"),
        "passed": _("一次通过"),
        "returned": _("退回"),
    }
    return words.get(code, code)


def _verbs(flag: Flag, reader: User) -> list[Verb]:
    """What may follow the flag's status, the likeliest first."""
    steps = STEPS.get(flag.status, ())
    verbs: list[Verb] = []
    if "case" in steps and flag.agencies:
        verbs.append(Verb("case", _("立案"), primary=True))
    if "case" in steps:
        verbs.append(Verb("refer", _("移送主管机关"), primary=not flag.agencies))
    if "watch" in steps:
        verbs.append(Verb("watch", _("列入观察")))
    if "dismissed" in steps:
        verbs.append(Verb("dismiss", _("排除")))
    if flag.status == Status.CASE and flag.exit_case_id is None:
        own = _("该预警由您移送，须由其他工作人员认定结果") if flag.opened_by_id == reader.pk else ""
        verbs.append(Verb("conclude", _("认定结果"), primary=True, blocked=own))
    return verbs
