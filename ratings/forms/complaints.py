"""Forms of complaints. They parse and keep what was typed; the rules are asked, not repeated."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm, ManyFilesField
from ratings.models import ComplaintKind
from ratings.wording import ACTS


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ComplaintForm(DoorForm):
    """What happened, with evidence. Whom it is about stands in the address, so it cannot be misaddressed."""

    kind = forms.ChoiceField(label=_("类别"), widget=forms.RadioSelect)
    department = forms.CharField(label=_("部门名称"), max_length=120)
    delivery = forms.TypedChoiceField(
        label=_("涉及的退回"), required=False, coerce=int, empty_value=None, help_text=_("投诉不当退回时选择")
    )
    text = forms.CharField(label=_("事实经过"), max_length=5000, widget=_long(7))
    files = ManyFilesField(  # type: ignore[assignment]
        label=_("证据材料"),
        required=False,
        help_text=_("最多 10 个；PDF、图片、DOCX 或 XLSX；原文件名不保留，只有承办人可以查看"),
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[ComplaintKind],
        department: bool,
        deliveries: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if len(kinds) > 1:
            self.fields["kind"].choices = [(one.value, one.label) for one in kinds]  # type: ignore[attr-defined]
            self.fields["kind"].initial = kinds[0].value
        else:
            del self.fields["kind"]
        if not department:
            del self.fields["department"]
        if deliveries:
            self.fields["delivery"].choices = [("", _("不涉及")), *deliveries]  # type: ignore[attr-defined]
        else:
            del self.fields["delivery"]


class StatementOfSubjectForm(DoorForm):
    """The subject's answer."""

    text = forms.CharField(label=_("说明"), max_length=5000, widget=_long(6))


class EmptyForm(DoorForm):
    """A step that needs nothing but a press."""


class RefuseForm(DoorForm):
    """Why it is not accepted."""

    reasons = forms.CharField(label=_("不予受理的理由（告知投诉人）"), max_length=3000, widget=_long(4))


class PutForm(DoorForm):
    """The reproach in the officer's own words."""

    text = forms.CharField(
        label=_("需要说明的事项（送达被投诉方）"),
        max_length=3000,
        widget=_long(4),
        help_text=_("用自己的话写，不得透露投诉人是谁。"),
    )


class RecordStatementForm(DoorForm):
    """What a department said that is not on the platform."""

    text = forms.CharField(label=_("被投诉方的说明"), max_length=5000, widget=_long(4))


class DecideForm(DoorForm):
    """The outcome."""

    outcome = forms.ChoiceField(
        label=_("结论"), choices=[("upheld", _("投诉成立")), ("dismissed", _("投诉不成立"))], widget=forms.RadioSelect
    )
    act = forms.ChoiceField(label=_("认定的失信行为（成立时记入守约分）"))
    summary = forms.CharField(
        label=_("公开摘要（成立时公开）"),
        max_length=1000,
        required=False,
        widget=_long(2),
        help_text=_("不写个人信息，不得透露投诉人是谁。"),
    )
    reasons = forms.CharField(
        label=_("理由"), max_length=5000, widget=_long(5), help_text=_("成立时公开；不成立时只告知当事双方。")
    )

    def __init__(self, *args: Any, agency: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if agency:
            self.fields["act"].choices = list(ACTS.items())  # type: ignore[attr-defined]
        else:
            del self.fields["act"]
