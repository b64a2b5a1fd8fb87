"""Forms by which an agency tells about itself. None of them gates entry."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.forms import RegionField, RegistrationForm, TextField
from accounts.models import Organisation
from accounts.queries import departments
from agencies.actions import Claim
from agencies.models import Agency, InsiderKind, Qualification, QualificationKind, TieNature
from agencies.queries import qualification_kinds
from core import files

_DATE = {"type": "date"}


class AgencyRegistrationForm(RegistrationForm):
    """Entry of an agency: the same one form, with a word on what its page will show."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact_name"].help_text = self.fields["contact_phone"].help_text = _(
            "在机构公开页面展示，便于业务联系"
        )


class ProfileForm(forms.Form):
    """What the public page says about the agency."""

    name = TextField(label=_("机构名称"), max_length=120)
    region = RegionField(help_text=_("只用于展示和检索，不限制您在哪里承接业务"))
    address = TextField(label=_("地址"), max_length=200, required=False)
    contact_name = TextField(label=_("联系人"), max_length=60)
    contact_phone = TextField(label=_("联系电话"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    legal_representative = TextField(
        label=_("法定代表人"), max_length=60, required=False, help_text=_("公开；同名法定代表人的登记会互相关联展示")
    )
    website = forms.URLField(label=_("网站"), required=False, assume_scheme="https")
    intro = forms.CharField(label=_("简介"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6}))

    @classmethod
    def showing(cls, agency: Agency) -> "ProfileForm":
        """The form filled with what is known."""
        organisation = agency.organisation
        own = {name: getattr(agency, name) for name in ("legal_representative", "website", "intro")}
        shared = ("name", "region", "address", "contact_name", "contact_phone")
        return cls(initial={**own, **{name: getattr(organisation, name) for name in shared}})


class KindField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A qualification that some law demands, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        kind: QualificationKind = obj
        return kind.name


class QualificationForm(forms.Form):
    """One certificate: stored once, reused in every bid (P13.2)."""

    kind = KindField(queryset=QualificationKind.objects.none(), label=_("资质"), empty_label=_("请选择"))
    number = TextField(label=_("证书编号"), max_length=60)
    issued_by = TextField(label=_("发证机关"), max_length=100)
    valid_from = forms.DateField(label=_("有效期自"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    valid_until = forms.DateField(label=_("有效期至"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    file = forms.FileField(
        label=_("证书扫描件"), required=False, help_text=_("可不传；PDF、PNG 或 JPEG，不超过 20 MB，将公开展示")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ModelChoiceField)
        kinds.queryset = qualification_kinds()

    @classmethod
    def showing(cls, row: Qualification) -> "QualificationForm":
        """The form filled with what was claimed."""
        names = ("kind", "number", "issued_by", "valid_from", "valid_until")
        return cls(initial={name: getattr(row, name) for name in names})

    def claim(self) -> Claim:
        """The form's answers, the upload stored; only after `is_valid`. Raises the refusals of `core.files`."""
        data = dict(self.cleaned_data)
        upload = data.pop("file")
        return Claim(**data, file=files.store(upload) if upload else None)


class TieForm(forms.Form):
    """A tie to a department, declared in public (P20.1)."""

    department = forms.ModelChoiceField(queryset=Organisation.objects.none(), label=_("部门"), empty_label=_("请选择"))
    nature = forms.ChoiceField(label=_("关系"), choices=TieNature.choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = departments()


class InsiderForm(forms.Form):
    """An owner or a licensed professional, declared in public (R2)."""

    kind = forms.ChoiceField(label=_("类别"), choices=InsiderKind.choices, widget=forms.RadioSelect)
    name = TextField(label=_("姓名或名称"), max_length=120)
    number = TextField(
        label=_("统一社会信用代码或证书编号"),
        max_length=40,
        required=False,
        help_text=_("股东为企业的填统一社会信用代码，为自然人的不填；专业人员填证书编号。不要填写身份证号。"),
    )
    share = forms.IntegerField(label=_("持股比例（%）"), required=False, min_value=25, max_value=100)


class WorkForm(forms.Form):
    """Past work that the agency shows."""

    title = TextField(label=_("项目名称"), max_length=120)
    client = TextField(label=_("委托单位"), max_length=120)
    year = forms.IntegerField(label=_("完成年份"), min_value=1980)
    summary = forms.CharField(
        label=_("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_year(self) -> int:
        """Finished work lies in the past."""
        year: int = self.cleaned_data["year"]
        if year > localdate().year:
            raise forms.ValidationError(_("完成年份不能晚于今年"), code="future")
        return year
