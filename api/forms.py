"""Forms of verbs whose pages read a field or two by hand; the actions say what is wrong with them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(label=_("文件"))


class TextForm(DoorForm):
    """What somebody has to say."""

    text = forms.CharField(label=_("内容（公开）"), max_length=5000, required=False)


class DecisionForm(TextForm):
    """Yes or no, and why."""

    upheld = forms.BooleanField(label=_("是否成立"), required=False)


class LowForm(TextForm):
    """Whether a low price is accepted, and why."""

    accepted = forms.BooleanField(label=_("是否接受"), required=False)


class PickForm(forms.Form):
    """One of the short list, and why."""

    label = forms.CharField(label=_("代号"), max_length=40, required=False)
    reason = forms.CharField(label=_("理由（公开）"), max_length=2000, required=False)


class WhyForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("理由（公开）"), max_length=2000, required=False)


class MarksForm(forms.Form):
    """An expert's marks: `points-<label>` and `reason-<label>` for each plan."""
