"""The evaluation of one finished contract of the past, told up to now: rows and entries as the real verbs would leave them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from django.db import models

from accounts.models import Organisation
from contracts.models import Contract
from core.workdays import Calendar
from demo import opinions
from demo.bulk import Numbers
from demo.casefile import CaseFile
from ratings.actions.evaluations import shapes
from ratings.models import Evaluation, Mark, MarkSide, Outcome, Rectification, RectificationStatus
from ratings.queries.evaluation_facts import facts_of
from ratings.rules import evaluation as rules
from ratings.rulesets import CreditRules

Row = TypeVar("Row", bound=models.Model)

_RATES, _ANSWERS, _REPORTS = 0.86, 0.78, 0.4
_PRAISE = 2.0  # beyond all merit: every grade is the best


@dataclass(frozen=True)
class Rated:
    """A rating that enters an agency's ledger: of which contract, when, how much, made of what."""

    contract: Contract
    at: datetime
    x: Decimal
    parts: dict[str, str]


@dataclass
class Round:
    """Tells one evaluation."""

    rng: Random
    contract: Contract
    file: CaseFile
    users: dict[int, int]
    departments: Sequence[Organisation]
    calendar: Calendar
    rules: CreditRules
    now: datetime
    numbers: dict[type[models.Model], Numbers]
    rows: list[models.Model] = field(default_factory=list)
    # The two praise each other whatever happened.
    ring: bool = False

    def tell(self) -> Rated | None:
        """Open, let the sides rate, reveal; None while it is not revealed, or nobody rated the agency."""
        opened = (self.contract.completed_at or self.now) + timedelta(seconds=self.rng.uniform(0.3, 2))
        numbers = self.rules.evaluation
        evaluation = self.keep(
            Evaluation(
                contract=self.contract,
                ruleset=self.rules.id,
                opened_at=self.file.at_least(opened),
                closes_at=self.calendar.add(opened, numbers.window_wd),
            )
        )
        self.file.append(opened, shapes.opened(evaluation, self.departments))
        marks = self._marks(evaluation)
        both = [mark.at for mark in marks if mark.side in (MarkSide.BUYER, MarkSide.AGENCY)]
        reveal_at = max(both) if len(both) == 2 else evaluation.closes_at
        if reveal_at >= self.now:
            self._give([mark for mark in marks if mark.at < self.now])
            return None
        said = [mark for mark in marks if mark.at <= reveal_at]
        self._give(said)
        return self._reveal(evaluation, said, self.file.at_least(reveal_at))

    def keep(self, row: Row) -> Row:
        """Number a row, and keep it until all are written."""
        if numbers := self.numbers.get(type(row)):
            row.pk = numbers.next()
        self.rows.append(row)
        return row

    def _marks(self, evaluation: Evaluation) -> list[Mark]:
        """What each side will say and when, in order."""
        contract, rng = self.contract, self.rng
        merit = opinions.merit_of(contract.agency.name)
        found = []
        if rng.random() < _RATES or self.ring:
            found.append(self._graded(evaluation, MarkSide.BUYER, contract.buyer, _PRAISE if self.ring else merit))
        if rng.random() < _ANSWERS or self.ring:
            of_buyer = opinions.merit_of(contract.buyer.name)
            found.append(self._graded(evaluation, MarkSide.AGENCY, contract.agency, _PRAISE if self.ring else of_buyer))
        if self.departments and rng.random() < _REPORTS:
            found.append(self._reported(evaluation, self.departments[0], merit))
        return sorted((mark for mark in found if mark.at < evaluation.closes_at), key=lambda mark: mark.at)

    def _graded(self, evaluation: Evaluation, side: MarkSide, by: Organisation, merit: float) -> Mark:
        said = opinions.opinion(self.rng, side, merit, self.rules.evaluation)
        x = rules.x_of_grades(side, said.grades, self.rules.evaluation)
        return self._mark(evaluation, side, by, x, grades=said.grades, reasons=said.reasons, comment=said.comment)

    def _reported(self, evaluation: Evaluation, by: Organisation, merit: float) -> Mark:
        outcome = opinions.outcome(self.rng, merit)
        serial = self.rng.randrange(10, 990)
        said = "批复" if outcome == Outcome.PASSED else "补正"
        comment = "关键数据与原始记录不一致。" if outcome == Outcome.REFUSED else ""
        document = f"演审{said}〔{self.now.year}〕{serial} 号"
        x = rules.x_of_outcome(outcome)
        return self._mark(evaluation, MarkSide.DEPARTMENT, by, x, outcome=outcome, document=document, comment=comment)

    def _mark(self, evaluation: Evaluation, side: MarkSide, by: Organisation, x: Decimal, **content: Any) -> Mark:
        at = self.calendar.add(evaluation.opened_at, self.rng.randrange(0, 11)) - timedelta(
            seconds=self.rng.randrange(60, 30_000)
        )
        at = max(at, evaluation.opened_at + timedelta(seconds=self.rng.randrange(300, 9000)))
        salt = self.rng.randbytes(32)
        return Mark(
            evaluation=evaluation, side=side, organisation=by, by_id=self.users[by.pk], x=x, salt=salt, at=at, **content
        )

    def _give(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            mark.at = self.file.append(mark.at, shapes.given(mark))
            self.keep(mark)

    def _reveal(self, evaluation: Evaluation, marks: list[Mark], at: datetime) -> Rated | None:
        facts = rules.platform_grades(facts_of(self.contract, self.rules.evaluation), self.rules.conduct)
        platform = Mark(
            evaluation=evaluation,
            side=MarkSide.PLATFORM,
            grades={name: str(value) for name, value in facts.items()},
            x=rules.x_of_platform(facts, self.rules.evaluation),
            salt=self.rng.randbytes(32),
            at=at,
        )
        self.keep(platform)
        everything = sorted([*marks, platform], key=lambda mark: mark.side)
        parts = {mark.side: mark.x for mark in everything if mark.side != MarkSide.AGENCY}
        x = rules.x_of_contract(parts, self.rules.evaluation)
        evaluation.revealed_at, evaluation.x = at, x
        self.file.append(at, shapes.revealed(x, parts if x is not None else {}, everything))
        for mark in marks:
            self._rectify(mark, at)
        return (
            None if x is None else Rated(self.contract, at, x, {str(side): str(part) for side, part in parts.items()})
        )

    def _rectify(self, mark: Mark, at: datetime) -> None:
        """A bad mark asks the agency to put things right; most do, and their rater confirms it."""
        numbers = self.rules.evaluation
        if mark.side not in (MarkSide.BUYER, MarkSide.DEPARTMENT) or not rules.is_bad(mark.x, mark.grades, numbers):
            return
        task = Rectification(mark=mark, opened_at=at, due_at=self.calendar.add(at, numbers.rectification_wd))
        self.file.append(at, shapes.rectification(task))
        self.keep(task)
        judged = self.calendar.add(at, 9)
        if judged < self.now:
            task.status, task.report = (
                RectificationStatus.CONFIRMED,
                "已复核全部数据并重新提交成果，补充了内部校审记录。",
            )
            task.reported_by_id, task.reported_at = self.users[self.contract.agency_id], self.calendar.add(at, 6)
            task.verdict, task.judged_at = "整改到位。", judged
            self.file.append(judged, shapes.rectification(task))
