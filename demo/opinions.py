"""What invented parties say of finished contracts: grades with reasons that fit them, and outcomes with a document."""

from dataclasses import dataclass
from random import Random

from demo import words
from ratings.models import MarkSide, Outcome
from ratings.rules import evaluation as rules
from ratings.rules.reasons import reasons_of
from ratings.rulesets import EvaluationRules

_COMMENTS = {
    5: ("成果扎实，沟通顺畅。", "比约定时间提前完成，答复及时。", ""),
    4: ("总体满意。", "成果符合要求，个别附图补充过一次。", "", ""),
    3: ("基本达到要求，响应可以更快。", ""),
    2: ("初稿质量不高，退改后才符合要求。", "多次催促才交付。"),
    1: ("成果数据有明显错误，影响申报进度。",),
}
_SPREAD = 0.13


@dataclass(frozen=True, slots=True)
class Opinion:
    """Grades by dimension, the reasons behind them, and a sentence."""

    grades: dict[str, int]
    reasons: list[str]
    comment: str


def merit_of(name: str) -> float:
    """How good an invented agency or buyer is, between 0.35 and 0.98; the same in every run."""
    rng = words.source(f"merit/{name}")
    return min(0.98, max(0.35, rng.gauss(0.8, 0.1)))


def opinion(rng: Random, side: MarkSide, merit: float, numbers: EvaluationRules) -> Opinion:
    """What somebody who saw work of that merit says: as the rules of evaluation accept it."""
    grades = {name: _grade(rng, merit) for name in rules.dimensions(side, numbers)}
    reasons = [code for name, grade in grades.items() for code in _reason(rng, name, grade)]
    worst = min(grades.values())
    comment = rng.choice(_COMMENTS[worst])
    rules.judge_grades(side, grades, reasons, comment, numbers)
    return Opinion(grades, sorted(reasons), comment)


def outcome(rng: Random, merit: float) -> Outcome:
    """What the competent department did with the result."""
    if rng.random() < merit:
        return Outcome.PASSED
    return Outcome.RETURNED if rng.random() < 0.9 else Outcome.REFUSED


def _grade(rng: Random, merit: float) -> int:
    return min(5, max(1, round(1 + 4 * rng.gauss(merit, _SPREAD))))


def _reason(rng: Random, name: str, grade: int) -> list[str]:
    fitting = [reason.code for reason in reasons_of(name) if reason.fits(grade) and reason.good == (grade >= 3)]
    wanted = grade <= rules.DISSATISFIED or rng.random() < 0.5 or name in ("quality", "demand")
    return [rng.choice(fitting)] if wanted and fitting else []
