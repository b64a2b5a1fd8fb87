"""Forms of the credit page: object, ask for repair, answer an objection; and the calculator of what would be."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm


class ObjectForm(DoorForm):
    """Why the act should not count."""

    text = forms.CharField(label=_("异议理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class RepairForm(DoorForm):
    """What was put right."""

    text = forms.CharField(label=_("整改情况"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(DoorForm):
    """An officer lets the act stand, or strikes it."""

    upheld = forms.ChoiceField(
        label=_("答复"),
        choices=[("yes", _("异议成立，撤销扣分")), ("no", _("异议不成立，维持扣分"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class WhatIfForm(forms.Form):
    """如果: one more contract, another act, some days."""

    x = forms.DecimalField(
        label=_("再得一份评价（0 至 1）"), required=False, min_value=0, max_value=1, decimal_places=2
    )
    act = forms.ChoiceField(label=_("再有一项行为"), required=False)
    days = forms.IntegerField(label=_("过多少日"), required=False, min_value=0, max_value=1500)
