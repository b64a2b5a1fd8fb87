"""The regulators' punctuality, read from the entries of all exit cases."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.models import Entry
from ratings.entries import ExitEntry
from ratings.models import Step
from ratings.queries.complaints import owed_by_officers
from ratings.queries.evaluation import owed_in_disputes
from ratings.queries.inspections import owed_by_inspectors
from ratings.rules.punctuality import Line, line_of, owed_in, punctuality


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
    ]
    return cases + [Row(label, line_of(step, rows, now)) for step, label, rows in others]


def _plain(entries: Any) -> list[tuple[str, datetime, dict[str, Any]]]:
    return [(entry.kind, entry.at, entry.data) for entry in entries]
