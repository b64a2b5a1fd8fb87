"""Forms of imported lists."""

from datetime import date

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import TextField
from contracts.forms import DoorForm


class ListForm(DoorForm):
    """Which list, whose, and the file."""

    name = TextField(label=_("名单名称"), max_length=120, help_text=_("同一名单各期用同一名称"))
    authority = TextField(label=_("公布机关"), max_length=120)
    published_on = forms.DateField(
        label=_("公布日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = TextField(
        label=_("来源网址"),
        max_length=300,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput(),
    )
    file = forms.FileField(label=_("名单文件"), help_text=_("CSV 或 XLSX；先预览，确认后才导入"))

    def clean_published_on(self) -> date:
        """Nothing is published tomorrow."""
        day: date = self.cleaned_data["published_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("公布日期不能晚于今天"))
        return day


class CorrectionForm(DoorForm):
    """Why an agency does not belong on a list."""

    because = forms.CharField(
        label=_("更正理由（公开，不写个人信息）"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
