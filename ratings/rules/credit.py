"""Credit as pages say it (R7): the grade that C, Q and Σw make, its name, and what it means. The arithmetic is in `score`."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Grade
from ratings.rules.score import judge
from ratings.rulesets import credit_rules

_NOTES: dict[Grade, str | Promise] = {
    Grade.N: _("评价数量不足，尚不评分；按 B 级对待，不因新入驻而排在末位"),
    Grade.A: _("守约与质量均达到最高档"),
    Grade.B: _("守约良好"),
    Grade.C: _("守约一般，请查看扣分依据"),
    Grade.D: _("守约较差，请查看扣分依据"),
}


@dataclass(frozen=True)
class Snapshot:
    """An agency's credit at one moment. `credit` is K from 0 to 100 with one decimal, None for grade N."""

    grade: Grade
    credit: Decimal | None
    label: str | Promise
    note: str | Promise


def snapshot(*, conduct: Decimal, quality: Decimal | None, weight: Decimal) -> Snapshot:
    """The credit that conduct C (0–100), quality Q (0–1) and the weight Σw of its evaluations make.

    While Σw < 3, or nothing says anything about quality, the agency is new (N) and has no K.
    """
    rules = credit_rules()
    letter, credit = judge(conduct, quality, weight, rules.credit, rules.quality.least_weight)
    return shown(Grade(letter), credit)


def shown(grade: Grade, credit: Decimal | None) -> Snapshot:
    """The snapshot of a grade and K already computed."""
    return Snapshot(grade, None if grade is Grade.N else credit, grade.label, _NOTES[grade])
