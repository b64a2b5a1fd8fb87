"""Forms of draws: what a browser computed is posted as text and read by the rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership


class KeyForm(forms.Form):
    """A trustee's public key; the private one stays in the browser."""

    public_key = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SharesForm(forms.Form):
    """A trustee's shares of everything that waits for them."""

    shares = forms.CharField(widget=forms.HiddenInput, max_length=1_000_000)


class NominationForm(forms.Form):
    """Who is to be a trustee: a member of an organisation, by the address they sign in with."""

    email = forms.EmailField(label=_("登录邮箱"), help_text=_("须已是某单位的成员，平台自身和采购人不宜担任"))

    def clean_email(self) -> Membership:
        """The member and what they stand for."""
        found = (
            Membership.objects.filter(user__email__iexact=self.cleaned_data["email"])
            .select_related("user", "organisation")
            .first()
        )
        if found is None:
            raise forms.ValidationError(_("没有这样的单位成员"))
        return found


class OffersForm(forms.Form):
    """A contribution to each of many draws."""

    offers = forms.CharField(widget=forms.HiddenInput, max_length=200_000)


class NoncesForm(forms.Form):
    """The bytes contributed, to be opened; filled in where they were made."""

    nonces = forms.CharField(
        label=_("当时生成的随机数"),
        max_length=20_000,
        help_text=_("在提交时所用的浏览器中会自动填入；更换设备的，请粘贴当时下载的文件内容。"),
    )
