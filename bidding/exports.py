"""The lists of live auctions and of awards as anybody may take them away. Before the award, labels only (I5)."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bidding import queries
from bidding.filters import AwardFilter, LiveFilter
from bidding.models import AuctionStatus, Award, AwardStatus
from core.calendars import Date
from core.clock import database_now
from core.exports import Column, Entry, Listing, Value, valid
from core.money import shown, wire
from marketplace.models import Request


def _yuan(amount: int | None) -> Value:
    return None if amount is None else Decimal(wire(amount))


def _live(request: HttpRequest) -> QuerySet[Request]:
    found: QuerySet[Request] = valid(LiveFilter(request.GET, queryset=queries.running_or_soon())).qs
    return found


def _live_entries(rows: list[Request]) -> Iterator[Entry]:
    for row in rows:
        said = [row.number or "", row.buyer.name, row.item.name, row.auction.get_status_display()]
        assert row.enrol_until is not None
        path = reverse("room", args=[row.number])
        # It came up when enrolment ended.
        yield Entry(row.number or "", row.title, row.enrol_until, path, " · ".join(map(str, said)))


def _live_dates(row: Request) -> Iterator[Date]:
    """When it opens, or when it closes as things stand."""
    live = row.auction.status == AuctionStatus.LIVE
    yield Date(
        key=f"{row.number}-{'close' if live else 'open'}",
        at=row.auction.closes_at if live else row.auction.opens_at,
        title=(_("竞价截止：%(title)s") if live else _("竞价开始：%(title)s")) % {"title": row.title},
        text="\n".join([row.number or "", row.buyer.name, row.item.name]),
        path=reverse("room", args=[row.number]),
    )


LIVE = Listing[Request](
    name="live",
    page="live_list",
    title=gettext_lazy("正在竞价"),
    rows=_live,
    columns=(
        Column("number", gettext_lazy("编号"), lambda row: row.number),
        Column("title", gettext_lazy("项目名称"), lambda row: row.title),
        Column("buyer", gettext_lazy("采购人"), lambda row: row.buyer.name),
        Column("item", gettext_lazy("事项编码"), lambda row: row.item_id),
        Column("item_name", gettext_lazy("服务事项"), lambda row: row.item.name),
        Column("region_name", gettext_lazy("项目所在地"), lambda row: row.region.name),
        Column(
            "status",
            gettext_lazy("状态"),
            lambda row: row.auction.get_status_display(),
            plain=lambda row: row.auction.status,
        ),
        Column("ceiling", gettext_lazy("最高限价（元）"), lambda row: _yuan(row.auction.ceiling)),
        Column("best", gettext_lazy("当前最低价（元）"), lambda row: _yuan(row.auction.best)),
        Column("bids", gettext_lazy("报价次数"), lambda row: row.auction.bid_count),
        Column("opens_at", gettext_lazy("竞价开始"), lambda row: row.auction.opens_at),
        Column("closes_at", gettext_lazy("竞价截止"), lambda row: row.auction.closes_at),
        Column("address", gettext_lazy("网址"), lambda row: settings.SITE_URL + reverse("room", args=[row.number])),
    ),
    entries=_live_entries,
    dates=_live_dates,
)


def _awards(request: HttpRequest) -> QuerySet[Award]:
    found: QuerySet[Award] = valid(AwardFilter(request.GET, queryset=queries.awards_newest_first())).qs
    return found


def _award_path(award: Award) -> str:
    return reverse("award_page", args=[award.request.number])


def _award_entries(rows: list[Award]) -> Iterator[Entry]:
    for row in rows:
        said = [
            row.request.number or "",
            row.request.buyer.name,
            row.winner.agency.organisation.name,
            shown(row.amount),
            row.get_status_display(),
        ]
        key = f"{row.request.number}-{row.pk}"
        yield Entry(key, row.request.title, row.published_at, _award_path(row), " · ".join(map(str, said)))


def _in_standstill(rows: QuerySet[Award]) -> QuerySet[Award]:
    return rows.filter(status=AwardStatus.STANDSTILL, standstill_until__gt=database_now())


def _award_dates(row: Award) -> Iterator[Date]:
    yield Date(
        key=f"{row.request.number}-{row.pk}-standstill",
        at=row.standstill_until,
        title=_("异议截止：%(title)s") % {"title": row.request.title},
        text="\n".join([row.request.number or "", row.request.buyer.name, row.winner.agency.organisation.name]),
        path=_award_path(row),
    )


AWARDS = Listing[Award](
    name="awards",
    page="award_list",
    title=gettext_lazy("中选公告"),
    rows=_awards,
    columns=(
        Column("number", gettext_lazy("编号"), lambda row: row.request.number),
        Column("title", gettext_lazy("项目名称"), lambda row: row.request.title),
        Column("buyer", gettext_lazy("采购人"), lambda row: row.request.buyer.name),
        Column("buyer_uscc", gettext_lazy("采购人统一社会信用代码"), lambda row: row.request.buyer.uscc),
        Column("item", gettext_lazy("事项编码"), lambda row: row.request.item_id),
        Column("item_name", gettext_lazy("服务事项"), lambda row: row.request.item.name),
        Column("region_name", gettext_lazy("项目所在地"), lambda row: row.request.region.name),
        Column(
            "method",
            gettext_lazy("选取方式"),
            lambda row: row.request.get_method_display(),
            plain=lambda row: row.request.method,
        ),
        Column("winner", gettext_lazy("中选人"), lambda row: row.winner.agency.organisation.name),
        Column("winner_uscc", gettext_lazy("统一社会信用代码"), lambda row: row.winner.agency.uscc),
        Column("ceiling", gettext_lazy("最高限价（元）"), lambda row: _yuan(row.request.ceiling)),
        Column("amount", gettext_lazy("中选价（元）"), lambda row: _yuan(row.amount)),
        Column("status", gettext_lazy("状态"), lambda row: row.get_status_display(), plain=lambda row: row.status),
        Column("published_at", gettext_lazy("公告时间"), lambda row: row.published_at),
        Column("standstill_until", gettext_lazy("异议截止"), lambda row: row.standstill_until),
        Column("address", gettext_lazy("网址"), lambda row: settings.SITE_URL + _award_path(row)),
    ),
    entries=_award_entries,
    dates=_award_dates,
    dated=_in_standstill,
)
