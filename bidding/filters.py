"""The FilterSets of live auctions and of awards, and how their state is told back."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import django_filters

from bidding import queries
from bidding.models import Award, AwardStatus
from core import filtering
from core.filtering import Loosened, Searching, told
from core.text import clean
from marketplace import searching
from marketplace.filters import RequestFilter, in_order_of, of_buyer, of_item, of_method, of_region
from marketplace.models import Request

_SORTS = [
    ("newest", gettext_lazy("最新公告")),
    ("amount", gettext_lazy("中选价从高到低")),
    ("saving", gettext_lazy("节约率从高到低")),
]


class LiveFilter(RequestFilter):
    """Text, item, region, kind of buyer and ceiling; what is live has its own order."""

    status = None
    closing = None
    method = None
    sort = None

    class Meta:
        model = Request
        fields = ["q", "item", "region", "buyer", "ceiling"]


class AwardFilter(Searching):
    """Text, item, region, kind of buyer, method, state and order."""

    searched = ("request__title", "winner__agency__pinyin")

    q = django_filters.CharFilter(
        method="by_text",
        label=gettext_lazy("搜索"),
        help_text=gettext_lazy("项目、事项、采购人、中选人或编号"),
        max_length=80,
    )
    item = of_item("request__item")
    region = of_region("request__region")
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=AwardStatus.choices, empty_label=gettext_lazy("全部状态")
    )
    buyer = of_buyer("request__buyer_kind")
    method = of_method("request__method")
    sort = in_order_of(_SORTS)

    class Meta:
        model = Award
        fields = ["q", "item", "region", "status", "buyer", "method", "sort"]

    def by_text(self, rows: QuerySet[Award], _name: str, value: str) -> QuerySet[Award]:
        """The beginning of a number, a code of buyer or winner, or words in the request or the winner's name."""
        text = clean(value).upper()
        if searching.NUMBER.match(text):
            return rows.filter(request__number__startswith=text)
        if searching.USCC.fullmatch(text):
            return rows.filter(Q(request__buyer__uscc=text) | Q(winner__agency__organisation__uscc=text))
        return self.finding(rows, searching.asked(text))

    def in_order(self, rows: QuerySet[Award], _name: str, value: str) -> QuerySet[Award]:
        """The newest first unless the reader chose otherwise."""
        match value:
            case "amount":
                return rows.order_by("-amount", "-pk")
            case "saving":
                return rows.order_by(F("amount") * 1.0 / F("request__ceiling"), "-pk")
            case _:
                return rows.order_by("-published_at", "-id")


def summary(found: AwardFilter, count: str) -> str:
    """`甘肃省、水土保持方案编制的 12 份中选公告`."""
    said = told(found)
    if not said:
        return _("全部 %(count)s 份中选公告") % {"count": count}
    return _("%(filters)s的 %(count)s 份中选公告") % {"filters": said, "count": count}


def live_summary(found: LiveFilter, running: int, soon: int) -> str:
    """`甘肃省：进行中 2 场，即将开始 5 场`."""
    said = _("进行中 %(running)s 场，即将开始 %(soon)s 场") % {"running": running, "soon": soon}
    filters = told(found)
    return _("%(filters)s：%(said)s") % {"filters": filters, "said": said} if filters else said


def loosened(found: AwardFilter) -> list[Loosened]:
    """For an empty page: each filter whose removal would find something, the richest first."""
    return filtering.loosened(found, lambda data: AwardFilter(data, queryset=queries.awards_newest_first()))
