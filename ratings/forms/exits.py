"""Forms of an agency that a case is about. They parse and keep what was typed; the rules are asked, not repeated."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm, ManyFilesField

_ARGUMENTS = 5


class DefenceForm(DoorForm):
    """The defence, one argument a field: the decision has to answer each."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for n in range(1, _ARGUMENTS + 1):
            self.fields[f"argument_{n}"] = forms.CharField(
                label=_("第 %(n)s 条意见") % {"n": n},
                max_length=3000,
                required=n == 1,
                widget=forms.Textarea(attrs={"rows": 3 if n == 1 else 2}),
            )
        self.fields["files"] = ManyFilesField(
            label=_("证据材料（不公开）"),
            required=False,
            help_text=_("可多选；PDF、PNG、JPEG、DOCX 或 XLSX，每个不超过 20 MB。"),
        )

    @property
    def arguments(self) -> list[str]:
        """What was argued, in order."""
        return [self.cleaned_data[f"argument_{n}"] for n in range(1, _ARGUMENTS + 1)]


class AppealForm(DoorForm):
    """Why the decision is wrong."""

    text = forms.CharField(label=_("申诉理由"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))


class CorrectionForm(DoorForm):
    """What was put right."""

    correction = forms.CharField(label=_("整改情况"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))


class ReentryForm(CorrectionForm):
    """Back in: what was put right, and the commitment signed anew."""

    signed = forms.BooleanField(
        label=_("重新签署信用承诺"), error_messages={"required": _("重新入驻须重新签署信用承诺")}
    )
