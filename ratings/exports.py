"""The lists of decisions about agencies and of inspections as anybody may take them away."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import Date
from core.clock import database_now
from core.exports import Column, Entry, Listing, Value, valid
from ratings.filters import ExitFilter
from ratings.models import Ending, ExitCase, Inspection, Plan
from ratings.papers import measure_in_words
from ratings.queries.exits import public_cases
from ratings.queries.inspections import public_plans


def _cases(request: HttpRequest) -> QuerySet[ExitCase]:
    found: QuerySet[ExitCase] = valid(ExitFilter(request.GET, queryset=public_cases())).qs
    return found


def _path(case: ExitCase) -> str:
    return reverse("exit_page", args=[case.number])


def _step(case: ExitCase) -> Value:
    """A correction leads, as on the page."""
    return _("更正：决定已撤销") if case.ending == Ending.ANNULLED else case.get_step_display()


def _stands(case: ExitCase, at: datetime | None) -> datetime | None:
    """What was annulled, was never in force."""
    return None if case.ending == Ending.ANNULLED else at


def _case_entries(rows: list[ExitCase]) -> Iterator[Entry]:
    for row in rows:
        at = row.ended_at or row.published_at
        assert at is not None
        said = [row.number, row.agency.uscc, row.get_trigger_display(), _step(row)]
        title = f"{row.agency.organisation.name}：{measure_in_words(row)}"
        yield Entry(row.number, title, at, _path(row), " · ".join(map(str, said)))


def _running(rows: QuerySet[ExitCase]) -> QuerySet[ExitCase]:
    """Those that have not ended, with a date still to come."""
    now = database_now()
    return rows.filter(Q(until__gt=now) | Q(until__isnull=True, effect_at__gt=now), ended_at__isnull=True)


def _case_dates(row: ExitCase) -> Iterator[Date]:
    """When the measure ends; while it is not in force, when it will be."""
    at = row.until or row.effect_at
    assert at is not None
    said = {"name": row.agency.organisation.name, "measure": measure_in_words(row)}
    title = _("%(name)s：%(measure)s 期满") if row.until else _("%(name)s：%(measure)s 生效")
    key = f"{row.number}-{'until' if row.until else 'effect'}"
    yield Date(key=key, at=at, title=title % said, text=row.number, path=_path(row))


EXITS = Listing[ExitCase](
    name="exits",
    page="exit_list",
    title=gettext_lazy("处理公示"),
    rows=_cases,
    columns=(
        Column("number", gettext_lazy("案件编号"), lambda case: case.number),
        Column("uscc", gettext_lazy("统一社会信用代码"), lambda case: case.agency.uscc),
        Column("name", gettext_lazy("机构"), lambda case: case.agency.organisation.name),
        Column("measure", gettext_lazy("决定"), measure_in_words, plain=lambda case: case.measure),
        Column("months", gettext_lazy("月数"), lambda case: case.months),
        Column("items", gettext_lazy("限定事项"), lambda case: list(case.items)),
        Column(
            "trigger", gettext_lazy("情形"), lambda case: case.get_trigger_display(), plain=lambda case: case.trigger
        ),
        Column("step", gettext_lazy("状态"), _step, plain=lambda case: case.step),
        Column("published_at", gettext_lazy("公布"), lambda case: case.published_at),
        Column("effect_at", gettext_lazy("生效"), lambda case: _stands(case, case.effect_at)),
        Column("until", gettext_lazy("期满"), lambda case: _stands(case, case.until)),
        Column("ended_at", gettext_lazy("结束时间"), lambda case: case.ended_at),
        Column(
            "ending",
            gettext_lazy("结束原因"),
            lambda case: case.get_ending_display(),
            plain=lambda case: case.ending or None,
        ),
        Column(
            "appeal",
            gettext_lazy("申诉"),
            lambda case: case.get_appeal_outcome_display(),
            plain=lambda case: case.appeal_outcome or None,
        ),
        Column("address", gettext_lazy("网址"), lambda case: settings.SITE_URL + _path(case)),
    ),
    entries=_case_entries,
    dates=_case_dates,
    dated=_running,
)


def _plans(_request: HttpRequest) -> QuerySet[Plan]:
    return public_plans()


def _plan_path(plan: Plan) -> str:
    return reverse("inspection_plan", args=[plan.number])


def _plan_entries(rows: list[Plan]) -> Iterator[Entry]:
    for row in rows:
        said = [row.number, row.by.name if row.by else "", row.get_status_display()]
        at = max([row.created_at, *(one.published_at for one in row.inspections.all() if one.published_at)])
        yield Entry(row.number, row.title, at, _plan_path(row), " · ".join(str(one) for one in said if one))


def _under_way(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    waiting = Inspection.objects.filter(published_at__isnull=True).select_related("agency__organisation")
    found = rows.filter(pk__in=waiting.values("plan"))
    return found.prefetch_related(None).prefetch_related(Prefetch("inspections", waiting))


def _plan_dates(row: Plan) -> Iterator[Date]:
    """Until when each drawn agency is to be inspected."""
    for one in row.inspections.all():
        yield Date(
            key=f"{row.number}-{one.agency.uscc}",
            at=one.due_at,
            title=_("抽查期限：%(name)s") % {"name": one.agency.organisation.name},
            text=f"{row.number}\n{row.title}",
            path=_plan_path(row),
        )


INSPECTIONS = Listing[Plan](
    name="inspections",
    page="inspection_list",
    title=gettext_lazy("双随机抽查"),
    rows=_plans,
    columns=(
        Column("number", gettext_lazy("编号"), lambda row: row.number),
        Column("title", gettext_lazy("抽查"), lambda row: row.title),
        Column("kind", gettext_lazy("类别"), lambda row: row.get_kind_display(), plain=lambda row: row.kind),
        Column("by", gettext_lazy("组织单位"), lambda row: row.by.name if row.by else None),
        Column("agencies", gettext_lazy("抽取机构数"), lambda row: row.agencies_wanted),
        Column("status", gettext_lazy("状态"), lambda row: row.get_status_display(), plain=lambda row: row.status),
        Column(
            "published",
            gettext_lazy("已公开结果"),
            lambda row: sum(one.published_at is not None for one in row.inspections.all()),
        ),
        Column("created_at", gettext_lazy("公布"), lambda row: row.created_at),
        Column("address", gettext_lazy("网址"), lambda row: settings.SITE_URL + _plan_path(row)),
    ),
    entries=_plan_entries,
    dates=_plan_dates,
    dated=_under_way,
)
