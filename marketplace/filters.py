"""The FilterSet of requests, and how its state is told back."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import django_filters

from accounts.models import Kind
from core import filtering
from core.clock import database_now
from core.filtering import Loosened, Searching, told
from core.queries import lies_in, regions
from core.text import clean
from marketplace import queries, searching
from marketplace.models import CommissionedBy, FeeMode, Method, Request, RequestStatus, ServiceItem

_WAN = 1_000_000  # fen in 万元
_CEILINGS = [
    ("0-5", gettext_lazy("5 万元以下")),
    ("5-10", gettext_lazy("5–10 万元")),
    ("10-30", gettext_lazy("10–30 万元")),
    ("30-", gettext_lazy("30 万元以上")),
]
_CLOSING = [("1", gettext_lazy("24 小时内截止")), ("7", gettext_lazy("7 天内截止"))]
_SORTS = [
    ("newest", gettext_lazy("最新发布")),
    ("closing", gettext_lazy("最先截止")),
    ("ceiling", gettext_lazy("限价从高到低")),
]
BUYERS = [(Kind.ENTERPRISE.value, Kind.ENTERPRISE.label), (Kind.DEPARTMENT.value, Kind.DEPARTMENT.label)]


def item_choices() -> list[tuple[str, str]]:
    """`(code, name in the reader's language)` of the retained items."""
    return [(item.code, item.name) for item in queries.items_in_public()]


def region_choices() -> list[tuple[str, str]]:
    """`(code, name in the reader's language)` of the regions in force."""
    return [(region.code, region.name) for region in regions()]


def _status_choices() -> list[tuple[str, Any]]:
    return [(value, label) for value, label in RequestStatus.choices if value != RequestStatus.DRAFT]


def of_item(field_name: str) -> django_filters.ChoiceFilter:
    """Of one retained item."""
    return django_filters.ChoiceFilter(
        field_name=field_name,
        label=gettext_lazy("事项"),
        choices=item_choices,
        empty_label=gettext_lazy("全部事项"),
    )


def of_region(field_name: str) -> django_filters.ChoiceFilter:
    """Of a province with all that lies in it, or one prefecture."""
    return django_filters.ChoiceFilter(
        field_name=field_name,
        method=_within,
        label=gettext_lazy("地区"),
        choices=region_choices,
        empty_label=gettext_lazy("全国"),
    )


def of_buyer(field_name: str) -> django_filters.ChoiceFilter:
    """Of buyers of one kind."""
    return django_filters.ChoiceFilter(
        field_name=field_name, label=gettext_lazy("采购人"), choices=BUYERS, empty_label=gettext_lazy("全部")
    )


def of_method(field_name: str) -> django_filters.ChoiceFilter:
    """Selected in one way."""
    return django_filters.ChoiceFilter(
        field_name=field_name,
        label=gettext_lazy("选取方式"),
        choices=Method.choices,
        empty_label=gettext_lazy("全部方式"),
    )


def in_order_of(sorts: list[tuple[str, Any]]) -> django_filters.ChoiceFilter:
    """Sorted as the reader chose; the FilterSet's `in_order` knows how."""
    return django_filters.ChoiceFilter(
        method="in_order",
        label=gettext_lazy("排序"),
        choices=sorts,
        empty_label=gettext_lazy("默认（搜索时按匹配度）"),
    )


def _within(rows: QuerySet[Any], field_name: str, code: str) -> QuerySet[Any]:
    return rows.filter(lies_in(field_name, code))


class RequestFilter(Searching):
    """Text, item, region, kind of buyer, ceiling, state, deadline, method and order."""

    searched = ("title",)

    q = django_filters.CharFilter(
        method="by_text",
        label=gettext_lazy("搜索"),
        help_text=gettext_lazy("项目、事项、采购人或编号，也可用简称和拼音首字母"),
        max_length=80,
    )
    item = of_item("item")
    region = of_region("region")
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=_status_choices, empty_label=gettext_lazy("全部状态")
    )
    buyer = of_buyer("buyer_kind")
    ceiling = django_filters.ChoiceFilter(
        method="by_ceiling", label=gettext_lazy("限价"), choices=_CEILINGS, empty_label=gettext_lazy("不限")
    )
    closing = django_filters.ChoiceFilter(
        method="by_closing", label=gettext_lazy("截止"), choices=_CLOSING, empty_label=gettext_lazy("不限")
    )
    method = of_method("method")
    sort = in_order_of(_SORTS)

    class Meta:
        model = Request
        fields = ["q", "item", "region", "status", "buyer", "ceiling", "closing", "method", "sort"]

    def by_text(self, rows: QuerySet[Request], _name: str, value: str) -> QuerySet[Request]:
        """The beginning of a number, a buyer's code, or words in title, item, buyer's name and description."""
        text = clean(value).upper()
        if searching.NUMBER.match(text):
            return rows.filter(number__startswith=text)
        if searching.USCC.fullmatch(text):
            return rows.filter(Q(buyer__uscc=text) | Q(direct_agency__organisation__uscc=text))
        return self.finding(rows, searching.asked(text))

    def by_ceiling(self, rows: QuerySet[Request], _name: str, value: str) -> QuerySet[Request]:
        """Between two amounts in 万元, the upper one left out."""
        low, high = value.split("-")
        rows = rows.filter(ceiling__gte=int(low) * _WAN)
        return rows.filter(ceiling__lt=int(high) * _WAN) if high else rows

    def by_closing(self, rows: QuerySet[Request], _name: str, days: str) -> QuerySet[Request]:
        """Taking enrolments, and no longer than so many days."""
        now = database_now()
        return rows.filter(
            status=RequestStatus.PUBLISHED, enrol_until__gt=now, enrol_until__lte=now + timedelta(days=int(days))
        )

    def in_order(self, rows: QuerySet[Request], _name: str, value: str) -> QuerySet[Request]:
        """The newest first unless the reader chose otherwise."""
        match value:
            case "closing":
                return rows.order_by("enrol_until", "pk")
            case "ceiling":
                return rows.order_by("-ceiling", "-pk")
            case _:
                return rows.order_by("-published_at", "-id")


class ItemFilter(django_filters.FilterSet):
    """Text, department, who commissions, and how the fee is set: of the catalogue's retained items."""

    q = django_filters.CharFilter(
        method="by_text",
        label=gettext_lazy("搜索"),
        help_text=gettext_lazy("名称、简称、拼音首字母、编码或审批事项"),
        max_length=80,
    )
    department = django_filters.ChoiceFilter(
        field_name="department_zh",
        label=gettext_lazy("主管部门"),
        choices=queries.item_departments,
        empty_label=gettext_lazy("全部部门"),
    )
    payer = django_filters.ChoiceFilter(
        field_name="commissioned_by",
        label=gettext_lazy("委托主体"),
        choices=CommissionedBy.choices,
        empty_label=gettext_lazy("不限"),
    )
    fee = django_filters.ChoiceFilter(
        field_name="fee_mode",
        label=gettext_lazy("收费方式"),
        choices=FeeMode.choices,
        empty_label=gettext_lazy("不限"),
    )

    class Meta:
        model = ServiceItem
        fields = ["q", "department", "payer", "fee"]

    def by_text(self, rows: QuerySet[ServiceItem], _name: str, value: str) -> QuerySet[ServiceItem]:
        """Words in name, approval, department or note."""
        return rows.filter(pk__in=[item.pk for item in searching.items_like(clean(value))])


def item_summary(found: ItemFilter, count: int) -> str:
    """`水利的 3 个事项`."""
    said = told(found)
    if not said:
        return _("全部 %(count)s 个事项") % {"count": count}
    return _("%(filters)s的 %(count)s 个事项") % {"filters": said, "count": count}


def items_loosened(found: ItemFilter) -> list[Loosened]:
    """For an empty page of items: each filter whose removal would find something, the richest first."""
    return filtering.loosened(found, lambda data: ItemFilter(data, queryset=queries.items_in_public()))


def summary(found: RequestFilter, count: str) -> str:
    """`甘肃省、水土保持方案编制、7 天内截止的 12 个需求`."""
    said = told(found)
    if not said:
        return _("全部 %(count)s 个需求") % {"count": count}
    return _("%(filters)s的 %(count)s 个需求") % {"filters": said, "count": count}


def loosened(found: RequestFilter) -> list[Loosened]:
    """For an empty page: each filter whose removal would find something, the richest first."""

    def again(data: QueryDict) -> RequestFilter:
        return RequestFilter(data, queryset=queries.requests_in_public())

    return filtering.loosened(found, again)
