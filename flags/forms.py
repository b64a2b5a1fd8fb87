"""Forms of the officers who look after flags. They parse; the rules are asked, not repeated."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms import DoorForm
from core.models import Region
from marketplace.models import ItemStatus, ServiceItem
from ratings.models import Measure


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DismissForm(DoorForm):
    """Which innocent explanation holds."""

    reason = forms.CharField(label=_("排除理由"), max_length=2000, widget=_long(3))


class WatchForm(DoorForm):
    """What one waits for."""

    reason = forms.CharField(label=_("观察什么"), max_length=2000, widget=_long(2))


class CaseForm(DoorForm):
    """An exit case, filled in with what the rule saw."""

    agency = forms.ChoiceField(label=_("对哪家机构立案"))
    proposed = forms.ChoiceField(
        label=_("拟作出的处理"),
        choices=[(one.value, one.label) for one in (Measure.WARN, Measure.SUSPEND, Measure.REMOVE)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("事实"), max_length=2000, widget=_long(5))

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = agencies


class ReferForm(DoorForm):
    """To whom, and why."""

    to = forms.CharField(label=_("移送单位"), max_length=120)
    reason = forms.CharField(label=_("移送的事实与理由"), max_length=2000, widget=_long(4))


class ConcludeForm(DoorForm):
    """What came of what was referred."""

    confirmed = forms.ChoiceField(
        label=_("结果"), choices=[("yes", _("证实（公开）")), ("no", _("未证实"))], widget=forms.RadioSelect
    )
    conclusion = forms.CharField(label=_("结论与依据"), max_length=2000, widget=_long(3))


class MarketForm(forms.Form):
    """Which market a network shows."""

    item = forms.ChoiceField(label=_("服务事项"), required=False)
    region = forms.ChoiceField(label=_("地区"), required=False)

    def __init__(
        self, *args: Any, items: list[tuple[str, str]], regions: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, choices in (("item", items), ("region", regions)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *choices]

    @property
    def market(self) -> tuple[str, str]:
        """Item and region as they were asked for; empty is all, and what is none of the choices is all of both."""
        if not self.is_valid():
            return "", ""
        return self.cleaned_data["item"], self.cleaned_data["region"]


def market_form(data: Any) -> MarketForm:
    """A choice among the published items and the regions that have requests."""
    items = ServiceItem.objects.filter(status=ItemStatus.PUBLISHED).order_by("pk")
    regions = Region.objects.filter(request__isnull=False).distinct().order_by("pk")
    return MarketForm(
        data or None, items=[(one.pk, one.name) for one in items], regions=[(one.pk, one.name) for one in regions]
    )
