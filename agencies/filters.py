"""The directory's FilterSet, and how its state is told back: a sentence, chips, and which filter to drop."""

from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import django_filters

from agencies import queries
from agencies.models import Agency, Grade, Standing
from core import filtering
from core.filtering import Loosened, chips
from core.queries import regions
from core.text import Pinyin, clean

_PROVINCE_ENDS = "0000"
_SORTS = [
    ("newest", gettext_lazy("最新入驻")),
    ("name", gettext_lazy("名称拼音")),
    ("credit", gettext_lazy("信用评分")),
]


def _region_choices() -> list[tuple[str, str]]:
    return [(region.code, region.name) for region in regions()]


class AgencyFilter(django_filters.FilterSet):
    """Text, region, offered item, grade, standing and order."""

    q = django_filters.CharFilter(
        method="by_text",
        label=gettext_lazy("搜索"),
        help_text=gettext_lazy("名称、拼音首字母或统一社会信用代码"),
        max_length=80,
    )
    region = django_filters.ChoiceFilter(
        method="by_region", label=gettext_lazy("地区"), choices=_region_choices, empty_label=gettext_lazy("全国")
    )
    item = django_filters.ChoiceFilter(
        method="by_item",
        label=gettext_lazy("服务事项"),
        choices=queries.offered_items,
        empty_label=gettext_lazy("全部事项"),
    )
    grade = django_filters.ChoiceFilter(
        label=gettext_lazy("信用等级"), choices=Grade.choices, empty_label=gettext_lazy("全部等级")
    )
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Standing.choices, empty_label=gettext_lazy("全部状态")
    )
    sort = django_filters.ChoiceFilter(method="in_order", label=gettext_lazy("排序"), choices=_SORTS, empty_label=None)

    class Meta:
        model = Agency
        fields = ["q", "region", "item", "grade", "standing", "sort"]

    def by_text(self, rows: QuerySet[Agency], _name: str, value: str) -> QuerySet[Agency]:
        """Part of the name, of the pinyin initials, or the beginning of the code."""
        text = clean(value)
        if not text.isascii():
            return rows.filter(organisation__name__icontains=text)
        named = Q(organisation__name__icontains=text) | Q(pinyin__contains=text.lower())
        return rows.filter(named | Q(organisation__uscc__startswith=text.upper()))

    def by_region(self, rows: QuerySet[Agency], _name: str, code: str) -> QuerySet[Agency]:
        """A province with all that lies in it, or one prefecture."""
        if code.endswith(_PROVINCE_ENDS):
            return rows.filter(organisation__region__code__startswith=code[:2])
        return rows.filter(organisation__region=code)

    def by_item(self, rows: QuerySet[Agency], _name: str, code: str) -> QuerySet[Agency]:
        """Those that offer the item."""
        return rows.filter(offerings__item__code=code)

    def in_order(self, rows: QuerySet[Agency], _name: str, value: str) -> QuerySet[Agency]:
        """The last word on order; `ordered` gives the default."""
        return _ordered(rows, value)

    @property
    def ordered(self) -> QuerySet[Agency]:
        """The agencies found, newest first unless the reader chose otherwise."""
        found: QuerySet[Agency] = self.qs
        return found if found.query.order_by else _ordered(found, "newest")


def summary(found: AgencyFilter, count: int) -> str:
    """`甘肃省、水土保持方案编制、A 级的 12 家机构`."""
    said = _("、").join(chip.value for chip in chips(found))
    if not said:
        return _("全部 %(count)s 家机构") % {"count": count}
    return _("%(filters)s的 %(count)s 家机构") % {"filters": said, "count": count}


def loosened(found: AgencyFilter) -> list[Loosened]:
    """For an empty page: each filter whose removal would find something, the richest first."""
    return filtering.loosened(found, lambda data: AgencyFilter(data, queryset=queries.directory()))


def _ordered(rows: QuerySet[Agency], by: str) -> QuerySet[Agency]:
    match by:
        case "name":
            return rows.order_by(Pinyin("organisation__name"), "pk")
        case "credit":
            middle = Value(queries.median_credit(rows) or 0.0, FloatField())
            # R7: a new agency counts as the median, so it is never ranked last for being new.
            ranked = Coalesce(Cast("credit", FloatField()), middle).desc()
            # Nor behind those that have just that.
            return rows.order_by(ranked, F("credit").asc(nulls_first=True), "-registered_at", "pk")
        case _:
            return rows.order_by("-registered_at", "-pk")
