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


class HiddenPriceForm(BidForm):
    """A floor or a sealed price by plain POST; `withdraw` takes a floor back and needs no amount."""

    amount = forms.CharField(label=_("金额（元）"), max_length=24, required=False)
    withdraw = forms.CharField(required=False)

    def clean_amount(self) -> int:
        return 0 if "withdraw" in self.data else super().clean_amount()
