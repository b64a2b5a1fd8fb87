"""Forms of selection: a bid without sockets is the same bid."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import parse


class BidForm(forms.Form):
    """A bid by plain POST: the same fields as over the socket."""

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    amount = forms.CharField(label=_("报价（元）"), max_length=24)
    confirmed = forms.BooleanField(label=_("我已核对金额"), required=False)

    def clean_amount(self) -> int:
        text: str = self.cleaned_data["amount"]
        try:
            return parse(text)
        except ValueError as error:
            raise forms.ValidationError(_("请填写金额，例如 100150 或 100150.00"), code="invalid") from error

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, checked."""
        return self.cleaned_data


class QuestionForm(forms.Form):
    """A question about a notice; public, unnamed."""

    text = forms.CharField(
        label=_("问题"),
        max_length=500,
        help_text=_("问题公开，不显示提问单位；不要写单位名称、姓名和联系方式。"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )


class AnswerForm(forms.Form):
    """The buyer's one answer to a question; public."""

    text = forms.CharField(
        label=_("答复"),
        max_length=1000,
        help_text=_("答复公开且不能再改；要改变公告内容的，请变更公告。"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )
