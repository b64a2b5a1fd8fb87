"""Milestones (里程碑) and their texts: amounts that add up to the price, and nothing that a public page may not show."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from contracts.rulesets import ContractRules
from core.errors import Refused
from core.money import shown

_LONGEST_TERM_WD = 1000
# Identity cards, mobile phones, bank accounts: digits as people and banks write them.
_PERSONAL = (
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
    re.compile(r"(?<!\d)\d(?:[ -]?\d){15,20}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
)


class MilestonesDoNotAddUp(Refused):
    """The milestones' amounts add up to the price, to the fen."""

    code = "E_MILESTONES_SUM"
    basis = ("R9",)
    field = "plan"
    message = _("各期金额合计 %(sum)s，与合同价款 %(price)s 不一致")
    fix = _("调整各期金额，使合计等于合同价款")


class MilestoneIncomplete(Refused):
    """Each milestone has a name, an amount and a term in working days."""

    code = "E_MILESTONE_INCOMPLETE"
    basis = ("R9",)
    field = "plan"
    message = _("第 %(n)s 期须填写名称、大于零的金额和 1 至 1000 个工作日的期限")


class TooManyMilestones(Refused):
    """A contract has at least one milestone, and not so many that nobody can follow."""

    code = "E_MILESTONES_COUNT"
    basis = ("R9",)
    field = "plan"
    message = _("合同须分为 1 至 %(most)s 期")


class AcceptedStays(Refused):
    """What was accepted cannot be changed any more, nor what waits for acceptance."""

    code = "E_ACCEPTED_STAYS"
    basis = ("R9",)
    field = "plan"
    message = _("第 %(n)s 期已交付或已验收，其名称、金额和期限不能再变更")


class PersonalInPublicText(Refused):
    """The text of a contract is public: no phone, identity or account numbers; the annex has them."""

    code = "E_PERSONAL_DATA"
    basis = ("P10.1",)
    message = _("合同正文公开，不能写入身份证号、手机号、银行账号或电子邮箱：%(words)s")
    fix = _("删去该内容；联系方式和收款账户已在不公开的附件中")


@dataclass(frozen=True)
class Stage:
    """One milestone as a plan states it; `due_wd` working days after the signing, `amount` in fen."""

    n: int
    name: str
    deliverables: str
    amount: int
    due_wd: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(plan: Sequence[dict[str, Any]]) -> list[Stage]:
    """The stages of a version's `plan`."""
    return [Stage(**stage) for stage in plan]


def whole(name: str, deliverables: str, price: int, term_wd: int) -> list[Stage]:
    """The plan that the platform drafts: everything at the end."""
    return [Stage(1, name, deliverables, price, term_wd)]


def words_of(stages: Sequence[Stage]) -> list[str]:
    """All that people wrote into a plan; it stands in the public text."""
    return [words for stage in stages for words in (stage.name, stage.deliverables)]


def judge_plan(stages: Sequence[Stage], price: int, numbers: ContractRules, *, least: int = 1) -> None:
    """Raise TooManyMilestones, MilestoneIncomplete or MilestonesDoNotAddUp unless the plan is complete and adds up.

    A change may leave no milestone (`least` 0): the contract ends.
    """
    if not least <= len(stages) <= numbers.most_milestones:
        raise TooManyMilestones(most=numbers.most_milestones)
    if len({stage.n for stage in stages}) != len(stages):
        raise TooManyMilestones(most=numbers.most_milestones)
    for stage in stages:
        if not stage.name or stage.amount <= 0 or not 1 <= stage.due_wd <= _LONGEST_TERM_WD:
            raise MilestoneIncomplete(n=stage.n)
    total = sum(stage.amount for stage in stages)
    if total != price:
        raise MilestonesDoNotAddUp(sum=shown(total), price=shown(price))


def judge_kept(untouched: Sequence[Stage], accepted: Mapping[int, int], after: Sequence[Stage]) -> None:
    """Raise AcceptedStays unless `untouched` stages stand as they are, and none falls below what was accepted of it.

    `accepted` is by number, in fen, for stages that were accepted in part.
    """
    now = {stage.n: stage for stage in after}
    for stage in untouched:
        if now.get(stage.n) != stage:
            raise AcceptedStays(n=stage.n)
    for n, amount in accepted.items():
        if n not in now or now[n].amount < amount:
            raise AcceptedStays(n=n)


def judge_public(*texts: str) -> None:
    """Raise PersonalInPublicText for numbers and addresses that belong to a person or an account."""
    for text in texts:
        # Full-width figures are figures too.
        plain = unicodedata.normalize("NFKC", text)
        for pattern in _PERSONAL:
            if found := pattern.search(plain):
                raise PersonalInPublicText(words=found.group()[:4] + "…")
