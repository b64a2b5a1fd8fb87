"""The form of a plan: one row for each milestone, with room for more, and no script needed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm
from contracts.rules.plan import Stage
from core.money import parse, wire
from core.text import clean

SPARE = 2


@dataclass(frozen=True)
class Row:
    """One milestone as it is typed. `fixed` rows are shown and not edited; `drop` rows are left out."""

    n: str = ""
    name: str = ""
    deliverables: str = ""
    amount: str = ""
    due_wd: str = ""
    drop: bool = False
    fixed: bool = False

    @property
    def blank(self) -> bool:
        return not (self.name or self.deliverables or self.amount or self.due_wd)


_COLUMNS = ("n", "name", "deliverables", "amount", "due_wd")


class RowsWidget(forms.Widget):
    """Reads columns of equally named controls as rows; a template shows them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        columns = [data.getlist(f"stage_{column}") for column in _COLUMNS]
        dropped = set(data.getlist("stage_drop"))
        rows = []
        for n, title, what, amount, wd in zip(*columns, strict=False):
            row = Row(clean(n), clean(title), clean(what), clean(amount), clean(wd))
            rows.append(replace(row, drop=bool(row.n) and row.n in dropped))
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return "stage_name" not in data


class PlanForm(DoorForm):
    """Milestones with their amounts, and what else is agreed.

    `fixed` are the stages that stand as they are; `known` the numbers that may be kept; new rows count on from `next_n`.
    """

    plan = forms.Field(label=_("分期"), required=False, widget=RowsWidget)
    terms = forms.CharField(
        label=_("补充约定（公开）"),
        max_length=5000,
        required=False,
        help_text=_("不得写入电话、证件号和账号；联系方式与收款账户在不公开的附件中"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # Nobody is asked for the payer: it was fixed by the notice. Who sends one all the same is refused, on record (P20.7).
    payer = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        fixed: Sequence[Stage] = (),
        known: Collection[int] = (),
        next_n: int = 1,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fixed = {stage.n: stage for stage in fixed}
        self.known, self.next_n = set(known), next_n
        # Shown again with more rows, not sent.
        self.grown = False

    @property
    def rows(self) -> list[Row]:
        """What the form shows: the rows so far."""
        rows: list[Row] = self["plan"].value() or []
        return [row_of(self.fixed[int(row.n)], fixed=True) if self._is_fixed(row) else row for row in rows]

    def _is_fixed(self, row: Row) -> bool:
        return row.n.isdecimal() and int(row.n) in self.fixed

    def clean_plan(self) -> list[Stage]:
        """The stages that the rows mean."""
        stages: list[Stage] = []
        next_n = self.next_n
        for place, row in enumerate(self.rows, 1):
            if row.drop or (row.blank and not row.n):
                continue
            if row.fixed:
                stages.append(self.fixed[int(row.n)])
                continue
            n = int(row.n) if row.n.isdecimal() and int(row.n) in self.known else next_n
            next_n += n == next_n
            stages.append(_stage(row, n, place))
        return stages


class ChangeForm(PlanForm):
    """A change says why."""

    reason = forms.CharField(label=_("变更理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    field_order = ["plan", "reason", "terms"]


def row_of(stage: Stage, *, fixed: bool = False) -> Row:
    """A stage as a row shows it."""
    return Row(str(stage.n), stage.name, stage.deliverables, wire(stage.amount), str(stage.due_wd), fixed=fixed)


def rows_with_room(rows: Sequence[Row], most: int) -> list[Row]:
    """The rows and some empty ones, as long as there may be more milestones."""
    return [*rows, *[Row()] * max(0, min(SPARE, most - len(rows)))]


def _stage(row: Row, n: int, place: int) -> Stage:
    try:
        amount = parse(row.amount)
    except ValueError as error:
        said = _t("第 %(n)s 行：请填写金额（元），例如 128500 或 128500.00") % {"n": place}
        raise forms.ValidationError(said, code="amount") from error
    if not row.due_wd.isdecimal() or len(row.due_wd) > 4:
        raise forms.ValidationError(_t("第 %(n)s 行：请填写工作日数，例如 20") % {"n": place}, code="days")
    return Stage(n, row.name[:80], row.deliverables[:1000], amount, int(row.due_wd))
