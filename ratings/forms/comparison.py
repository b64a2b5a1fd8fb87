"""The form that records a choice. It parses; the rules are asked, not repeated."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ChoiceForm(forms.Form):
    """Why this agency."""

    text = forms.CharField(
        label=_("选择理由（公开）"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明与比较中其他机构相比为什么选这一家。不写电话、证件号等个人信息。"),
    )
