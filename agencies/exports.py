"""The directory of agencies as anybody may take it away."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import queries
from agencies.filters import AgencyFilter
from agencies.models import Agency, Qualification
from core.calendars import Date
from core.clock import BEIJING
from core.exports import Column, Entry, Listing, valid


def _rows(request: HttpRequest) -> QuerySet[Agency]:
    found: QuerySet[Agency] = valid(AgencyFilter(request.GET, queryset=queries.directory())).qs
    return found


def _path(agency: Agency) -> str:
    return reverse("agency_page", args=[agency.uscc])


def _entries(rows: list[Agency]) -> Iterator[Entry]:
    for row in rows:
        said = [row.uscc, row.organisation.region.name, row.get_standing_display(), row.get_grade_display()]
        yield Entry(row.uscc, row.organisation.name, row.registered_at, _path(row), " · ".join(map(str, said)))


def _with_certificates(rows: QuerySet[Agency]) -> QuerySet[Agency]:
    today = localdate()
    running = Qualification.objects.filter(valid_until__gte=today).select_related("kind").order_by("valid_until", "pk")
    held = rows.filter(pk__in=Qualification.objects.filter(valid_until__gte=today).values("agency"))
    return held.prefetch_related(Prefetch("qualifications", running))


def _dates(row: Agency) -> Iterator[Date]:
    """When its certificates run out: the end of the last day."""
    for held in row.qualifications.all():
        midnight = datetime.combine(held.valid_until + timedelta(days=1), time(), BEIJING)
        yield Date(
            key=f"{row.uscc}-certificate-{held.pk}",
            at=midnight.astimezone(UTC),
            title=_("资质到期：%(kind)s") % {"kind": held.kind.name},
            text=f"{row.organisation.name}\n{row.uscc}",
            path=_path(row),
        )


AGENCIES = Listing[Agency](
    name="agencies",
    page="agency_list",
    title=gettext_lazy("机构名录"),
    rows=_rows,
    columns=(
        Column("uscc", gettext_lazy("统一社会信用代码"), lambda row: row.uscc),
        Column("name", gettext_lazy("机构"), lambda row: row.organisation.name),
        Column("region", gettext_lazy("地区编码"), lambda row: row.organisation.region_id),
        Column("region_name", gettext_lazy("地区"), lambda row: row.organisation.region.name),
        Column(
            "standing", gettext_lazy("状态"), lambda row: row.get_standing_display(), plain=lambda row: row.standing
        ),
        Column("standing_until", gettext_lazy("状态期满"), lambda row: row.standing_until),
        Column("withdrawn_at", gettext_lazy("自行退出时间"), lambda row: row.withdrawn_at),
        Column("grade", gettext_lazy("信用等级"), lambda row: row.get_grade_display(), plain=lambda row: row.grade),
        Column("credit", gettext_lazy("信用评分"), lambda row: row.credit),
        Column("registered_at", gettext_lazy("入驻时间"), lambda row: row.registered_at),
        Column("address", gettext_lazy("网址"), lambda row: settings.SITE_URL + _path(row)),
    ),
    entries=_entries,
    dates=_dates,
    dated=_with_certificates,
)
