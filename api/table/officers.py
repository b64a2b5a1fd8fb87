"""What regulators read and decide. The rules ask for two pairs of eyes, whichever door they come through."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from agencies.queries import agency_by
from api.callers import Caller, Who
from api.reads import Read
from api.shapes import credit as shapes
from api.shapes.people import TASK
from api.verbs import Verb
from core.clock import database_now
from ratings.actions import credit, exits
from ratings.actions.complaints import look_at_secret
from ratings.forms import complaints as said
from ratings.forms import officers as made
from ratings.forms.credit import AnswerForm
from ratings.forms.evaluation import VerdictForm
from ratings.models import MarkSide, Measure, Repair, Trigger
from ratings.queries import complaints, officers
from ratings.queries.checks import checks
from ratings.queries.evaluation import disputes_open
from ratings.queries.exits import repairs
from ratings.views import evaluation as evaluation_doors
from ratings.views.officers import cases as case_doors
from ratings.views.officers import complaints as complaint_doors

_R8: dict[str, Any] = {"who": Who.OFFICER, "clauses": ("R8", "P20.9")}
_OFFICER: dict[str, Any] = {"who": Who.OFFICER}


def _case_page(c: Caller, number: str) -> officers.CasePage:
    """That it shows the defence is a look at a protected document, and is recorded as on the page."""
    return case_doors.looked_at(c.user, number)


def _complaint_page(c: Caller, number: str) -> complaints.ComplaintPage:
    """That it shows what was said is a recorded look, as on the page."""
    return complaint_doors.looked_at(c.user, c.organisation, number)


def _case_form(name: str, c: Caller, data: Any, _files: Any, number: str) -> forms.Form:
    page = officers.page_for(officers.case_for_officer(number), c.user)
    return case_doors.DOORS[name].form(page, data, name)  # type: ignore[no-any-return]


def _case_act(name: str, c: Caller, form: Any, number: str) -> Any:
    return case_doors.DOORS[name].act(c, number, form)


def _complaint_form(name: str, c: Caller, data: Any, _files: Any, number: str) -> forms.Form:
    page = complaints.page_for_officer(c.user, c.organisation, number)
    return complaint_doors.DOORS[name].form(page.complaint, data, name)  # type: ignore[no-any-return]


def _complaint_act(name: str, c: Caller, form: Any, number: str) -> Any:
    return complaint_doors.DOORS[name].act(c, number, form.cleaned_data)


def _open(c: Caller, form: Any, uscc: str) -> Any:
    data = form.cleaned_data
    about = Trigger(data["trigger"]), data["text"], Measure(data["proposed"]), data["files"]
    return exits.open_by_officer(c.user, c.organisation, agency_by(uscc), *about)


def _dispute(c: Caller, form: Any, number: str, side: str) -> Any:
    if side not in MarkSide.values:
        raise Http404(side)
    return evaluation_doors.DECIDE.act(c, number, MarkSide(side), form.cleaned_data)


def _repair(c: Caller, form: Any, pk: int) -> Any:
    get_object_or_404(Repair, pk=pk)
    data = form.cleaned_data
    return exits.decide_repair(c.user, c.organisation, pk, data["opinion"], granted=data["granted"] == "yes")


def _check(c: Caller, form: Any, pk: int) -> Any:
    get_object_or_404(checks(), pk=pk)
    data = form.cleaned_data
    return exits.check_result(c.user, c.organisation, pk, data["note"], ok=data["ok"] == "yes")


def _objection(c: Caller, form: Any, pk: int) -> Any:
    data = form.cleaned_data
    return credit.decide_objection(c.user, c.organisation, pk, data["text"], upheld=data["upheld"] == "yes")


READS = [
    Read(
        "officer_inbox",
        "regulator/tasks/",
        _("待办事项"),
        lambda c: officers.inbox(c.organisation, database_now()),
        TASK,
        ("console", "desk"),
        many=True,
        **_OFFICER,
    ),
    Read(
        "officer_cases",
        "regulator/cases/",
        _("退出案件"),
        lambda c: officers.cases(c.query.get("step", "")),
        shapes.OFFICER_CASE_ROW,
        ("officer_cases",),
        many=True,
        order=("-opened_at", "-id"),
        query={"step": {"type": "string"}},
        **_R8,
    ),
    Read(
        "officer_case",
        "regulator/cases/<str:number>/",
        _("一件退出案件"),
        _case_page,
        shapes.OFFICER_CASE,
        ("officer_case",),
        **_R8,
    ),
    Read(
        "officer_document",
        "regulator/cases/<str:number>/documents/<int:pk>/",
        _("一份文书，查看未公开的将被记录"),
        lambda c, number, pk: exits.look_at_document(c.user, number, pk),
        shapes.OFFICER_DOCUMENT,
        ("officer_document",),
        **_R8,
    ),
    Read(
        "officer_repair",
        "regulator/repairs/<int:pk>/",
        _("一件信用修复申请"),
        lambda _c, pk: get_object_or_404(repairs(), pk=pk),
        shapes.REPAIR,
        ("officer_repair",),
        **_R8,
    ),
    Read(
        "officer_complaints",
        "regulator/complaints/",
        _("投诉举报"),
        lambda c: complaints.officers_complaints(c.query.get("status", "")),
        shapes.COMPLAINT_ROW,
        ("officer_complaints",),
        many=True,
        order=("-filed_at", "-id"),
        query={"status": {"type": "string"}},
        **_OFFICER,
    ),
    Read(
        "officer_complaint",
        "regulator/complaints/<str:number>/",
        _("一件投诉"),
        _complaint_page,
        shapes.OFFICER_COMPLAINT,
        ("officer_complaint",),
        **_OFFICER,
    ),
    Read(
        "demand_reports",
        "regulator/demand-reports/",
        _("索要已取消事项的举报"),
        lambda _c: complaints.anonymous_reports(),
        shapes.REPORT,
        ("officer_complaints",),
        many=True,
        clauses=("P18.2",),
        **_OFFICER,
    ),
    Read(
        "disputes",
        "regulator/disputes/",
        _("评价争议"),
        lambda _c: disputes_open(),
        shapes.DISPUTE_ROW,
        ("disputes",),
        many=True,
        order=("due_at", "id"),
        clauses=("P19.5",),
        **_OFFICER,
    ),
]
_CASE_VERBS: dict[str, tuple[Any, type[forms.Form], Callable[[], forms.Form] | None]] = {
    "notice": (_("发出告知书"), made.NoticeForm, None),
    "dismiss": (_("不予立案"), made.ReasonsForm, None),
    "set_hearing": (_("确定听证时间"), made.SetHearingForm, None),
    "minutes": (_("归档听证笔录"), made.MinutesForm, None),
    "decide": (_("作出决定"), made.RulingForm, partial(made.RulingForm, arguments=[""] * 5, items=[])),
    "second": (_("第二人审议"), made.SecondForm, None),
    "decide_appeal": (_("作出申诉决定"), made.AppealDecisionForm, None),
    "interim": (_("暂时停止"), made.InterimForm, None),
    "review_interim": (_("复核暂时停止"), made.ReviewForm, None),
    "decide_reentry": (_("审核重新入驻"), made.GrantForm, None),
}
_COMPLAINT_VERBS: dict[str, tuple[Any, type[forms.Form], Callable[[], forms.Form] | None]] = {
    "take": (_("接办此件"), said.EmptyForm, None),
    "accept": (_("受理"), said.EmptyForm, None),
    "refuse": (_("不予受理"), said.RefuseForm, None),
    "put": (_("请被投诉方说明"), said.PutForm, None),
    "statement": (_("记录被投诉方的说明"), said.RecordStatementForm, None),
    "extend": (_("延长调查期限"), said.EmptyForm, None),
    "decide": (_("作出结论"), said.DecideForm, partial(said.DecideForm, agency=True)),
}
VERBS = [
    Verb(
        "officer_open",
        "regulator/agencies/<str:uscc>/cases/",
        _("立案"),
        _open,
        ("officer_open",),
        form=made.OpenCaseForm,
        status=201,
        **_R8,
    ),
    *(
        Verb(
            f"officer_{name}",
            f"regulator/cases/<str:number>/{name}/",
            label,
            partial(_case_act, name),
            ("officer_act",),
            form=form,
            bind=partial(_case_form, name),
            like=like,
            **_R8,
        )
        for name, (label, form, like) in _CASE_VERBS.items()
    ),
    *(
        Verb(
            f"complaint_{name}",
            f"regulator/complaints/<str:number>/{name}/",
            label,
            partial(_complaint_act, name),
            ("officer_complaint_act",),
            form=form,
            bind=partial(_complaint_form, name),
            like=like,
            clauses=("P10.1",),
            **_OFFICER,
        )
        for name, (label, form, like) in _COMPLAINT_VERBS.items()
    ),
    Verb(
        "complaint_complainer",
        "regulator/complaints/<str:number>/complainer/",
        _("查看投诉人，查看将被记录"),
        lambda c, _f, number: look_at_secret(c.user, c.organisation, number, "complainer"),
        ("officer_complainer",),
        shape=shapes.COMPLAINER,
        clauses=("P10.1",),
        **_OFFICER,
    ),
    Verb(
        "dispute_decide",
        "regulator/disputes/<str:number>/<str:side>/decide/",
        _("裁定评价争议"),
        _dispute,
        ("evaluation_decide",),
        form=VerdictForm,
        clauses=("P19.5", "R7"),
        **_OFFICER,
    ),
    Verb(
        "repair_decide",
        "regulator/repairs/<int:pk>/decide/",
        _("审核信用修复"),
        _repair,
        ("officer_repair",),
        form=made.GrantForm,
        **_R8,
    ),
    Verb(
        "check_result",
        "regulator/checks/<int:pk>/",
        _("核验观察期成果"),
        _check,
        ("officer_check",),
        form=made.CheckForm,
        **_R8,
    ),
    Verb(
        "act_decide",
        "acts/<int:pk>/decide/",
        _("答复对失信行为的异议"),
        _objection,
        ("credit_act",),
        form=AnswerForm,
        clauses=("R7",),
        **_OFFICER,
    ),
]
