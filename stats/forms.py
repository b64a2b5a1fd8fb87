"""What somebody wants figures of."""

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stats.queries.report import Chosen
from stats.rules.periods import Span, period
from stats.sections.names import Names

_SPANS = {
    Span.YEAR: _("近 12 个月"),
    Span.QUARTER: _("近 3 个月"),
    Span.CALENDAR: _("今年"),
    Span.ALL: _("全部"),
}


class ChosenForm(forms.Form):
    """Period, city and item; nothing chosen is the last twelve months of everything."""

    period = forms.ChoiceField(
        label=_("期间"), required=False, choices=[(span.value, label) for span, label in _SPANS.items()]
    )
    region = forms.ChoiceField(label=_("项目所在地"), required=False)
    item = forms.ChoiceField(label=_("事项"), required=False)

    def __init__(self, data: QueryDict, names: Names) -> None:
        super().__init__({name: data.get(name, "") for name in ("period", "region", "item")})
        cities = sorted(code for code in names.regions if code.startswith("62") and code != "620000")
        self._region.choices = [("", _("全省")), *[(code, names.region(code)) for code in cities]]
        self._item.choices = [("", _("全部事项")), *[(code, names.item(code)) for code in sorted(names.items)]]

    @property
    def _region(self) -> forms.ChoiceField:
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        return field

    @property
    def _item(self) -> forms.ChoiceField:
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        return field

    def chosen(self, now: datetime) -> Chosen:
        """What was asked for; what is none of the choices is left out, so that an old link still shows something."""
        self.is_valid()
        said = self.cleaned_data
        span = Span(said.get("period") or Span.YEAR.value)
        return Chosen(period(span, now), said.get("region", ""), said.get("item", ""))
