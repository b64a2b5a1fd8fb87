"""Forms of people and organisations. They parse and keep what was typed; the rules are asked, not repeated."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.actions import Applicant
from accounts.models import Kind, Role, User
from accounts.policies import INVITABLE
from core.errors import Refused, sentence
from core.models import Region
from core.queries import regions
from core.text import clean

_password_help = lazy(password_validators_help_text_html, str, SafeString)


class UsccField(forms.CharField):
    """A 统一社会信用代码, told exactly what is wrong with it."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("统一社会信用代码"),
            "help_text": _("18 位，见营业执照；不含字母 I、O、Z、S、V"),
            "max_length": 40,
            "widget": forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
            ),
        }
        super().__init__(**{**defaults, **options})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return rules.read_uscc(text) if text else text
        except Refused as refused:
            raise _told(refused) from refused


class TextField(forms.CharField):
    """One line of text in its normal form."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class RegionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A province of China or a prefecture of Gansu."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"queryset": regions(), "label": _("所在地区"), "empty_label": _("请选择"), **options})

    def label_from_instance(self, obj: Any) -> str:
        region: Region = obj
        return region.name


class PasswordForm(forms.Form):
    """A new password, checked against the person's own name and address."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        help_text=_password_help(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def person(self) -> User:
        """Whose password it will be."""
        return User(email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("contact_name", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            try:
                validate_password(password, self.person())
            except ValidationError as error:
                self.add_error("password", error)
        return data


class RegistrationForm(PasswordForm):
    """Everything that entry asks: who you are, how to reach you, and your commitment. No upload, no approval (P19.1)."""

    name = TextField(
        label=_("单位名称"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    uscc = UsccField()
    region = RegionField(help_text=_("只用于展示和检索，不限制您在哪里承接业务"))
    contact_name = TextField(label=_("联系人"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contact_phone = TextField(
        label=_("联系电话"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    email = forms.EmailField(
        label=_("电子邮箱"), help_text=_("用于登录和接收通知"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    commitment = forms.BooleanField(label=_("我已阅读并代表本单位签署以上承诺"), required=False)

    field_order = ["name", "uscc", "region", "contact_name", "contact_phone", "email", "password", "commitment"]

    def clean_commitment(self) -> bool:
        """Told with everything else that is missing, not after it."""
        signed: bool = self.cleaned_data["commitment"]
        try:
            rules.judge_commitment(signed=signed)
        except Refused as refused:
            raise _told(refused) from refused
        return signed

    def applicant(self) -> Applicant:
        """The form's answers; only after `is_valid`."""
        data = self.cleaned_data
        return Applicant(
            name=data["name"],
            uscc=data["uscc"],
            region=data["region"].code,
            contact_name=data["contact_name"],
            contact_phone=data["contact_phone"],
            email=data["email"],
            password=data["password"],
        )


class InviteOrganisationForm(forms.Form):
    """An operator gives a department or regulator its place."""

    kind = forms.ChoiceField(label=_("类型"), choices=[(kind.value, kind.label) for kind in INVITABLE])
    name = TextField(label=_("单位名称"), max_length=120)
    uscc = UsccField(help_text=_("18 位，见统一社会信用代码证书"))
    region = RegionField()
    field = TextField(
        label=_("主管领域"), max_length=40, required=False, help_text=_("部门填写，例如 水利；监管部门可不填")
    )
    email = forms.EmailField(label=_("经办人电子邮箱"))

    def as_arguments(self) -> dict[str, Any]:
        """What `actions.invite_organisation` takes; only after `is_valid`."""
        region: Region = self.cleaned_data["region"]
        return {**self.cleaned_data, "kind": Kind(self.cleaned_data["kind"]), "region": region}


class InviteMemberForm(forms.Form):
    """An owner invites a colleague."""

    email = forms.EmailField(label=_("同事的电子邮箱"))
    role = forms.ChoiceField(
        label=_("角色"), choices=Role.choices, initial=Role.MEMBER, help_text=_("管理员还可以邀请其他同事")
    )


class AcceptForm(PasswordForm):
    """Who takes up an invitation, with a new account."""

    contact_name = TextField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contact_phone = TextField(
        label=_("联系电话"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )

    field_order = ["contact_name", "contact_phone", "password"]


def _told(refused: Refused) -> ValidationError:
    parts = (refused.text, sentence(refused.basis), refused.remedy)
    return ValidationError("。".join(part for part in parts if part), code=refused.code)
