"""The form that a file of tenders comes in with."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """One file; what it holds is judged by `opendata.rules.importing`."""

    file = forms.FileField(
        label=_("OCDS 文件"),
        help_text=_("release package、record package，或每行一条的 .jsonl；不超过 2 MB、50 项"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.jsonl,application/json"}),
    )
