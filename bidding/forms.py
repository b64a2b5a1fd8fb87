"""Forms of selection: a bid without sockets is the same bid."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core.money import parse
from marketplace.models import ServiceItem
from marketplace.queries import items_in_public


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


class PlanForm(forms.Form):
    """An unnamed plan; the name of the file is dropped."""

    plan = forms.FileField(
        label=_("方案文件（PDF 或 DOCX，不超过 20 MB）"),
        help_text=_(
            "方案中不得出现机构名称、代码、人员姓名、电话或标志；文档属性中的作者和单位也须清除。文件名不会保存。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx"}),
    )


class ExpertForm(forms.Form):
    """Who joins the pool of experts: a member of an organisation, by the address they sign in with, for some items or all."""

    email = forms.EmailField(label=_("登录邮箱"), help_text=_("须已是某单位的成员；该单位即其受聘单位，据此回避。"))
    items = forms.MultipleChoiceField(
        label=_("熟悉的事项"), required=False, help_text=_("不选表示全部事项。"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(item.code, item.name) for item in items_in_public()]
        self.fields["items"].choices = choices  # type: ignore[attr-defined]

    def clean_email(self) -> Membership:
        """The member and who employs them."""
        found = Membership.objects.filter(user__email__iexact=self.cleaned_data["email"])
        member = found.select_related("user", "organisation").first()
        if member is None:
            raise forms.ValidationError(_("没有这样的单位成员"))
        return member

    def clean_items(self) -> list[ServiceItem]:
        """The items themselves."""
        return list(items_in_public().filter(pk__in=self.cleaned_data["items"]))


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


class HiddenPriceForm(BidForm):
    """A floor or a sealed price by plain POST; `withdraw` takes a floor back and needs no amount."""

    amount = forms.CharField(label=_("金额（元）"), max_length=24, required=False)
    withdraw = forms.CharField(required=False)

    def clean_amount(self) -> int:
        return 0 if "withdraw" in self.data else super().clean_amount()
