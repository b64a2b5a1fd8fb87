"""Forms of evaluation. They parse and keep what was typed; the rules are asked, not repeated."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm
from ratings.actions.evaluations import Said
from ratings.models import DisputeStatus, FiveGrades, MarkSide, Outcome
from ratings.rules.evaluation import dimensions
from ratings.rules.reasons import DIMENSIONS, reasons_of
from ratings.rulesets import credit_rules


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RateForm(DoorForm):
    """Five grades and reasons for each dimension that a side speaks of."""

    comment = forms.CharField(
        label=_("说明（公开）"),
        max_length=1000,
        required=False,
        widget=_long(3),
        help_text=_("评为“非常不满意”时必填。不写姓名、电话等个人信息。"),
    )

    def __init__(self, *args: Any, side: MarkSide, preset: int | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.dimensions = list(dimensions(side, credit_rules().evaluation))
        for name in self.dimensions:
            self.fields[f"grade_{name}"] = forms.TypedChoiceField(
                label=str(DIMENSIONS[name]),
                choices=[(grade.value, grade.label) for grade in FiveGrades],
                coerce=int,
                widget=forms.RadioSelect,
                initial=preset,
            )
            self.fields[f"why_{name}"] = forms.MultipleChoiceField(
                label=_("%(dimension)s：原因") % {"dimension": DIMENSIONS[name]},
                choices=[(reason.code, reason.label) for reason in reasons_of(name)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.order_fields([key for name in self.dimensions for key in (f"grade_{name}", f"why_{name}")])

    @property
    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Each dimension's grade and its reasons."""
        return ((self[f"grade_{name}"], self[f"why_{name}"]) for name in self.dimensions)

    def said(self) -> Said:
        """What was said; only after `is_valid`."""
        data = self.cleaned_data
        reasons = [code for name in self.dimensions for code in data[f"why_{name}"]]
        return Said({name: data[f"grade_{name}"] for name in self.dimensions}, reasons, data["comment"])


class OutcomeForm(DoorForm):
    """What became of the result at the competent department."""

    outcome = forms.ChoiceField(label=_("成果审查结果"), choices=Outcome.choices, widget=forms.RadioSelect)
    document = forms.CharField(label=_("批复或退回文号"), max_length=80)
    comment = forms.CharField(
        label=_("说明（公开）"),
        max_length=1000,
        required=False,
        widget=_long(3),
        help_text=_("因质量不予通过时必填。不写姓名、电话等个人信息。"),
    )


class WordsForm(DoorForm):
    """A reply, a dispute or a report."""

    text = forms.CharField(label=_("内容（公开）"), max_length=1000, widget=_long(4))


class VerdictForm(DoorForm):
    """The regulator decides on a dispute."""

    verdict = forms.ChoiceField(
        label=_("裁定"),
        choices=[(one.value, one.label) for one in DisputeStatus if one != DisputeStatus.FILED],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("裁定理由（公开）"), max_length=2000, widget=_long(4))


class JudgeForm(DoorForm):
    """Whoever gave the mark says whether things were put right."""

    confirmed = forms.ChoiceField(
        label=_("整改结果"),
        choices=[("yes", _("已整改")), ("no", _("仍未整改"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("意见（公开）"),
        max_length=2000,
        required=False,
        widget=_long(3),
        help_text=_("认为仍未整改的须写明理由"),
    )
