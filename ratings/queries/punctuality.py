"""The regulators' punctuality, read from the entries of all exit cases."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.queries import calendar
from journal.models import Entry
from ratings.entries import ExitEntry
from ratings.models import Interim, Reentry, Repair, Step
from ratings.queries.checks import owed_in_checks
from ratings.queries.complaints import owed_by_officers
from ratings.queries.evaluation import owed_in_disputes
from ratings.queries.inspections import owed_by_inspectors
from ratings.rules.punctuality import Line, Owed, line_of, owed_in, punctuality
from ratings.rulesets import credit_rules


@dataclass(frozen=True)
class Row:
    """A line with the name of its step."""

    label: str | Promise
    line: Line


def lines(now: datetime) -> list[Row]:
    """One row a step, of exit cases, complaints, disputes about marks and inspections; four queries."""
    kinds = [ExitEntry.OPENED, ExitEntry.STEPPED]
    entries = Entry.objects.filter(kind__in=kinds, case__exit_case__isnull=False).order_by("case_id", "seq")
    owed = [one for _case, group in groupby(entries, key=lambda entry: entry.case_id) for one in owed_in(_plain(group))]
    cases = [Row(Step(line.step).label, line) for line in punctuality(owed, now)]
    others = [
        *owed_by_officers(),
        ("dispute", _("评价争议裁定"), owed_in_disputes()),
        ("inspection", _("抽查结果公开"), owed_by_inspectors()),
        ("interim", _("复核暂时停止"), _owed_reviews()),
        ("repair", _("审核信用修复"), _owed_answers(Repair.objects.all())),
        ("check", _("核验观察期成果"), owed_in_checks()),
        ("reentry", _("审核重新入驻"), _owed_answers(Reentry.objects.all())),
    ]
    return cases + [Row(label, line_of(step, rows, now)) for step, label, rows in others]


def _plain(entries: Any) -> list[tuple[str, datetime, dict[str, Any]]]:
    return [(entry.kind, entry.at, entry.data) for entry in entries]


def _owed_reviews() -> list[Owed]:
    """An interim suspension that fell because nobody reviewed it, was not reviewed in time."""
    rows = Interim.objects.values_list("review_due_at", "reviewed_at", "ended_at")
    return [Owed("interim", due, reviewed or ended) for due, reviewed, ended in rows]


def _owed_answers(asked: QuerySet[Any]) -> list[Owed]:
    """The date is worked out again: a row keeps it only while it is open."""
    days, working = credit_rules().exit.repair_decision_wd, calendar()
    rows = asked.values_list("asked_at", "decided_at")
    return [Owed("answer", working.add(asked_at, days), decided) for asked_at, decided in rows]
