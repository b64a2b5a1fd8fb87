"""The directory's FilterSet, and how its state is told back: a sentence, chips, and which filter to drop."""

import re
from typing import Any

from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import django_filters

from agencies import queries
from agencies.models import Agency, Grade, Standing
from core import filtering, pages
from core.filtering import Loosened, Searching, told
from core.queries import lies_in, regions
from core.search import asking
from core.text import Pinyin, clean

_GANSU = "620000"
_CODE = re.compile(r"[0-9][0-9A-Z]{3,17}")
_ORIGINS = [("inside", gettext_lazy("本省机构")), ("outside", gettext_lazy("外省机构"))]
_SORTS = [
    ("newest", gettext_lazy("最新入驻")),
    ("name", gettext_lazy("名称拼音")),
    ("credit", gettext_lazy("信用评分")),
]


def _region_choices() -> list[tuple[str, str]]:
    return [(region.code, region.name) for region in regions()]


class AgencyFilter(Searching):
    """Text, region, inside or outside the province, offered item, grade, standing and order."""

    searched = ("pinyin",)
    # What a new agency counts as, where the order is by credit.
    _middle: float | None = None

    q = django_filters.CharFilter(
        method="by_text",
        label=gettext_lazy("搜索"),
        help_text=gettext_lazy("名称、拼音首字母或统一社会信用代码"),
        max_length=80,
    )
    region = django_filters.ChoiceFilter(
        method="by_region", label=gettext_lazy("地区"), choices=_region_choices, empty_label=gettext_lazy("全国")
    )
    origin = django_filters.ChoiceFilter(
        method="by_origin", label=gettext_lazy("来源"), choices=_ORIGINS, empty_label=gettext_lazy("不限")
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
    sort = django_filters.ChoiceFilter(
        method="in_order",
        label=gettext_lazy("排序"),
        choices=_SORTS,
        empty_label=gettext_lazy("默认（搜索时按匹配度）"),
    )

    class Meta:
        model = Agency
        fields = ["q", "region", "origin", "item", "grade", "standing", "sort"]

    def by_text(self, rows: QuerySet[Agency], _name: str, value: str) -> QuerySet[Agency]:
        """The beginning of the code, or words in the name, its initials or what the agency says of itself."""
        text = clean(value)
        if _CODE.fullmatch(text.upper()):
            return rows.filter(organisation__uscc__startswith=text.upper())
        return self.finding(rows, asking.asked(text))

    def by_origin(self, rows: QuerySet[Agency], _name: str, value: str) -> QuerySet[Agency]:
        """From Gansu, or from elsewhere."""
        inside = lies_in("organisation__region", _GANSU)
        return rows.filter(inside if value == "inside" else ~inside)

    def by_region(self, rows: QuerySet[Agency], _name: str, code: str) -> QuerySet[Agency]:
        """A province with all that lies in it, or one prefecture."""
        return rows.filter(lies_in("organisation__region", code))

    def by_item(self, rows: QuerySet[Agency], _name: str, code: str) -> QuerySet[Agency]:
        """Those that offer the item."""
        return rows.filter(offerings__item__code=code)

    def in_order(self, rows: QuerySet[Agency], _name: str, value: str) -> QuerySet[Agency]:
        """The last word on order."""
        if value == "credit":
            self._middle = queries.median_credit(rows) or 0.0
            return _by_credit(rows, self._middle)
        return _ordered(rows, value)

    @property
    def qs(self) -> Any:
        """The agencies found, newest first unless the reader chose otherwise."""
        found = super().qs
        return found if found.query.order_by else _ordered(found, "newest")

    @property
    def pages(self) -> pages.Pages:
        """What was found, page by page; by credit, each page walks to where it begins."""
        rows = self.qs
        return super().pages if self._middle is None else _RankedPages(rows, self._middle)


def summary(found: AgencyFilter, count: int) -> str:
    """`甘肃省、水土保持方案编制、A 级的 12 家机构`."""
    said, many = told(found), pages.shown(count)
    if not said:
        return _("全部 %(count)s 家机构") % {"count": many}
    return _("%(filters)s的 %(count)s 家机构") % {"filters": said, "count": many}


def loosened(found: AgencyFilter) -> list[Loosened]:
    """For an empty page: each filter whose removal would find something, the richest first."""
    return filtering.loosened(found, lambda data: AgencyFilter(data, queryset=queries.directory()))


def _ordered(rows: QuerySet[Agency], by: str) -> QuerySet[Agency]:
    if by == "name":
        return rows.order_by(Pinyin("organisation__name"), "pk")
    return rows.order_by("-registered_at", "-pk")


def _by_credit(rows: QuerySet[Agency], middle: float) -> QuerySet[Agency]:
    # R7: a new agency counts as the median, so it is never ranked last for being new.
    ranked = Coalesce(Cast("credit", FloatField()), Value(middle, FloatField())).desc()
    # Nor behind those that have just that.
    return rows.order_by(ranked, F("credit").asc(nulls_first=True), "-registered_at", "pk")


class _RankedPages(pages.KeyedPages):
    """Pages in the order of `_by_credit`, which no index has: its parts have one."""

    def __init__(self, rows: QuerySet[Agency], middle: float) -> None:
        super().__init__(rows)
        self._middle = middle

    def keys(self, first: int, beyond: int) -> list[int]:
        return queries.ranked_keys(self._rows, self._middle, beyond)[first:]
