"""Evaluation of a finished contract (P19.5, R7): what a mark must say, what it is worth, and how long each step lasts.

x of a contract is made of three parts: the buyer's grades, the competent department's outcome, and the platform's facts.
Missing parts renormalise; the platform alone never makes a rating, and no rating is no data.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from core.clock import BEIJING
from ratings.models import DisputeStatus, MarkSide, Outcome, RectificationStatus, Relation
from ratings.rules.evaluation_refusals import (
    CommentMissing,
    DisputeStep,
    EvaluationOver,
    GradeMissing,
    NotEvaluable,
    NotRevealed,
    OutcomeDocument,
    RatedAlready,
    ReasonMissing,
    ReasonUnfit,
    RectificationStep,
    ReplyOver,
    SaidAlready,
)
from ratings.rules.facts import lateness
from ratings.rules.reasons import REASONS
from ratings.rulesets import ConductRules, EvaluationRules

DISSATISFIED = 2
LOWEST = 1
_PLACES = Decimal("0.0001")
_OUTCOMES = {Outcome.PASSED: Decimal(1), Outcome.RETURNED: Decimal("0.5"), Outcome.REFUSED: Decimal(0)}


@dataclass(frozen=True)
class Duty:
    """Something the agency had to do by a time; `done_at` is None if it never did."""

    due_at: datetime
    done_at: datetime | None

    @property
    def in_time(self) -> bool:
        return self.done_at is not None and self.done_at <= self.due_at


@dataclass(frozen=True)
class ContractFacts:
    """What the platform itself knows of a finished contract.

    `deliveries`: each milestone's date, as extended, and its first delivery. `changes`: how many changes of the signed
    text the agency asked for and got. `answers`: its own deadlines to react (confirm the text, deliver anew after a return).
    """

    signed_at: datetime
    deliveries: Sequence[Duty] = ()
    changes: int = 0
    answers: Sequence[Duty] = ()


def dimensions(side: MarkSide, rules: EvaluationRules) -> Mapping[str, Decimal]:
    """What a side grades, and the share of each dimension; empty for the department, which reports an outcome."""
    match side:
        case MarkSide.BUYER:
            return rules.buyer
        case MarkSide.AGENCY:
            return rules.agency
        case MarkSide.PLATFORM:
            return rules.platform
        case MarkSide.DEPARTMENT:
            return {}


def judge_grades(
    side: MarkSide, grades: Mapping[str, int], reasons: Collection[str], comment: str, rules: EvaluationRules
) -> None:
    """Raise GradeMissing, ReasonUnfit, ReasonMissing or CommentMissing unless a side may say this."""
    wanted = dimensions(side, rules)
    if set(grades) != set(wanted) or not all(grade in range(1, 6) for grade in grades.values()):
        raise GradeMissing()
    for code in reasons:
        reason = REASONS.get(code)
        if reason is None or reason.dimension not in wanted or not reason.fits(grades[reason.dimension]):
            raise ReasonUnfit(reason=str(reason.label) if reason else code)
    explained = {REASONS[code].dimension for code in reasons}
    bad = {dimension for dimension, grade in grades.items() if grade <= DISSATISFIED}
    if bad - explained or not explained:
        raise ReasonMissing()
    if LOWEST in grades.values() and not comment:
        raise CommentMissing()


def judge_outcome(outcome: Outcome, document: str, comment: str) -> None:
    """Raise OutcomeDocument or CommentMissing unless a department may report this."""
    if not document:
        raise OutcomeDocument()
    if outcome == Outcome.REFUSED and not comment:
        raise CommentMissing()


def x_of_grades(side: MarkSide, grades: Mapping[str, int], rules: EvaluationRules) -> Decimal:
    """What grades are worth in [0, 1]: each (grade − 1) / 4 by its dimension's share."""
    shares = dimensions(side, rules)
    return _rounded(sum((shares[name] * (grade - 1) / 4 for name, grade in grades.items()), Decimal(0)))


def x_of_outcome(outcome: Outcome) -> Decimal:
    """1 for a first-time pass, 0.5 after a return, 0 refused for quality."""
    return _rounded(_OUTCOMES[outcome])


def platform_grades(facts: ContractFacts, conduct: ConductRules) -> dict[str, Decimal]:
    """What the facts say, each in [0, 1]; a dimension without any fact is left out.

    `on_time`: the mean over milestones, 1 delivered by its date, 0.5 late by up to 10 % of its term and 30 days, 0 beyond.
    `changes`: 1 if the agency asked for no change of the signed text, 0.5 for one, 0 for more.
    `response`: the share of its deadlines to react that it kept.
    """
    found = {"changes": max(Decimal(0), 1 - Decimal(facts.changes) / 2)}
    if facts.deliveries:
        found["on_time"] = _mean([_on_time(facts.signed_at, duty, conduct) for duty in facts.deliveries])
    if facts.answers:
        found["response"] = _mean([Decimal(duty.in_time) for duty in facts.answers])
    return {name: _rounded(value) for name, value in sorted(found.items())}


def x_of_platform(grades: Mapping[str, Decimal], rules: EvaluationRules) -> Decimal:
    """The facts' worth; dimensions without facts renormalise."""
    return _rounded(_weighed(grades, rules.platform))


def x_of_contract(parts: Mapping[str, Decimal], rules: EvaluationRules) -> Decimal | None:
    """The agency's rating from the parts that there are; None without the buyer's and the department's."""
    if not parts.keys() & {MarkSide.BUYER, MarkSide.DEPARTMENT}:
        return None
    return _rounded(_weighed(parts, rules.parties))


def is_bad(x: Decimal, grades: Mapping[str, int], rules: EvaluationRules) -> bool:
    """Does a mark ask the agency to put things right?"""
    return x < rules.rectify_below or LOWEST in grades.values()


def judge_may_rate(
    side: MarkSide,
    *,
    finished: bool,
    given: Collection[str],
    revealed_at: datetime | None,
    closes_at: datetime,
    now: datetime,
) -> None:
    """Raise NotEvaluable, RatedAlready or EvaluationOver unless this side may rate now."""
    if not finished:
        raise NotEvaluable()
    if side in given:
        raise RatedAlready()
    if revealed_at is not None or now >= closes_at:
        raise EvaluationOver(until=_day(closes_at))


def to_be_revealed(given: Collection[str], closes_at: datetime, now: datetime) -> bool:
    """Everything is revealed together: when buyer and agency have both rated, or when the window ends."""
    return now >= closes_at or {MarkSide.BUYER, MarkSide.AGENCY} <= set(given)


def judge_answer(*, revealed_at: datetime | None, until: datetime | None, said: bool, now: datetime) -> None:
    """Raise NotRevealed, SaidAlready or ReplyOver unless the marked side may reply or dispute now."""
    if revealed_at is None or until is None:
        raise NotRevealed()
    if said:
        raise SaidAlready()
    if now >= until:
        raise ReplyOver(until=_day(until))


def judge_dispute_decision(status: DisputeStatus, verdict: DisputeStatus, *, filed_it: bool) -> None:
    """Raise DisputeStep unless this dispute is decided now, so, and by somebody else than who filed it (I9)."""
    if status != DisputeStatus.FILED or verdict == DisputeStatus.FILED or filed_it:
        raise DisputeStep()


def relation_after(disputes: Collection[DisputeStatus], before: Relation) -> Relation:
    """How a rating counts, given the disputes about its marks and how it counted before any of them.

    Weight 0 while one is open, and for good once one is upheld. A dispute that is overdue stays open: neither side gains
    by the regulators' silence, which shows in their punctuality.
    """
    if DisputeStatus.FILED in disputes:
        return Relation.DISPUTED
    if DisputeStatus.UPHELD in disputes or before == Relation.CONFIRMED:
        return Relation.CONFIRMED
    return Relation.FLAGGED if DisputeStatus.RELATED in disputes else before


def judge_report(
    status: RectificationStatus, dispute: DisputeStatus | None, *, due_at: datetime, now: datetime
) -> None:
    """Raise RectificationStep unless the agency may report now what it put right."""
    if status != RectificationStatus.OPEN or rests(dispute) or now >= due_at:
        raise RectificationStep(status=str(status.label))


def judge_verdict(status: RectificationStatus, dispute: DisputeStatus | None) -> None:
    """Raise RectificationStep unless the rater may say now whether things were put right."""
    if status != RectificationStatus.REPORTED or rests(dispute):
        raise RectificationStep(status=str(status.label))


def rests(dispute: DisputeStatus | None) -> bool:
    """A mark that is disputed, or was taken out of the account, asks nothing of anybody."""
    return dispute in (DisputeStatus.FILED, DisputeStatus.UPHELD)


def _on_time(signed_at: datetime, duty: Duty, conduct: ConductRules) -> Decimal:
    if duty.done_at is None:
        return Decimal(0)
    values = {None: Decimal(1), "delivered_late": Decimal("0.5"), "delivered_very_late": Decimal(0)}
    return values[lateness(signed_at, duty.due_at, duty.done_at, conduct)]


def _weighed(values: Mapping[str, Decimal], shares: Mapping[str, Decimal]) -> Decimal:
    whole = sum((shares[name] for name in values), Decimal(0))
    return sum((shares[name] * value for name, value in values.items()), Decimal(0)) / whole


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, ROUND_HALF_UP)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
