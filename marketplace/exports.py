"""The lists of the marketplace as anybody may take them away: requests, items, items no longer allowed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import Date
from core.clock import beijing_minute, database_now
from core.exports import NEVER, Column, Entry, Listing, valid
from core.money import shown, wire
from journal.models import Entry as Happened
from marketplace import queries
from marketplace.entries import Kind
from marketplace.filters import ItemFilter, RequestFilter
from marketplace.models import Method, Request, RequestStatus, ServiceItem


def _requests(request: HttpRequest) -> QuerySet[Request]:
    found: QuerySet[Request] = valid(RequestFilter(request.GET, queryset=queries.requests_in_public())).qs
    return found


def _path(request: Request) -> str:
    return reverse("request_page", args=[request.number])


def _enrol_until(request: Request) -> datetime | None:
    """Nobody enrols where the buyer named an agency."""
    return None if request.method == Method.DIRECT else request.enrol_until


def _request_entries(rows: list[Request]) -> Iterator[Entry]:
    for row in rows:
        assert row.published_at is not None
        said = [row.number or "", row.buyer.name, row.item.name, row.get_status_display(), shown(row.ceiling)]
        if row.status == RequestStatus.PUBLISHED and (until := _enrol_until(row)):
            said.append(_("报名截止 %(at)s") % {"at": beijing_minute(until)})
        yield Entry(row.number or "", row.title, row.published_at, _path(row), " · ".join(map(str, said)))


def _closing(rows: QuerySet[Request]) -> QuerySet[Request]:
    """Those that still take enrolments."""
    open_ones = rows.filter(status=RequestStatus.PUBLISHED, enrol_until__gt=database_now())
    return open_ones.exclude(method=Method.DIRECT)


def enrolment_ends(rows: Iterable[Request]) -> Iterator[Date]:
    """The date until which each takes enrolments."""
    for row in rows:
        assert row.enrol_until is not None
        yield Date(
            key=f"{row.number}-enrol",
            at=row.enrol_until,
            title=_("报名截止：%(title)s") % {"title": row.title},
            text="\n".join([row.number or "", row.buyer.name, row.item.name, shown(row.ceiling)]),
            path=_path(row),
        )


REQUESTS = Listing[Request](
    name="requests",
    page="request_list",
    title=gettext_lazy("采购公告"),
    rows=_requests,
    columns=(
        Column("number", gettext_lazy("编号"), lambda row: row.number),
        Column("title", gettext_lazy("项目名称"), lambda row: row.title),
        Column("status", gettext_lazy("状态"), lambda row: row.get_status_display(), plain=lambda row: row.status),
        Column("buyer", gettext_lazy("采购人"), lambda row: row.buyer.name),
        Column("buyer_uscc", gettext_lazy("采购人统一社会信用代码"), lambda row: row.buyer.uscc),
        Column(
            "buyer_kind",
            gettext_lazy("采购人类型"),
            lambda row: row.get_buyer_kind_display(),
            plain=lambda row: row.buyer_kind,
        ),
        Column("item", gettext_lazy("事项编码"), lambda row: row.item_id),
        Column("item_name", gettext_lazy("服务事项"), lambda row: row.item.name),
        Column("region", gettext_lazy("地区编码"), lambda row: row.region_id),
        Column("region_name", gettext_lazy("项目所在地"), lambda row: row.region.name),
        Column("method", gettext_lazy("选取方式"), lambda row: row.get_method_display(), plain=lambda row: row.method),
        Column("ceiling", gettext_lazy("最高限价（元）"), lambda row: Decimal(wire(row.ceiling))),
        Column("term_workdays", gettext_lazy("服务期限（工作日）"), lambda row: row.term_workdays),
        Column("published_at", gettext_lazy("发布时间"), lambda row: row.published_at),
        Column("enrol_until", gettext_lazy("报名截止"), _enrol_until),
        Column("selects_at", gettext_lazy("选取开始"), lambda row: row.selects_at),
        Column("address", gettext_lazy("网址"), lambda row: settings.SITE_URL + _path(row)),
    ),
    entries=_request_entries,
    dates=lambda row: enrolment_ends([row]),
    dated=_closing,
)


def _items(request: HttpRequest) -> QuerySet[ServiceItem]:
    found: QuerySet[ServiceItem] = valid(ItemFilter(request.GET, queryset=queries.items_with_counts())).qs
    return found.order_by("code")


def _cancelled(_request: HttpRequest) -> QuerySet[ServiceItem]:
    return queries.cancelled_items().order_by("code")


def _changes() -> dict[str, datetime]:
    """When each item was last put in public, changed or cancelled."""
    kinds = [Kind.ITEM_PUBLISHED, Kind.ITEM_CHANGED, Kind.ITEM_CANCELLED]
    return {one.data["code"]: one.at for one in Happened.objects.filter(kind__in=kinds).order_by("at", "pk")}


def _item_entries(rows: list[ServiceItem]) -> Iterator[Entry]:
    changed = _changes()
    for row in rows:
        said = row.cancelled_by_zh or _("%(days)s 个工作日 · %(fee)s") % {
            "days": row.time_limit_workdays,
            "fee": row.fee_standard_zh,
        }
        path = reverse("item_page", args=[row.code])
        yield Entry(row.code, f"{row.code} {row.name}", changed.get(row.code, NEVER), path, said)


def _with_open_requests(rows: QuerySet[ServiceItem]) -> QuerySet[ServiceItem]:
    closing = _closing(queries.requests_in_public()).order_by("enrol_until", "pk")
    return rows.filter(pk__in=closing.order_by().values("item")).prefetch_related(Prefetch("requests", closing))


_CODE = Column[ServiceItem]("code", gettext_lazy("编码"), lambda row: row.code)
_NAME = Column[ServiceItem]("name", gettext_lazy("事项名称"), lambda row: row.name, plain=lambda row: row.name_zh)
_DEPARTMENT = Column[ServiceItem]("department", gettext_lazy("主管部门"), lambda row: row.department_zh)
_APPROVAL = Column[ServiceItem]("approval", gettext_lazy("对应审批事项"), lambda row: row.approval_zh)
_ADDRESS = Column[ServiceItem](
    "address", gettext_lazy("网址"), lambda row: settings.SITE_URL + reverse("item_page", args=[row.code])
)

ITEMS = Listing[ServiceItem](
    name="items",
    page="item_list",
    title=gettext_lazy("中介服务事项目录"),
    rows=_items,
    columns=(
        _CODE,
        _NAME,
        _DEPARTMENT,
        _APPROVAL,
        Column("legal_basis", gettext_lazy("设定依据"), lambda row: row.legal_basis_zh),
        Column(
            "commissioned_by",
            gettext_lazy("委托主体"),
            lambda row: row.get_commissioned_by_display(),
            plain=lambda row: row.commissioned_by,
        ),
        Column(
            "fee_mode", gettext_lazy("收费方式"), lambda row: row.get_fee_mode_display(), plain=lambda row: row.fee_mode
        ),
        Column("time_limit_workdays", gettext_lazy("办理时限（工作日）"), lambda row: row.time_limit_workdays),
        Column("workflow", gettext_lazy("工作流程"), lambda row: list(row.workflow_zh)),
        Column("conditions", gettext_lazy("申报条件"), lambda row: row.conditions_zh),
        Column("fee_standard", gettext_lazy("收费标准"), lambda row: row.fee_standard_zh),
        Column("materials", gettext_lazy("所需材料"), lambda row: list(row.materials_zh)),
        Column("agencies", gettext_lazy("机构数"), lambda row: getattr(row, "agency_count", None)),
        Column("open_requests", gettext_lazy("进行中的需求数"), lambda row: getattr(row, "open_count", None)),
        _ADDRESS,
    ),
    entries=_item_entries,
    dates=lambda row: enrolment_ends(row.requests.all()),
    dated=_with_open_requests,
)

CANCELLED_ITEMS = Listing[ServiceItem](
    name="cancelled-items",
    page="cancelled_items",
    title=gettext_lazy("已取消的事项"),
    rows=_cancelled,
    columns=(
        _CODE,
        _NAME,
        _DEPARTMENT,
        _APPROVAL,
        Column("cancelled_by", gettext_lazy("取消依据"), lambda row: row.cancelled_by_zh),
        _ADDRESS,
    ),
    entries=_item_entries,
)
