"""Officers' lists of dishonest parties and random inspections."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from agencies.queries import agency_by
from api.callers import Caller, Who
from api.forms import PreviewedForm
from api.reads import Read
from api.shapes import credit as shapes
from api.shapes.imports import LIST_IMPORT, LIST_PREVIEW, LIST_TAKEN
from api.verbs import Nothing, Verb
from core.clock import database_now
from ratings import list_preview
from ratings.actions import inspections
from ratings.actions import lists as listing
from ratings.forms import inspections as checked
from ratings.forms.lists import CorrectionForm, ListForm
from ratings.models import Inspection
from ratings.queries.inspections import register_of
from ratings.queries.lists import all_flags, imports

_OFFICER: dict[str, Any] = {"who": Who.OFFICER}
_SHEET = "regulator/inspections/<str:number>/<str:uscc>/"


def _inspection(number: str, uscc: str) -> Inspection:
    rows = Inspection.objects.select_related("plan", "agency__organisation")
    return get_object_or_404(rows, plan__number=number, agency__organisation__uscc=uscc)


def _sheet_form(_c: Caller, data: Any, files: Any, number: str, uscc: str) -> forms.Form:
    return checked.SheetForm(_inspection(number, uscc).plan, data, files)


def _report(c: Caller, form: Any, number: str, uscc: str) -> Any:
    return inspections.report(c.user, number, uscc, form.sheet(), form.cleaned_data["files"])


def _confirm(c: Caller, form: Any, number: str, uscc: str) -> Any:
    _inspection(number, uscc)
    return inspections.confirm(c.user, number, uscc, form.cleaned_data["read"])


def _plan(c: Caller, form: Any) -> Any:
    return inspections.plan_inspection(c.user, c.organisation, form.draft(database_now()))


def _inspector_form(c: Caller, data: Any, _files: Any) -> forms.Form:
    return checked.InspectorForm(c.organisation, data, key="inspector")


def _enter(c: Caller, form: Any) -> Any:
    data = form.cleaned_data
    return inspections.enter_inspector(c.organisation, data["user"], data["certificate"])


def _interest_form(c: Caller, data: Any, _files: Any) -> forms.Form:
    return checked.InterestForm(list(register_of(c.organisation)), data, key="interest")


def _interest(c: Caller, form: Any) -> Any:
    data = form.cleaned_data
    return inspections.declare_interest(c.organisation, int(data["inspector"]), agency_by(data["uscc"]), data["reason"])


READS = [
    Read(
        "lists",
        "regulator/lists/",
        _("已导入的失信名单"),
        lambda _c: imports(),
        LIST_IMPORT,
        ("officer_lists",),
        many=True,
        order=("-published_on", "-id"),
        clauses=("P22.3",),
        **_OFFICER,
    ),
    Read(
        "inspectors",
        "regulator/inspectors/",
        _("本单位检查人员名录"),
        lambda c: register_of(c.organisation),
        shapes.INSPECTOR,
        ("inspectors",),
        many=True,
        clauses=("P21.1",),
        **_OFFICER,
    ),
    Read(
        "inspection_sheet",
        _SHEET,
        _("一家机构的检查"),
        lambda _c, number, uscc: _inspection(number, uscc),
        shapes.OFFICER_INSPECTION,
        ("inspection_sheet",),
        clauses=("P21.1",),
        **_OFFICER,
    ),
    Read(
        "list_flags",
        "regulator/list-flags/",
        _("列入失信名单的机构"),
        lambda _c: all_flags(),
        shapes.LIST_FLAG,
        ("officer_lists",),
        many=True,
        order=("-listed_at", "-id"),
        clauses=("P22.3",),
        **_OFFICER,
    ),
]
VERBS = [
    Verb(
        "list_preview",
        "regulator/lists/preview/",
        _("预览失信名单文件"),
        lambda c, form: list_preview.preview(c.user, form.cleaned_data),
        ("officer_list_preview",),
        form=ListForm,
        shape=LIST_PREVIEW,
        clauses=("P22.3",),
        **_OFFICER,
    ),
    Verb(
        "list_import",
        "regulator/lists/",
        _("导入预览过的失信名单"),
        lambda c, form: list_preview.take_in_previewed(c.user, c.organisation, form.cleaned_data["key"]),
        ("officer_list_import",),
        form=PreviewedForm,
        shape=LIST_TAKEN,
        clauses=("P22.3",),
        **_OFFICER,
    ),
    Verb(
        "flag_correct",
        "regulator/list-flags/<int:pk>/correct/",
        _("更正失信名单"),
        lambda c, form, pk: listing.correct_flag(c.user, c.organisation, pk, form.cleaned_data["because"]),
        ("officer_list_correct",),
        form=CorrectionForm,
        clauses=("P22.3",),
        **_OFFICER,
    ),
    Verb(
        "inspection_plan",
        "regulator/inspections/",
        _("制定抽查计划"),
        _plan,
        ("officer_plan",),
        form=checked.PlanForm,
        status=201,
        clauses=("P21.1",),
        **_OFFICER,
    ),
    Verb(
        "inspection_report",
        _SHEET,
        _("填报检查结果"),
        _report,
        ("inspection_sheet",),
        form=checked.SheetForm,
        bind=_sheet_form,
        clauses=("P21.1",),
        **_OFFICER,
    ),
    Verb(
        "inspection_confirm",
        _SHEET + "confirm/",
        _("确认检查结果"),
        _confirm,
        ("inspection_confirm",),
        form=checked.ReadForm,
        clauses=("P21.1",),
        **_OFFICER,
    ),
    Verb(
        "inspector_enter",
        "regulator/inspectors/",
        _("列入检查人员名录"),
        _enter,
        ("enter_inspector",),
        form=checked.InspectorForm,
        bind=_inspector_form,
        status=201,
        clauses=("P21.1",),
        **_OFFICER,
    ),
    Verb(
        "inspector_interest",
        "regulator/inspectors/interests/",
        _("登记回避情形"),
        _interest,
        ("declare_interest",),
        form=checked.InterestForm,
        bind=_interest_form,
        clauses=("P21.1",),
        **_OFFICER,
    ),
    Verb(
        "inspector_retire",
        "regulator/inspectors/<int:pk>/",
        _("移出检查人员名录"),
        lambda c, _f, pk: inspections.retire_inspector(c.organisation, pk),
        ("retire_inspector",),
        form=Nothing,
        method="DELETE",
        clauses=("P21.1",),
        **_OFFICER,
    ),
]
