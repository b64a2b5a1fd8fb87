"""Reads of evaluations. Before the reveal a mark is shown to whoever gave it and to nobody else, whatever their office."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Kind, Organisation
from contracts.models import Contract, ContractStatus
from core.clock import database_now, from_rfc3339
from core.errors import Refused, Text
from core.queries import calendar
from journal.models import Entry
from ratings.entries import EvaluationEntry
from ratings.models import (
    Dispute,
    DisputeStatus,
    Evaluation,
    FiveGrades,
    Mark,
    MarkSide,
    Rectification,
    RectificationStatus,
    Reply,
)
from ratings.queries.evaluation_facts import departments_of, judge_competent
from ratings.rules import evaluation as rules
from ratings.rules.punctuality import Owed
from ratings.rules.reasons import DIMENSIONS, REASONS, Reason
from ratings.rulesets import EvaluationRules, credit_rules

_RELATED = (
    "contract__award__request__item",
    "contract__award__request__region",
    "contract__buyer",
    "contract__agency",
)


@dataclass(frozen=True)
class Line:
    """One dimension of a mark: what it is called, what was said of it, its value in [0, 1] and its share."""

    label: Text
    words: Text
    value: Decimal
    share: Decimal


@dataclass
class MarkRow:
    """A mark as this reader sees it, with what was said back, and the doors that are open to the reader."""

    mark: Mark
    about: Organisation
    lines: Sequence[Line]
    reasons: Sequence[Reason]
    reply: Reply | None
    dispute: Dispute | None
    rectification: Rectification | None
    doors: list[str] = field(default_factory=list)
    forms: dict[str, Any] = field(default_factory=dict)

    @property
    def rests(self) -> bool:
        """Is it out of the account, for now or for good?"""
        return rules.rests(DisputeStatus(self.dispute.status) if self.dispute else None)


@dataclass(frozen=True)
class Part:
    """A part of x: whose, its value, its share of the whole as it was renormalised."""

    side: MarkSide
    value: Decimal
    share: Decimal


@dataclass(frozen=True)
class Awaited:
    """A side before the reveal: whether it has rated is public, what it said is not."""

    side: MarkSide
    given: bool


@dataclass
class EvaluationPage:
    """The round of one contract for one reader. `side`: what the reader may rate as now; `own`: what the reader has said."""

    evaluation: Evaluation
    now: datetime
    side: MarkSide | None
    own: MarkRow | None
    rows: Sequence[MarkRow]
    awaited: Sequence[Awaited]
    parts: Sequence[Part]
    answer_until: datetime | None
    form: Any = None

    @property
    def contract(self) -> Contract:
        return self.evaluation.contract

    @property
    def number(self) -> str:
        return self.contract.award.request.number or ""


def evaluation_in_public(number: str) -> Evaluation:
    """The evaluation in the case of that number; raises Http404."""
    mine = Evaluation.objects.filter(contract__award__request__number=number).select_related(*_RELATED)
    found = mine.order_by("-pk").first()
    if found is None:
        raise Http404(number)
    return found


def page_for(number: str, reader: Organisation | None) -> EvaluationPage:
    """The evaluation as `reader` sees it now; raises Http404."""
    evaluation = evaluation_in_public(number)
    now = database_now()
    numbers = credit_rules(evaluation.ruleset).evaluation
    marks = list(evaluation.marks.select_related("organisation", "reply", "dispute", "rectification"))
    public = evaluation.revealed_at is not None
    own = next((one for one in marks if reader and one.organisation_id == reader.pk), None)
    until = calendar().add(evaluation.revealed_at, numbers.reply_wd) if evaluation.revealed_at else None
    rows = [_row(one, evaluation, numbers) for one in marks] if public else []
    for row in rows:
        row.doors = _doors(row, reader, until, now)
    return EvaluationPage(
        evaluation=evaluation,
        now=now,
        side=_may_rate_as(evaluation, reader, marks, now),
        own=_row(own, evaluation, numbers) if own and not public else None,
        rows=sorted(rows, key=lambda row: list(MarkSide).index(MarkSide(row.mark.side))),
        awaited=[] if public else _awaited(evaluation, marks),
        parts=_parts(marks, numbers) if evaluation.x is not None else [],
        answer_until=until,
    )


def disputes_open() -> QuerySet[Dispute]:
    """What waits for the regulators, the nearest date first."""
    found = Dispute.objects.filter(status=DisputeStatus.FILED).order_by("due_at")
    return found.select_related("mark__evaluation__contract__award__request", "mark__organisation", "by")


def owed_in_disputes() -> list[Owed]:
    """What the officers owed in disputes: each with its date, from the entries; one query."""
    kinds = [EvaluationEntry.DISPUTED, EvaluationEntry.DISPUTE_DECIDED]
    found: dict[tuple[int, str], Owed] = {}
    for entry in Entry.objects.filter(kind__in=kinds).order_by("case_id", "seq"):
        data = entry.data
        key = entry.case_id, data["mark"]
        if entry.kind == EvaluationEntry.DISPUTED:
            found[key] = Owed("dispute", from_rfc3339(data["due_at"]), None)
        else:
            found[key] = replace(found[key], done_at=entry.at)
    return list(found.values())


def evaluation_of(contract: Contract) -> Evaluation | None:
    """Of a contract's page: its round, if there is one."""
    return Evaluation.objects.filter(contract=contract).first()


def _may_rate_as(
    evaluation: Evaluation, reader: Organisation | None, marks: Sequence[Mark], now: datetime
) -> MarkSide | None:
    if reader is None:
        return None
    side = _side_of(evaluation.contract, reader)
    if side is None:
        return None
    try:
        rules.judge_may_rate(
            side,
            finished=evaluation.contract.status == ContractStatus.COMPLETED,
            given={mark.side for mark in marks},
            revealed_at=evaluation.revealed_at,
            closes_at=evaluation.closes_at,
            now=now,
        )
    except Refused:
        return None
    return side


def _side_of(contract: Contract, reader: Organisation) -> MarkSide | None:
    if reader.pk == contract.buyer_id:
        return MarkSide.BUYER
    if reader.pk == contract.agency_id:
        return MarkSide.AGENCY
    if reader.kind != Kind.DEPARTMENT:
        return None
    try:
        judge_competent(reader, contract)
    except Refused:
        return None
    return MarkSide.DEPARTMENT


def _awaited(evaluation: Evaluation, marks: Sequence[Mark]) -> list[Awaited]:
    """Both parties, and the department where one is competent."""
    given = {mark.side for mark in marks}
    sides = [MarkSide.BUYER, MarkSide.AGENCY]
    if MarkSide.DEPARTMENT in given or departments_of(evaluation.contract).exists():
        sides.append(MarkSide.DEPARTMENT)
    return [Awaited(side, side in given) for side in sides]


def _row(mark: Mark, evaluation: Evaluation, numbers: EvaluationRules) -> MarkRow:
    side = MarkSide(mark.side)
    contract = evaluation.contract
    return MarkRow(
        mark=mark,
        about=contract.buyer if side == MarkSide.AGENCY else contract.agency,
        lines=[_line(side, name, mark, share) for name, share in _shares(side, mark, numbers)],
        reasons=[REASONS[code] for code in mark.reasons if code in REASONS],
        reply=getattr(mark, "reply", None),
        dispute=getattr(mark, "dispute", None),
        rectification=getattr(mark, "rectification", None),
    )


def _shares(side: MarkSide, mark: Mark, numbers: EvaluationRules) -> list[tuple[str, Decimal]]:
    return [(name, share) for name, share in rules.dimensions(side, numbers).items() if name in mark.grades]


def _line(side: MarkSide, name: str, mark: Mark, share: Decimal) -> Line:
    if side == MarkSide.PLATFORM:
        value = Decimal(mark.grades[name])
        return Line(DIMENSIONS[name], f"{value:.2f}", value, share)
    grade = FiveGrades(mark.grades[name])
    return Line(DIMENSIONS[name], grade.label, Decimal(grade - 1) / 4, share)


def _parts(marks: Sequence[Mark], numbers: EvaluationRules) -> list[Part]:
    known = {mark.side: mark.x for mark in marks if mark.side != MarkSide.AGENCY}
    whole = sum((numbers.parties[side] for side in known), Decimal(0))
    return [
        Part(MarkSide(side), known[side], (share / whole).quantize(Decimal("0.0001")))
        for side, share in numbers.parties.items()
        if side in known
    ]


def _doors(row: MarkRow, reader: Organisation | None, until: datetime | None, now: datetime) -> list[str]:
    if reader is None or row.mark.side == MarkSide.PLATFORM:
        return []
    found = []
    if reader.pk == row.about.pk and until is not None and now < until:
        found += ["reply"] if row.reply is None else []
        found += ["dispute"] if row.dispute is None else []
    task = row.rectification
    if task is not None and not row.rests:
        reports = task.status == RectificationStatus.OPEN and now < task.due_at
        found += ["report"] if reader.pk == row.about.pk and reports else []
        judges = task.status == RectificationStatus.REPORTED and reader.pk == row.mark.organisation_id
        found += ["judge"] if judges else []
    parties = (row.mark.organisation_id, row.about.pk)
    open_one = row.dispute is not None and row.dispute.status == DisputeStatus.FILED
    if reader.kind == Kind.REGULATOR and open_one and reader.pk not in parties:
        found.append("decide")
    return found
