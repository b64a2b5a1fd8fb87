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


class OfferForm(forms.Form):
    """What a browser made of a price: read by the rules, never by a person."""

    offer = forms.CharField(widget=forms.HiddenInput, max_length=8000)


class OfferKeyForm(forms.Form):
    """The key of one's own sealed price, in hex."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
