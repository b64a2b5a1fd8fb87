"""Credit, judged from plain values (R7): conduct C, quality Q, credit K and the grade they make."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Grade

# R7. Below this weight of evaluations an agency is new.
LEAST_WEIGHT = Decimal(3)
_CONDUCT_SHARE = Decimal("0.6")
_QUALITY_SHARE = Decimal(40)
_A_CONDUCT, _A_QUALITY = Decimal(90), Decimal("0.70")
_B_CONDUCT, _C_CONDUCT = Decimal(80), Decimal(60)

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
    if quality is None or weight < LEAST_WEIGHT:
        return shown(Grade.N, None)
    return shown(_grade(conduct, quality), _credit(conduct, quality))


def shown(grade: Grade, credit: Decimal | None) -> Snapshot:
    """The snapshot of a grade and K already computed."""
    return Snapshot(grade, None if grade is Grade.N else credit, grade.label, _NOTES[grade])


def _credit(conduct: Decimal, quality: Decimal) -> Decimal:
    exact = _CONDUCT_SHARE * conduct + _QUALITY_SHARE * quality
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _grade(conduct: Decimal, quality: Decimal) -> Grade:
    if conduct >= _A_CONDUCT and quality >= _A_QUALITY:
        return Grade.A
    if conduct >= _B_CONDUCT:
        return Grade.B
    return Grade.C if conduct >= _C_CONDUCT else Grade.D
